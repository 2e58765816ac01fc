package body

import (
	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets/prompttext"
)

// Thread holds what a request says about the conversation that it belongs to. A field is "" if
// the request does not say it.
type Thread struct {
	Previous     string // id of the answer that the request continues
	Conversation string // id of a conversation that the model's server keeps
	CacheKey     string // name under which the model's server should cache the prompt

	safety, user, account string       // names of the person behind the client
	system                gjson.Result // system text outside the messages
}

// take keeps the value of a key of the request.
func (t *Thread) take(key string, value gjson.Result) {
	switch key {
	case "previous_response_id":
		t.Previous = value.Str
	case "conversation":
		if t.Conversation = value.Str; value.IsObject() {
			t.Conversation = value.Get("id").Str
		}
	case "prompt_cache_key":
		t.CacheKey = value.Str
	case "safety_identifier":
		t.safety = value.Str
	case "user":
		t.user = value.Str
	case "metadata":
		t.account = value.Get("user_id").Str // in Anthropic's API
	case "instructions", System:
		t.system = value
	}
}

// opening calls visit for the messages before the model's first answer, which are those of a
// conversation's first request, until it returns false. It keeps none: there may be millions.
func (b Body) opening(visit func(m gjson.Result) bool) {
	if !b.messages.IsArray() {
		visit(b.messages)
		return
	}
	asked := false
	b.messages.ForEach(func(_, m gjson.Result) bool {
		role := m.Get("role").Str
		if asked && m.IsObject() && (role == "assistant" || role == "") { // "" for items such as a tool's call
			return false
		}
		asked = asked || byUser(m)
		return visit(m)
	})
}

// byUser reports whether a message, or a bare prompt, is the user's.
func byUser(m gjson.Result) bool { return !m.IsObject() || m.Get("role").Str == "user" }

// FirstText returns the text that was routed in the first request of the conversation. It is the
// request's own if the model has not said anything yet.
func (b Body) FirstText(o prompttext.RequestOptions) string {
	var last gjson.Result
	b.opening(func(m gjson.Result) bool {
		last = m
		return true
	})
	if b.messages.IsArray() && last.Exists() {
		end := last.Index - b.messages.Index + len(last.Raw)
		b.messages = gjson.Parse(b.messages.Raw[:end] + "]")
	}
	return b.Text(o)
}

// maxOpening is about the most parts that the beginning of a conversation is told by.
const maxOpening = 4096

// Opening returns what tells the beginning of a conversation from others: the person behind the
// client, the system text and the first turn of the user. It returns nil if the user says
// nothing.
func (b Body) Opening() []string {
	parts := []string{b.Thread.safety, b.Thread.user, b.Thread.account}
	parts = appendContent(appendContent(parts, b.Thread.system), b.system)
	if b.messages.Get("0").Type == gjson.Number {
		return append(parts, b.messages.Raw) // the ids of tokens
	}
	said := false
	b.opening(func(m gjson.Result) bool {
		role, content := m.Get("role").Str, m
		if m.IsObject() {
			content = m.Get("content")
		}
		before := len(parts) + 1
		parts = appendContent(append(parts, role), content)
		said = said || len(parts) > before && byUser(m)
		return len(parts) < maxOpening
	})
	if !said {
		return nil
	}
	return parts
}

// appendContent appends the texts of a message and what its other parts are, such as the address
// of an image. A text is the same whether it stands alone or in a part: clients make it a part to
// mark what the model's server should cache.
func appendContent(parts []string, content gjson.Result) []string {
	switch {
	case content.Type == gjson.String:
		return append(parts, content.Str)
	case content.Type == gjson.Number: // a token's id
		return append(parts, content.Raw)
	case !content.IsArray():
		return parts
	}
	content.ForEach(func(_, part gjson.Result) bool {
		if text := part.Get("text"); text.Type == gjson.String {
			parts = append(parts, text.Str)
			return len(parts) < maxOpening
		}
		part.ForEach(func(key, value gjson.Result) bool {
			if key.Str != "cache_control" {
				parts = append(parts, key.Str, value.Raw)
			}
			return len(parts) < maxOpening
		})
		return len(parts) < maxOpening
	})
	return parts
}
