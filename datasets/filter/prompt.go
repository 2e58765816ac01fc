package filter

import (
	"errors"
	"unicode/utf8"

	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/datasets/rows"
)

// errNull and errBytes are errors about prompts that no text can be made of.
var (
	errNull  = errors.New("found null, expected a prompt")
	errBytes = errors.New("found bytes that are not UTF-8, expected text")
)

// promptIn returns the prompt in a cell, which importers of tables read likewise.
func promptIn(cell rows.Cell, mode prompttext.Mode) (string, error) {
	switch {
	case cell.Kind == rows.Missing:
		return "", errNull
	case !utf8.ValidString(cell.Text):
		return "", errBytes
	case cell.Kind == rows.JSON:
		return prompttext.FromJSON(cell.Text, mode)
	}
	return prompttext.FromText(cell.Text, mode)
}
