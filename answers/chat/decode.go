package chat

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/internal/modelserver"
)

// openAIAnswer is the body of an answer.
type openAIAnswer struct {
	Model   string `json:"model"`
	Choices []struct {
		Finish  *string `json:"finish_reason"`
		Message *struct {
			Content json.RawMessage `json:"content"`
			Refusal *string         `json:"refusal"`
			Tools   json.RawMessage `json:"tool_calls"`
		} `json:"message"`
		Logprobs *logprobs       `json:"logprobs"`
		Error    json.RawMessage `json:"error"`
	} `json:"choices"`
	Usage *openAIUsage `json:"usage"`
}

func decodeOpenAI(r modelserver.Reply) (Answer, error) {
	var parsed openAIAnswer
	if err := unmarshal(r.Body, &parsed); err != nil {
		return Answer{}, err
	}
	if len(parsed.Choices) == 0 {
		return Answer{}, fmt.Errorf("it has no choices: %q", modelserver.Excerpt(r.Body))
	}
	first := parsed.Choices[0]
	if present(first.Error) || first.Finish != nil && *first.Finish == "error" {
		return Answer{}, fmt.Errorf("it ended with an error: %q", modelserver.Excerpt(first.Error))
	}
	if first.Message == nil {
		return Answer{}, fmt.Errorf("it has no message: %q", modelserver.Excerpt(r.Body))
	}
	a := Answer{Model: parsed.Model, Finish: finishOf(first.Finish), Tokens: first.Logprobs.tokens()}
	text, err := contentText(first.Message.Content)
	switch refusal := first.Message.Refusal; {
	case err != nil:
		return Answer{}, err
	case text != nil:
		a.Text = *text
	case refusal != nil && *refusal != "":
		a.Text, a.Finish = *refusal, "filter"
	case a.Finish == "stop" || a.Finish == "":
		return Answer{}, errors.New("its content is null")
	}
	parsed.Usage.fill(&a)
	if cost, err := strconv.ParseFloat(r.Header.Get("X-Litellm-Response-Cost"), 64); err == nil && math.IsNaN(a.CostUSD) {
		a.CostUSD = dollars(&cost)
	}
	return a, nil
}

// finishOf returns why an answer ended, in the words of this program where it has one.
func finishOf(reason *string) string {
	if reason == nil {
		return ""
	}
	return Finish(*reason)
}

// Finish returns why an answer ended, as answers of this package say it, for a server's own word.
func Finish(reason string) string { return cmp.Or(finishes[reason], reason) }

var finishes = map[string]string{
	"content_filter": "filter", "tool_calls": "tool", "function_call": "tool", "eos": "stop", "max_tokens": "length",
	"end_turn": "stop", "stop_sequence": "stop", "model_context_window_exceeded": "length", "refusal": "filter", "tool_use": "tool",
}

// present reports whether a field is there and not null.
func present(field json.RawMessage) bool { return len(field) > 0 && string(field) != "null" }

// contentText returns the text of a content, which is a text or a list of parts; nil for null.
func contentText(content json.RawMessage) (*string, error) {
	if !present(content) {
		return nil, nil
	}
	var text string
	if json.Unmarshal(content, &text) == nil {
		return &text, nil
	}
	var parts []struct{ Type, Text string }
	if err := json.Unmarshal(content, &parts); err != nil {
		return nil, fmt.Errorf("its content is %q, expected a text or a list of parts", modelserver.Excerpt(content))
	}
	for _, p := range parts {
		if p.Type == "text" || p.Type == "output_text" {
			text += p.Text
		}
	}
	return &text, nil
}

// unmarshal decodes JSON, and says what came instead.
func unmarshal(answer []byte, into any) error {
	err := json.Unmarshal(answer, into)
	var syntax *json.SyntaxError
	switch trimmed := bytes.TrimSpace(answer); {
	case err == nil:
		return nil
	case len(trimmed) == 0:
		return errors.New("it is empty")
	case bytes.HasPrefix(trimmed, []byte("data:")) || bytes.HasPrefix(trimmed, []byte("event:")):
		return errors.New("it is a stream, which was not asked for")
	case errors.As(err, &syntax) && int(syntax.Offset) >= len(trimmed) && strings.HasPrefix(string(trimmed), "{"):
		return fmt.Errorf("its JSON is cut after %d bytes: %q", len(answer), modelserver.Excerpt(answer))
	}
	return fmt.Errorf("not the expected JSON: %w: %q", err, modelserver.Excerpt(answer))
}
