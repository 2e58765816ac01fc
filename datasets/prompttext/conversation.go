package prompttext

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// Message is a message of a conversation, in OpenAI's form.
type Message struct {
	Role    string          // system, user or assistant
	Content string          // text; "" if Parts has the content
	Parts   json.RawMessage // a list of parts that is more than text; nil otherwise
}

// Conversation returns the messages in a cell: a list of messages with roles, or an object that
// holds one, in JSON or as Python prints it, in any of the forms that [FromText] reads. It returns
// nil, and no error, for a cell that is something else, such as a text. A message that is not
// OpenAI's in one of the three roles, such as the result of a tool, is a [*Refused].
func Conversation(cell string) ([]Message, error) {
	v, ok := literalValue(cell)
	if !ok {
		return nil, nil
	}
	if v.IsObject() {
		v = held(v)
	}
	items := v.Array()
	if len(items) == 1 && isConversation(items[0]) { // a batch of one
		items = items[0].Array()
	}
	if !v.IsArray() || !isChat(items) {
		return nil, nil
	}
	messages := make([]Message, len(items))
	for i, item := range items {
		var err error
		if messages[i], err = messageOf(item); err != nil {
			return nil, err
		}
	}
	return messages, nil
}

// literalValue returns the list or object that a text wholly is.
func literalValue(cell string) (gjson.Result, bool) {
	if !maybeLiteral(cell) {
		return gjson.Result{}, false
	}
	if json.Valid([]byte(cell)) {
		return gjson.Parse(cell), true
	}
	converted, state := literalToJSON(cell)
	return gjson.Parse(converted), state == literal
}

// messageOf returns a message in OpenAI's form.
func messageOf(v gjson.Result) (Message, error) {
	role, content, ok := spoken(v)
	known := plainRole(role)
	if !ok || known == "" || len(member(v, "tool_calls").Array()) > 0 || onlyResults(v) {
		return Message{}, &Refused{Found: "a conversation with calls or results of tools"}
	}
	if content.IsArray() && slices.ContainsFunc(content.Array(), isMoreThanText) {
		if !all(content.Array(), func(p gjson.Result) bool { return openAIParts[member(p, "type").Str] }) {
			return Message{}, &Refused{Found: fmt.Sprintf("a message of the role %s whose content is not in OpenAI's form", known)}
		}
		return Message{Role: known, Parts: json.RawMessage(content.Raw)}, nil
	}
	return Message{Role: known, Content: valid(parts(content))}, nil
}

// openAIParts are the types of the parts of a message that models with OpenAI's API take.
var openAIParts = map[string]bool{"text": true, "image_url": true, "input_audio": true, "file": true}

// isMoreThanText reports whether a part of a content is not a text.
func isMoreThanText(p gjson.Result) bool {
	kind := member(p, "type").Str
	return p.IsObject() && kind != "" && kind != "text" && kind != "input_text" && kind != "output_text"
}

// plainRole returns OpenAI's name of a role, "" for a role other than the three.
func plainRole(role string) string {
	switch role = strings.ToLower(role); {
	case isUser(role):
		return "user"
	case slices.Contains([]string{"assistant", "ai", "gpt", "chatgpt", "bot", "model", "aimessage"}, role):
		return "assistant"
	case slices.Contains([]string{"system", "developer", "systemmessage"}, role):
		return "system"
	}
	return ""
}

// Turns returns the number of texts in a cell that is a list of texts without roles, and 0 for
// every other cell.
func Turns(cell string) int {
	v, ok := literalValue(cell)
	if v.IsObject() {
		v = held(v)
	}
	if items := v.Array(); ok && v.IsArray() && isTexts(items) {
		return len(items)
	}
	return 0
}
