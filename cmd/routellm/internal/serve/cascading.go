package serve

import (
	"net/http"
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/holdback"
)

// cascading asks for and judges an answer before the client gets anything.
type cascading struct {
	body.Form
	text   string // the routed text
	held   *holdback.Answer
	record decisionlog.Cascade
}

// mark sets the headers that say what became of the weak model's answer.
func (k *cascading) mark(h http.Header) {
	r := &k.record
	h.Set("X-Routellm-Cascade", string(r.Outcome))
	h.Set("X-Routellm-Held-Seconds", strconv.FormatFloat(r.HeldS, 'f', 3, 64))
}

// release gives the memory of the weak model's answer back; k may be nil.
func (k *cascading) release() {
	if k != nil && k.held != nil {
		k.held.Release()
	}
}
