// Package reply reads a whole answer of a model that a client has not seen yet, and takes out of it
// what the client did not ask for.
//
// Call [Read] for a [Reply], which says what the model answered and how sure it was, and
// [Reply.Content] for the answer as the client gets it.
package reply

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
)

// Form is the API in which an answer came.
type Form string

// The forms. The names are those of the endpoints.
const (
	Chat        Form = "chat"
	Completions Form = "completions"
	Messages    Form = "messages"
)

// Reply is an answer.
type Reply struct {
	Text     string // the answer's text, without reasoning
	Tools    bool   // it calls tools
	Finish   string // why it ended, in the server's word; "" if the server does not say
	Logprobs string // log-probabilities of its tokens as JSON, "" without any

	raw     string
	form    Form
	text    strings.Builder
	calls   map[int]*strings.Builder // arguments of the calls of tools, by their places
	tokens  merged
	edits   []body.Edit // puts null in the place of log-probabilities
	counts  []body.Edit // removes the event with the token counts
	ended   bool
	refused bool // the model says why it does not answer
	err     error
}

// Errors of [Read].
var (
	ErrUnreadable = errors.New("the answer does not have the form of its API")
	ErrIncomplete = errors.New("the answer ends before its end")
	ErrFailed     = errors.New("the answer holds an error")
	ErrCall       = errors.New("the answer calls a tool with arguments that are not JSON")
)

// Read reads a whole answer: a JSON object or, if it is a stream, its events.
func Read(form Form, stream bool, raw string) (*Reply, error) {
	r := &Reply{raw: raw, form: form, calls: map[int]*strings.Builder{}}
	if stream {
		r.events()
	} else {
		r.object()
	}
	r.Text, r.Logprobs = r.text.String(), r.tokens.json()
	if r.refused {
		r.Finish = "content_filter"
	}
	switch {
	case r.err != nil:
		return nil, r.err
	case !r.ended:
		return nil, ErrIncomplete
	}
	return r, r.checkCalls()
}

// checkCalls refuses calls of tools that no program could read.
func (r *Reply) checkCalls() error {
	for _, arguments := range r.calls {
		if text := arguments.String(); text != "" && !json.Valid([]byte(text)) {
			return ErrCall
		}
	}
	return nil
}

// object reads an answer that is one JSON object.
func (r *Reply) object() {
	if !json.Valid([]byte(r.raw)) {
		r.err = ErrUnreadable
		return
	}
	top := gjson.Parse(r.raw)
	switch {
	case top.Get("error").IsObject():
		r.err = ErrFailed
	case r.form == Messages:
		r.message(top)
	default:
		r.choice(top, "message")
	}
	r.ended = true
}

// fail keeps the first error.
func (r *Reply) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// call adds arguments to a call of a tool.
func (r *Reply) call(place int, arguments string) {
	r.Tools = true
	if r.calls[place] == nil {
		r.calls[place] = &strings.Builder{}
	}
	r.calls[place].WriteString(arguments)
}
