package prompttext

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// holders lists the keys of objects under which formats keep a conversation: OpenAI, Anthropic
// and most logs; ShareGPT; WildChat and LMSYS; Gemini; MT Bench; Chatbot Arena; OpenAI's
// Responses.
var holders = []string{"messages", "conversations", "conversation", "contents", "turns", "conversation_a", "input"}

// fromValue returns the prompt in a JSON value.
func fromValue(v gjson.Result, mode Mode) (string, error) {
	switch {
	case v.Type == gjson.Null:
		return "", ErrBlank
	case v.Type == gjson.String:
		return FromText(valid(v.Str), mode)
	case v.IsArray():
		return fromList(v, mode)
	case !v.IsObject():
		return "", &Refused{Found: "the value " + v.Raw}
	}
	if list := held(v); list.Exists() {
		return fromList(list, mode)
	}
	if t, ok := message(v); ok {
		return fromTurns([]turn{t}, mode)
	}
	return "", &Refused{Found: foundObject(v), Texts: textKeys(v)}
}

// held returns the conversation that an object holds.
func held(v gjson.Result) gjson.Result {
	for _, key := range holders {
		if list := member(v, key); list.IsArray() && (key != "input" || isChat(list.Array())) {
			return list
		}
	}
	return gjson.Result{}
}

// member returns the value of a key, whatever characters the key has.
func member(v gjson.Result, key string) (out gjson.Result) {
	v.ForEach(func(k, value gjson.Result) bool {
		if k.Str == key {
			out = value
		}
		return !out.Exists()
	})
	return out
}

// fromList returns the prompt in a list of texts, of messages or of parts of one message.
func fromList(v gjson.Result, mode Mode) (string, error) {
	items := v.Array()
	switch {
	case len(items) == 0:
		return "", ErrBlank
	case isTexts(items):
		return fromTurns(textTurns(items), mode)
	case isChat(items):
		return fromTurns(chatTurns(items), mode)
	case isParts(items):
		return notBlank(valid(parts(v)))
	case len(items) == 1 && isConversation(items[0]): // a batch of one
		return fromList(items[0], mode)
	}
	return "", &Refused{Found: foundList(items)}
}

func isConversation(v gjson.Result) bool {
	items := v.Array()
	return v.IsArray() && len(items) > 0 && (isTexts(items) || isChat(items))
}

func fromTurns(turns []turn, mode Mode) (string, error) {
	text, ok := choose(turns, mode)
	if !ok {
		return "", &Refused{Found: "a conversation without a message of the user"}
	}
	return notBlank(text)
}

// isTexts reports whether the items are texts, with null for an empty one.
func isTexts(items []gjson.Result) bool {
	return all(items, func(v gjson.Result) bool { return v.Type == gjson.String || v.Type == gjson.Null })
}

func textTurns(items []gjson.Result) []turn {
	turns := make([]turn, len(items))
	for i, v := range items {
		turns[i] = turn{true, v.Str}
	}
	return turns
}

// isChat reports whether the items are messages. Items with a type but without a role, such as
// the calls of tools among the items of OpenAI's Responses, may be among them.
func isChat(items []gjson.Result) bool {
	spoken := slices.ContainsFunc(items, func(v gjson.Result) bool { _, ok := message(v); return ok })
	return spoken && all(items, func(v gjson.Result) bool {
		_, ok := message(v)
		return ok || v.IsObject() && member(v, "type").Exists()
	})
}

func chatTurns(items []gjson.Result) []turn {
	var turns []turn
	for _, v := range items {
		if t, ok := message(v); ok && !onlyResults(v) {
			turns = append(turns, t)
		}
	}
	return turns
}

// isParts reports whether the items are the parts of one message.
func isParts(items []gjson.Result) bool {
	return all(items, func(v gjson.Result) bool {
		kind := member(v, "type").Str
		return v.IsObject() && (partKinds[kind] || kind == "" && member(v, "text").Type == gjson.String && len(v.Map()) == 1)
	})
}

// partKinds are the types of parts of messages in the interfaces of OpenAI and Anthropic.
var partKinds = map[string]bool{
	"text": true, "input_text": true, "output_text": true, "image": true, "image_url": true, "input_image": true,
	"audio": true, "input_audio": true, "file": true, "input_file": true, "document": true, "video_url": true,
	"tool_use": true, "tool_result": true, "refusal": true, "thinking": true,
}

func all(items []gjson.Result, is func(gjson.Result) bool) bool {
	return !slices.ContainsFunc(items, func(v gjson.Result) bool { return !is(v) })
}

// message returns who says what in a message, and false for an object that is none.
func message(v gjson.Result) (turn, bool) {
	role, content, ok := spoken(v)
	return turn{isUser(role), parts(content)}, ok
}

// spoken returns the role and the content of a message, and false for an object that is none.
func spoken(v gjson.Result) (role string, content gjson.Result, ok bool) {
	if !v.IsObject() {
		return "", gjson.Result{}, false
	}
	for _, form := range []struct{ role, text gjson.Result }{
		{member(v, "role"), firstOf(v, "content", "parts", "text", "value")}, // OpenAI, Anthropic, Gemini
		{member(v, "from"), member(v, "value")},                              // ShareGPT
		{speaker(member(v, "type")), firstOf(v, "content", "data")},          // LangChain
		{lastOf(member(v, "id")), member(v, "kwargs")},                       // LangChain's own JSON
	} {
		if form.role.Type == gjson.String && form.text.Exists() {
			return form.role.Str, form.text, true
		}
	}
	if list := member(v, "parts"); list.IsArray() && isParts(list.Array()) { // Gemini without a role
		return "user", list, true
	}
	return "", gjson.Result{}, false
}

func firstOf(v gjson.Result, keys ...string) gjson.Result {
	for _, key := range keys {
		if value := member(v, key); value.Exists() {
			return value
		}
	}
	return gjson.Result{}
}

// lastOf returns the last item of a list.
func lastOf(list gjson.Result) gjson.Result {
	if items := list.Array(); list.IsArray() && len(items) > 0 {
		return speaker(items[len(items)-1])
	}
	return gjson.Result{}
}

// speaker returns a type if it names who speaks, as LangChain's types do.
func speaker(kind gjson.Result) gjson.Result {
	name := strings.ToLower(kind.Str)
	if slices.Contains([]string{"human", "ai", "system"}, name) || strings.HasSuffix(name, "message") && name != "message" {
		return kind
	}
	return gjson.Result{}
}

// isUser reports whether a role is the user's.
func isUser(role string) bool {
	return slices.Contains([]string{"user", "human", "prompter", "humanmessage"}, strings.ToLower(role))
}

// parts returns the text of a message's content: a text, a list of texts and parts, or an object
// with the text.
func parts(v gjson.Result) string {
	switch {
	case v.Type == gjson.String:
		return v.Str
	case v.IsObject():
		return parts(firstOf(v, "text", "content", "parts"))
	case !v.IsArray():
		return ""
	}
	var texts []string
	v.ForEach(func(_, part gjson.Result) bool {
		if text := member(part, "text"); text.Type == gjson.String {
			texts = append(texts, text.Str)
		} else if part.Type == gjson.String {
			texts = append(texts, part.Str)
		}
		return true
	})
	return lines(texts)
}

// onlyResults reports whether a message only returns the results of tools, which in Anthropic's
// API come as the user's. OpenAI's have a role of their own.
func onlyResults(m gjson.Result) bool {
	results := false
	m.Get("content").ForEach(func(_, part gjson.Result) bool {
		results = part.Get("type").Str == "tool_result"
		return results
	})
	return results
}
