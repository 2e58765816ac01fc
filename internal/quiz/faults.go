package quiz

import (
	"net/http"

	"github.com/routellm/routellm/internal/modelserver/chattest"
)

// Faults returns faults of about a fifth of all requests. Which ones depends on the request and on
// the number of its attempt, so that a retry succeeds sooner or later.
func Faults() func(chattest.Request) *chattest.Fault {
	all := []*chattest.Fault{
		chattest.TooMany(1), chattest.Fails(http.StatusInternalServerError), chattest.Hangs(), chattest.Cut(), chattest.HalfJSON(), chattest.ErrorInside(502),
	}
	var rates []func(chattest.Request) *chattest.Fault
	for _, f := range all {
		rates = append(rates, chattest.AtRate(0.2/float64(len(all)), f))
	}
	return chattest.AnyOf(rates...)
}
