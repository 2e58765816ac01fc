package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/routellm/routellm/internal/modelserver/chattest"
)

// row is a prompt with its right answer.
type row struct {
	Prompt string `json:"prompt"`
	Answer text   `json:"answer"`
	Task   string `json:"task"`
}

// text is a text that may be written as a number.
type text string

// UnmarshalJSON reads a text or a number.
func (t *text) UnmarshalJSON(raw []byte) error {
	if raw[0] != '"' {
		*t = text(raw)
		return nil
	}
	return json.Unmarshal(raw, (*string)(t))
}

// answers holds the rows of a file.
type answers struct {
	rows   []row
	byText map[string]int
}

func readAnswers(path string) (*answers, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	a := &answers{byText: map[string]int{}}
	n := 0
	for line := range bytes.Lines(content) {
		if n++; len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var r row
		if err := json.Unmarshal(line, &r); err != nil || r.Prompt == "" {
			return nil, fmt.Errorf("%s: line %d: expected an object with prompt and answer (%w)", path, n, err)
		}
		a.byText[strings.TrimSpace(r.Prompt)] = len(a.rows)
		a.rows = append(a.rows, r)
	}
	return a, nil
}

// find returns the row of a message, or else the one with the longest prompt that it contains.
func (a *answers) find(message string) (found row, ok bool) {
	if i, known := a.byText[strings.TrimSpace(message)]; known {
		return a.rows[i], true
	}
	for _, r := range a.rows {
		if len(r.Prompt) > len(found.Prompt) && strings.Contains(message, r.Prompt) {
			found, ok = r, true
		}
	}
	return found, ok
}

// answer returns the right answer of a row, or a wrong one at the model's rate. The same prompt is
// always answered the same way.
func (m Model) answer(r chattest.Request, row row) string {
	rate, byTask := m.ErrorRates[row.Task]
	if !byTask {
		rate = m.ErrorRate
	}
	said := string(row.Answer)
	fixed := chattest.Request{Model: r.Model, Messages: []chattest.Message{{Text: row.Prompt}}}
	if chattest.Uniform(fixed.Digest("wrong")) < rate {
		said = m.wrong(said)
	}
	if m.Template == "" {
		return said
	}
	return strings.ReplaceAll(m.Template, "{answer}", said)
}

// wrong returns another answer than the right one: the next number or letter, or other words.
func (m Model) wrong(right string) string {
	switch n, err := strconv.Atoi(right); {
	case m.Wrong != "" && m.Wrong != right:
		return m.Wrong
	case err == nil:
		return strconv.Itoa(n + 1)
	case len(right) == 1 && right >= "A" && right < "D":
		return string(right[0] + 1)
	case right == "D":
		return "A"
	}
	return "not " + right
}
