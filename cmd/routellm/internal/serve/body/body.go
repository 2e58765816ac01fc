// Package body reads a client's request and a model's answer without changing them, except
// for the model's name.
//
// Call [Parse] to get a [Body], then [Body.Text] for the text to route, [Body.Extent] for what
// a model must be able to take, and [Body.WithModel] for the request to send. [Usage] and [Done]
// watch an answer as it passes.
package body

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets/prompttext"
)

// Body is a request to a model: a JSON object.
type Body struct {
	Model  string // "" if the request names none
	Stream bool
	Thread Thread // the conversation that the request belongs to

	raw      string
	at, end  int // byte range of the value of "model" in raw, quotes included
	messages gjson.Result
	system   gjson.Result
}

// The keys under which a request may hold its text.
const (
	Messages, Input, Prompt = "messages", "input", "prompt"
	System                  = "system" // text beside messages, in Anthropic's API
)

// Parse reads a request whose text is under one of the keys. It returns an error for
// anything but a JSON object, for a "model" that is not a string, for a key that is read here and
// is given twice or in another spelling, such as "Model", and for a second text, under a key of
// other requests.
func Parse(raw string, keys ...string) (Body, error) {
	if !utf8.ValidString(raw) { // a server could drop bytes, and read another key
		return Body{}, errors.New("the body is not valid UTF-8")
	}
	top, err := parseObject(raw)
	if err != nil {
		return Body{}, err
	}
	b := Body{raw: raw}
	o, foreign := object{read: readKeys}, others(keys)
	top.ForEach(func(key, value gjson.Result) bool {
		if err = o.take(key.Str); err == nil {
			err = b.take(key.Str, value, keys, foreign)
		}
		return err == nil
	})
	return b, err
}

// parseObject returns the JSON object that a body is.
func parseObject(raw string) (gjson.Result, error) {
	if !json.Valid([]byte(raw)) { // the compiler avoids a copy
		return gjson.Result{}, errors.New("the body is not valid JSON")
	}
	if tooDeep(raw) {
		return gjson.Result{}, fmt.Errorf("the body nests more than %d levels deep", deepestBody)
	}
	top := gjson.Parse(raw)
	if !top.IsObject() {
		return gjson.Result{}, errors.New("the body is not a JSON object")
	}
	return top, nil
}

// take keeps the value of a key. The text is under one of keys, and foreign are those under which
// requests of other kinds have it.
func (b *Body) take(key string, value gjson.Result, keys, foreign []string) error {
	switch {
	case key == "conversation" && value.IsObject():
		b.Thread.take(key, value)
		_, err := checkObject(value, readInConversation)
		return err
	case key == "model":
		return b.model(value)
	case key == "stream":
		b.Stream = value.Type == gjson.True
	case key == System && slices.Contains(keys, System):
		b.system = value
		b.Thread.take(key, value)
		return checkParts(value)
	case slices.Contains(foreign, key) && isText(value):
		return fmt.Errorf("%q is no key of this request, and some servers would read it in place of %q", key, keys[0])
	case slices.Contains(keys, key) && isText(b.messages) && isText(value):
		return fmt.Errorf("%q is one text too many: expected one of %s", key, strings.Join(keys, ", "))
	case !slices.Contains(keys, key):
		b.Thread.take(key, value)
	case !isText(b.messages):
		b.messages = value
		return checkMessages(value)
	}
	return nil
}

// model keeps the model's name and its byte range.
func (b *Body) model(value gjson.Result) error {
	if value.Type != gjson.String {
		return errors.New(`"model": expected a string`)
	}
	b.Model, b.at, b.end = value.Str, value.Index, value.Index+len(value.Raw)
	return nil
}

// Text returns the text to route, or "" if there is none; see [prompttext.Request]. The text
// under [System] counts as a message before the others.
func (b Body) Text(o prompttext.RequestOptions) string {
	return prompttext.Request(b.messages, o, b.system)
}
