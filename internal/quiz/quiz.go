// Package quiz makes questions with known answers, and plays models that answer them with known
// error rates. It stands in for a user's prompts and models, in tests and in the documentation:
// no prompt in it is anybody else's text. Call [Make], [Model.Answer], and [Serve] for a server.
package quiz

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
)

// Question is a prompt with its correct answer, a whole number.
type Question struct {
	ID     string `json:"id"`
	Task   string `json:"task"`  // Task is sums, rooms or words
	Level  string `json:"level"` // Level is easy or hard
	Prompt string `json:"prompt"`
	Answer string `json:"answer"`
}

// The levels.
const (
	Easy = "easy"
	Hard = "hard"
)

// tasks lists the tasks, and what makes the questions of each level.
var tasks = []struct {
	name       string
	easy, hard func(*maker) (question string, answer int)
}{
	{"sums", (*maker).easySum, (*maker).hardSum},
	{"rooms", (*maker).easyRoom, (*maker).hardRoom},
	{"words", (*maker).easyWord, (*maker).hardWord},
}

// Make returns n questions with different prompts. The same seed gives the same questions, whatever
// n is, so that those after the first ones can be held out.
func Make(n int, seed uint64) []Question {
	m := &maker{rand.New(rand.NewPCG(seed, 20))}
	seen := map[string]bool{}
	out := make([]Question, 0, n)
	for len(out) < n {
		t := tasks[m.IntN(len(tasks))]
		level, next := Easy, t.easy
		if m.IntN(2) == 1 {
			level, next = Hard, t.hard
		}
		body, answer := next(m)
		prompt := m.dress(body)
		if seen[prompt] {
			continue
		}
		seen[prompt] = true
		out = append(out, Question{ID: fmt.Sprintf("q%d-%04d", seed, len(out)+1), Task: t.name, Level: level, Prompt: prompt, Answer: fmt.Sprint(answer)})
	}
	return out
}

// Write writes questions as JSON Lines, a file of prompts for answer.
func Write(w io.Writer, all []Question) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, q := range all {
		if err := out.Encode(q); err != nil {
			return err
		}
	}
	return nil
}

// Read reads what [Write] wrote.
func Read(r io.Reader) ([]Question, error) {
	var all []Question
	in := json.NewDecoder(r)
	for {
		var q Question
		switch err := in.Decode(&q); err {
		case nil:
			all = append(all, q)
		case io.EOF:
			return all, nil
		default:
			return nil, fmt.Errorf("question %d: %w", len(all)+1, err)
		}
	}
}
