package chattest

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Request is what a client asked, whatever the protocol.
type Request struct {
	Model, System string
	Messages      []Message // without the system prompt
	Temperature   *float64
	MaxTokens     *int
	Seed          *int64
	TopLogprobs   int  // number of alternatives per token; 0 with Logprobs asks for none beside the token itself
	Logprobs      bool // the client asks for log-probabilities

	Path    string
	Header  http.Header
	Body    map[string]json.RawMessage // the fields as they were sent
	Number  int                        // Number counts all requests of the server, from 1
	Attempt int                        // Attempt counts the requests with this model, these messages and this seed, from 1
}

// Message is a message, of which only the text is kept.
type Message struct{ Role, Text string }

// Prompt returns the text of the last message.
func (r Request) Prompt() string {
	if len(r.Messages) == 0 {
		return ""
	}
	return r.Messages[len(r.Messages)-1].Text
}

// Digest returns a digest of the model, the messages, the seed and a salt.
func (r Request) Digest(salt string) [sha256.Size]byte {
	seed := int64(-1)
	if r.Seed != nil {
		seed = *r.Seed
	}
	return sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %d", salt, r.Model, r.System, r.Messages, seed))
}

// Text returns all that the model reads.
func (r Request) Text() string {
	var b strings.Builder
	b.WriteString(r.System)
	for _, m := range r.Messages {
		b.WriteString("\n" + m.Text)
	}
	return b.String()
}

// messages reads messages, and takes the system prompt out.
func messages(raw json.RawMessage) (system string, out []Message, err error) {
	var list []struct {
		Role    string
		Content json.RawMessage
	}
	if err := json.Unmarshal(raw, &list); err != nil || len(list) == 0 {
		return "", nil, fmt.Errorf("messages: expected a list that is not empty")
	}
	for _, m := range list {
		text, err := contentText(m.Content)
		if err != nil {
			return "", nil, err
		}
		if m.Role == "system" || m.Role == "developer" {
			system += text
			continue
		}
		out = append(out, Message{m.Role, text})
	}
	return system, out, nil
}

// contentText returns the text of a content, which is a text or a list of parts.
func contentText(raw json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text, nil
	}
	var parts []struct{ Type, Text string }
	if err := json.Unmarshal(raw, &parts); err != nil {
		return "", fmt.Errorf("content: expected a text or a list of parts")
	}
	for _, p := range parts {
		text += p.Text
	}
	return text, nil
}

// field reads a field into a value, which keeps what it holds if the field is missing.
func field(body map[string]json.RawMessage, name string, into any) error {
	raw, ok := body[name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func compare(a, b string) int { return cmp.Compare(a, b) }
