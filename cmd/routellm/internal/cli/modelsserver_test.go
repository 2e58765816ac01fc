package cli

import (
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/modelserver/chattest"
	"github.com/routellm/routellm/internal/quiz"
)

// newModelsServer starts the models of package quiz, which know its questions, and four more: echo
// repeats the prompt, strict refuses prompts with the word forbidden, locked takes no key, and down
// fails.
func newModelsServer(t *testing.T) *chattest.Server {
	o := quiz.Options(quiz.Make(60, 1))
	echo := func(r chattest.Request) chattest.Answer { return chattest.Answer{Text: "echo: " + r.Prompt()} }
	for _, name := range []string{"echo", "strict", "locked", "down"} {
		o.Models[name] = echo
		o.Prices[name] = chattest.Price{Input: 1, Output: 2}
	}
	o.Fault = func(r chattest.Request) *chattest.Fault {
		switch {
		case r.Model == "strict" && strings.Contains(r.Prompt(), "forbidden"):
			return chattest.Fails(400)
		case r.Model == "locked":
			return chattest.Fails(401)
		case r.Model == "down":
			f := chattest.Fails(503)
			f.Header = map[string][]string{"X-Should-Retry": {"false"}}
			return f
		}
		return nil
	}
	return chattest.Start(t, o)
}
