package reply

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
)

// choice reads the only choice of an answer or of an event of OpenAI's APIs. under is the key of what
// the model says in it.
func (r *Reply) choice(top gjson.Result, under string) {
	choices := top.Get("choices")
	if !choices.Exists() && under == "delta" {
		return // an event that is no part of the answer
	}
	if !choices.IsArray() || choices.Get("1").Exists() {
		r.fail(ErrUnreadable)
		return
	}
	c := choices.Get("0")
	if !c.Exists() {
		return // an event with nothing but token counts
	}
	if !c.IsObject() || c.Get("index").Num != 0 {
		r.fail(ErrUnreadable)
		return
	}
	if c.Get("error").IsObject() || c.Get("finish_reason").Str == "error" {
		r.fail(ErrFailed)
	}
	if reason := c.Get("finish_reason"); reason.Type == gjson.String {
		r.Finish, r.ended = reason.Str, true
	}
	if r.form == Completions {
		r.text.WriteString(c.Get("text").Str)
	} else {
		r.said(c.Get(under))
	}
	r.certainty(c.Get("logprobs"))
}

// said reads a message, or a part of one.
func (r *Reply) said(m gjson.Result) {
	content := m.Get("content")
	if content.IsArray() {
		content.ForEach(func(_, part gjson.Result) bool {
			r.text.WriteString(part.Get("text").Str)
			return true
		})
	}
	r.text.WriteString(content.Str)
	if refusal := m.Get("refusal").Str; refusal != "" {
		r.text.WriteString(refusal)
		r.refused = true
	}
	if f := m.Get("function_call"); f.IsObject() {
		r.call(0, f.Get("arguments").Str)
	}
	for i, call := range m.Get("tool_calls").Array() {
		place := i
		if index := call.Get("index"); index.Exists() { // of an event, which may have a later call alone
			place = int(index.Num)
		}
		r.call(place, call.Get("function.arguments").Str)
	}
}

// certainty keeps the log-probabilities of tokens.
func (r *Reply) certainty(of gjson.Result) {
	if !of.IsObject() {
		return
	}
	r.tokens.add(of)
	if len(of.Raw) > len(null) {
		r.edits = append(r.edits, body.Edit{At: of.Index, End: of.Index + len(of.Raw), Text: null})
	}
}

// null takes the place of log-probabilities: so OpenAI's servers answer if nobody asks for any.
const null = "null"

// merged collects the log-probabilities of a stream's events: the elements of lists, by their keys.
type merged map[string][]string

// lists are the keys of the lists of log-probabilities, in OpenAI's form and in that of the older API
// for texts.
var lists = []string{"content", "tokens", "token_logprobs", "top_logprobs"}

// add adds the lists of an event, or of an answer.
func (m *merged) add(of gjson.Result) {
	if *m == nil {
		*m = merged{}
	}
	for _, key := range lists {
		if raw := of.Get(key).Raw; len(raw) > 2 && raw[0] == '[' {
			(*m)[key] = append((*m)[key], raw[1:len(raw)-1])
		}
	}
}

// json returns all lists as one JSON object, "" without any.
func (m merged) json() string {
	var out []string
	for _, key := range lists {
		if len(m[key]) > 0 {
			out = append(out, `"`+key+`":[`+strings.Join(m[key], ",")+"]")
		}
	}
	if out == nil {
		return ""
	}
	return "{" + strings.Join(out, ",") + "}"
}
