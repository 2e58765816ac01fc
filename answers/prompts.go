package answers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Prompts are the prompts that models are asked. Get them from [ReadPrompts].
type Prompts struct {
	*File                          // the prompts, with their further columns, and the answers that they have already
	Reading datasets.PromptColumns // Reading says what was taken for ids, prompts and tasks
	Notes   []string               // Notes say what else the user should know of how they were read
	system  []*string              // system prompts of the rows; nil without such a column
	numbers map[string][]float64   // temperature, max_tokens and seed of the rows, where there is such a column
}

// ReadPrompts reads prompts from a table in any format. A prompt is a text, or a conversation whose
// messages are asked as they are, without answers behind the last message of the user. The columns
// system, temperature, max_tokens and seed of a row count before the settings of the run. drop names
// columns to leave out; all others stay.
func ReadPrompts(ctx context.Context, path string, m datasets.Mapping, drop []string) (*Prompts, error) {
	table, err := rows.Open(ctx, path, m.Rows)
	if err != nil {
		return nil, err
	}
	s := &Source{path: path, table: table, mode: m.Text, csv: table.About().Format == "CSV", asked: true, drop: drop}
	defer s.Close()
	if err := s.find(ctx, m); err != nil {
		return nil, err
	}
	if s.head.Prompt == nil {
		return nil, hint.With(fmt.Errorf("%q: found no prompts", path), "name their column with --prompt; columns in the file: "+text.Quoted(table.Columns(), 20))
	}
	f, err := s.ReadAll(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(f.Messages, func(m string) bool { return m != "" }) {
		f.Messages = nil
	}
	p := &Prompts{File: f, Reading: s.reading, Notes: s.Notes(), numbers: map[string][]float64{}}
	return p, p.readSettings()
}

// addMessages appends the messages of a row, "" if it asks a text alone. Where the prompts are not
// asked, they stay as they are.
func (s *Source) addMessages(f *File, r rows.Row, c rows.Cell) error {
	isPrompt := s.messages == s.reading.Prompt
	switch {
	case s.own && isPrompt, s.asked && s.mode == prompttext.Raw:
		f.Messages = append(f.Messages, "")
		return nil
	case !s.asked:
		f.Messages = append(f.Messages, c.Text)
		return nil
	}
	messages, err := prompttext.Conversation(c.Text)
	if err == nil && messages != nil {
		messages, err = s.upToUser(messages)
	}
	if err == nil && messages == nil {
		err = s.noMessages(c, isPrompt)
	}
	if err != nil {
		return hint.With(fmt.Errorf("%q: row %d, column %q: %w", r.File, r.Number, s.messages, err), "--text raw asks the prompts as they stand")
	}
	f.Messages = append(f.Messages, encodeMessages(messages))
	return nil
}

// noMessages returns an error if a cell without messages holds something else than a prompt.
func (s *Source) noMessages(c rows.Cell, isPrompt bool) error {
	switch n := prompttext.Turns(c.Text); {
	case isPrompt && n > 1 && s.mode == "":
		return hint.With(fmt.Errorf("found a list of %s without roles, expected messages with role and content", text.Plural(n, "text")),
			"--text first, last, users or all asks one text of the list")
	case !isPrompt && c.Text != "":
		return fmt.Errorf("found %.40q, expected messages with role and content", c.Text)
	}
	return nil
}

// upToUser leaves out what follows the last message of the user.
func (s *Source) upToUser(messages []prompttext.Message) ([]prompttext.Message, error) {
	n := len(messages)
	for n > 0 && messages[n-1].Role != "user" {
		n--
	}
	if n == 0 {
		return nil, errors.New("found a conversation without a message of the user")
	}
	if n < len(messages) {
		s.cut++
	}
	return messages[:n], nil
}

// wireMessage is a message in OpenAI's form.
type wireMessage struct {
	Role    string          `json:"role"`
	Content json.RawMessage `json:"content"`
}

// encodeMessages returns messages as JSON, "" for none.
func encodeMessages(messages []prompttext.Message) string {
	if messages == nil {
		return ""
	}
	wire := make([]wireMessage, len(messages))
	for i, m := range messages {
		wire[i] = wireMessage{m.Role, m.Parts}
		if m.Parts == nil {
			wire[i].Content, _ = json.Marshal(m.Content) // a string always has a form
		}
	}
	data, _ := json.Marshal(wire) // likewise
	return string(data)
}

// MessagesOf returns what a row asked: its conversation, or its prompt as one message of the user.
func (f *File) MessagesOf(row int) ([]chat.Message, error) {
	if f.Messages == nil || f.Messages[row] == "" {
		return []chat.Message{{Role: "user", Content: f.Prompt[row]}}, nil
	}
	messages, err := prompttext.Conversation(f.Messages[row])
	if err == nil && messages == nil {
		err = errors.New("found no messages with role and content")
	}
	if err != nil {
		return nil, fmt.Errorf("%q: row %d, column %q: %w", f.Name, row+1, colMessages, err)
	}
	out := make([]chat.Message, len(messages))
	for i, m := range messages {
		out[i] = chat.Message{Role: m.Role, Content: m.Content, Parts: m.Parts}
	}
	return out, nil
}
