package judging

import (
	"encoding/json"
	"strings"
)

// message is a message of a conversation. Its content is a text or a list of parts.
type message struct {
	Role    string          `json:"role"`
	Content json.RawMessage `json:"content"`
}

// conversation writes a conversation as text, each message under its role. Parts that are no text
// are named. A conversation that cannot be read is replaced by its prompt.
func conversation(messages, prompt string) string {
	var list []message
	if json.Unmarshal([]byte(messages), &list) != nil || len(list) == 0 {
		return prompt
	}
	var out []string
	for _, m := range list {
		out = append(out, m.Role+":\n"+contentText(m.Content))
	}
	return strings.Join(out, "\n\n")
}

// contentText returns the text of a content.
func contentText(raw json.RawMessage) string {
	var plain string
	if json.Unmarshal(raw, &plain) == nil {
		return plain
	}
	var parts []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	if json.Unmarshal(raw, &parts) != nil {
		return string(raw)
	}
	var out []string
	for _, p := range parts {
		if p.Text == "" {
			p.Text = "[" + p.Type + "]"
		}
		out = append(out, p.Text)
	}
	return strings.Join(out, "\n")
}
