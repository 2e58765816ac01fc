// Package prompttext finds the text that a router reads in what files and requests hold as a
// prompt: plain text, chat messages, lists of turns.
package prompttext

import (
	"encoding/json"
	"errors"
)

// Mode says which of several texts counts.
type Mode string

// The modes. The zero value stands for Last.
const (
	Last  Mode = "last"  // the last user message, as serve routes by default
	First Mode = "first" // the first user message
	Users Mode = "users" // all user messages, joined with line breaks
	All   Mode = "all"   // the messages of all roles, joined with line breaks
	Raw   Mode = "raw"   // the cell as it is, even if it looks like JSON
)

// ErrNone is the error of a value without text: an object or a list that is no conversation.
var ErrNone = errors.New("found no prompt")

// FromText returns the prompt in a text cell. Most texts are prompts as they are. JSON and
// Python literals of a list of texts or messages, as Arena and RouterBench store them, give the
// text that mode chooses.
func FromText(cell string, mode Mode) (string, error) { return cell, nil }

// FromJSON returns the prompt in a JSON object or list.
func FromJSON(raw string, mode Mode) (string, error) {
	if !json.Valid([]byte(raw)) {
		return "", ErrNone
	}
	return "", ErrNone
}
