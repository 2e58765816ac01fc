package report

import (
	"encoding/json"
	"slices"

	g "maragu.dev/gomponents"

	h "github.com/routellm/routellm/cmd/routellm/internal/report/markup"
)

// Command is a command line that makes what a part of the page shows, word by word. In a word, {NAME}
// stands for a value that the reader has chosen: {router}, {threshold} and {share} at an operating
// point, {a}, {b} and {share} of flips, {router}, {from} and {to} of changes.
type Command struct {
	Does  string
	Words []string
}

// commands renders commands that the reader can copy. The page's program fills in the values.
func commands(list []Command) g.Node {
	if len(list) == 0 {
		return nil
	}
	return ln(h.Div(h.Class("needs-js commands"), h.Role("group"), h.Aria("label", "Commands"), each(list, func(_ int, c Command) g.Node {
		words, _ := json.Marshal(slices.Clone(c.Words)) // texts have JSON
		return ln(h.Div(h.Class("command"), h.Data("words", string(words)),
			h.Span(h.Text(c.Does)), h.Code(), h.Button(h.Type("button"), h.Aria("label", "Copy the command: "+c.Does), h.Text("Copy")), h.Span(h.Role("status"))))
	})))
}
