// Package prompttext finds the text that a router reads in what files and requests hold as a
// prompt: plain text, chat messages, lists of turns.
//
// [FromText] and [FromJSON] read the cells of files in every common form. [Request] reads the
// messages of a request to a model, in the one form that model servers take. All of them choose
// among several texts in the same way, so that a router is evaluated on what it will be asked.
package prompttext

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// Mode says which of several texts counts.
type Mode string

// The modes. The zero value stands for Last. The texts of a list without roles are all of the
// user.
const (
	Last  Mode = "last"  // the last user message
	First Mode = "first" // the first user message
	Users Mode = "users" // all user messages, joined with line breaks; the default of serve
	All   Mode = "all"   // the messages of all roles, joined with line breaks
	Raw   Mode = "raw"   // the cell as it is, even if it looks like JSON
)

// ParseMode returns the mode with the given name; "" is Last. raw says whether Raw is one.
func ParseMode(name string, raw bool) (Mode, error) {
	names := []string{string(Last), string(First), string(Users), string(All)}
	if raw {
		names = append(names, string(Raw))
	}
	switch {
	case name == "":
		return Last, nil
	case slices.Contains(names, name):
		return Mode(name), nil
	}
	return "", fmt.Errorf("found %q, expected %s or %s", name, strings.Join(names[:len(names)-1], ", "), names[len(names)-1])
}

// FromText returns the prompt in a text cell. Most texts are prompts as they are, also if they
// begin like code, such as "[INST] ...". A text that is wholly a list or an object, in JSON or
// as Python and numpy print it, is read like JSON: it gives the text that mode chooses, or an
// error. A blank prompt is [ErrBlank]; every other error is a [*Refused].
func FromText(cell string, mode Mode) (string, error) {
	if mode == Raw || !maybeLiteral(cell) {
		return notBlank(cell)
	}
	if json.Valid([]byte(cell)) { // also limits the nesting depth
		return fromValue(gjson.Parse(cell), mode)
	}
	converted, state := literalToJSON(cell)
	switch {
	case state == literal:
		return fromValue(gjson.Parse(converted), mode)
	case state == elided:
		return "", &Refused{Found: "a list that was cut short with \"...\""}
	case state == named:
		return "", &Refused{Found: "a list with an escape \\N{...}, which only Python can read"}
	case state == cut && beginsLikeChat(cell):
		return "", &Refused{Found: "the beginning of a conversation, which is cut off"}
	}
	return notBlank(cell)
}

// FromJSON returns the prompt in a JSON value: a string, chat messages, a list of texts, or an
// object that holds one of these, such as {"messages": ...}. Its errors are those of [FromText].
func FromJSON(raw string, mode Mode) (string, error) {
	if mode == Raw {
		return notBlank(raw)
	}
	if !json.Valid([]byte(raw)) {
		return "", &Refused{Found: "damaged JSON"}
	}
	return fromValue(gjson.Parse(raw), mode)
}

// Numeric reports whether a text is only a number, such as "1024" or "-3.5e2". A column of
// nothing else holds counts or ids rather than prompts.
func Numeric(text string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return err == nil
}

func notBlank(prompt string) (string, error) {
	if strings.TrimSpace(prompt) == "" {
		return "", ErrBlank
	}
	return prompt, nil
}

func valid(text string) string { return strings.ToValidUTF8(text, string(utf8.RuneError)) }

// ErrBlank is the error of a prompt without any text, such as "" or [].
var ErrBlank = errors.New("found an empty prompt, expected text")

// ErrNone matches every [*Refused] in errors.Is.
var ErrNone = errors.New("found no prompt")

// Refused is the error of a value that is no prompt.
type Refused struct {
	Found string   // such as "an object with the keys doc_id, question, target"
	Texts []string // keys of the object whose values are texts or lists, in order; nil for a list
}

// Error says what was found.
func (r *Refused) Error() string { return "found " + r.Found + ", expected a prompt" }

// Is reports whether target is [ErrNone].
func (r *Refused) Is(target error) bool { return target == ErrNone }

// Hints returns advice for a column or dotted path in which the value stands.
func (r *Refused) Hints(column string) []string {
	var out []string
	if len(r.Texts) > 0 {
		paths := make([]string, min(3, len(r.Texts)))
		for i := range paths {
			paths[i] = column + "." + r.Texts[i]
		}
		out = append(out, "name the field that holds the text, such as "+strings.Join(paths, " or "))
	}
	return append(out, "if the value as it stands is what the models were asked, --text raw takes it so")
}
