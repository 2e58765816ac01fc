// Package body reads what a router needs of a client's request and changes nothing in
// it but the model.
package body

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// Body is a request to a model: a JSON object.
type Body struct {
	Model  string // "" where there is none
	Stream bool

	raw      string
	at, end  int // the value of "model", quotes included
	messages gjson.Result
}

// Keys of a request under which its text may stand.
const (
	Messages, Input, Prompt = "messages", "input", "prompt"
)

// Parse reads a request whose text is under one of the keys.
func Parse(raw []byte, keys ...string) (Body, error) {
	if !json.Valid(raw) { // also bounds the depth
		return Body{}, errors.New("the body is not JSON")
	}
	b := Body{raw: string(raw)}
	top := gjson.Parse(b.raw)
	if !top.IsObject() {
		return Body{}, errors.New("the body is not a JSON object")
	}
	var err error
	top.ForEach(func(key, value gjson.Result) bool {
		switch {
		case key.Str == "model":
			err = b.model(value)
		case key.Str == "stream":
			b.Stream = value.Type == gjson.True
		case slices.Contains(keys, key.Str):
			b.messages = value
		}
		return err == nil
	})
	return b, err
}

// model notes the model's name and where it stands.
func (b *Body) model(value gjson.Result) error {
	switch {
	case value.Type != gjson.String:
		return errors.New(`"model" is not a text`)
	case b.end > 0:
		return errors.New(`"model" is there twice`)
	}
	b.Model, b.at, b.end = value.Str, value.Index, value.Index+len(value.Raw)
	return nil
}

// WithModel returns the request for another model, every other byte as it came. The
// request must have a model.
func (b Body) WithModel(name string) []byte {
	quoted, _ := json.Marshal(name) // a string always can
	out := make([]byte, 0, len(b.raw)+len(quoted))
	out = append(out, b.raw[:b.at]...)
	out = append(out, quoted...)
	return append(out, b.raw[b.end:]...)
}

// Text returns the text that is routed: of the last or first message of the user, or
// of all messages that have one, a line break between them. Images and other parts have
// none. Bytes that are not UTF-8 become U+FFFD. It is "" where there is no text.
func (b Body) Text(mode string) string {
	var texts []string
	if !b.messages.IsArray() {
		return valid(b.messages.Str) // a single prompt; "" for null, numbers and objects
	}
	b.messages.ForEach(func(_, m gjson.Result) bool {
		if m.Type == gjson.String { // one of several prompts
			texts = append(texts, m.Str)
		} else if role := m.Get("role").Str; role == "user" || mode == "all" && role != "" {
			texts = append(texts, content(m.Get("content")))
		}
		return mode != "first" || len(texts) == 0
	})
	switch {
	case len(texts) == 0:
		return ""
	case mode == "all":
		return valid(lines(texts))
	case mode == "first":
		return valid(texts[0])
	}
	return valid(texts[len(texts)-1])
}

// content is the text of a message: the whole of it, or that of its text parts.
func content(c gjson.Result) string {
	if c.Type == gjson.String {
		return c.Str
	}
	var parts []string
	c.ForEach(func(_, part gjson.Result) bool {
		if text := part.Get("text"); text.Type == gjson.String {
			parts = append(parts, text.Str)
		}
		return true
	})
	return lines(parts)
}

// lines joins texts that are not empty.
func lines(texts []string) string {
	return strings.Join(slices.DeleteFunc(texts, func(t string) bool { return t == "" }), "\n")
}

func valid(text string) string { return strings.ToValidUTF8(text, string(utf8.RuneError)) }
