// Package external runs routers in other programs. [OpenCommand] opens a command that
// answers lines, [OpenServer] a server that answers requests; docs/own-router.md shows
// one of each.
//
// Both receive samples with id and prompt and must return id and score in the same order.
// Any other answer is an error that names the sample.
package external

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/routers"
)

// patience is how long a program may be silent. It may have to load a model, or score all
// prompts before it answers the first.
const patience = 10 * time.Minute

// question is a sample as the program receives it.
type question struct {
	ID     string   `json:"id"`
	Prompt string   `json:"prompt"`
	Models []string `json:"models,omitempty"` // models to choose among; none for a router of two
}

// answer is a program's answer; a field is nil if it is null or missing.
type answer struct {
	ID    *string  `json:"id"`
	Score *float64 `json:"score"`
	// Scores and Costs are by model.
	Scores map[string]*float64 `json:"scores"`
	Costs  map[string]*float64 `json:"costs"`
}

// check returns an error if the answer is not about the sample.
func (a answer) check(id string) error {
	switch {
	case a.ID == nil:
		return errors.New("the answer has no id")
	case *a.ID != id:
		return hint.With(fmt.Errorf("the answer has the id %q", excerpt([]byte(*a.ID))),
			"answers must be in the order of the prompts, one per prompt")
	}
	return nil
}

// score returns the answer's score.
func (a answer) score() (float64, error) {
	if a.Score == nil {
		return 0, hint.With(errors.New("the answer has no score"), "every prompt needs a finite number")
	}
	return *a.Score, nil
}

// taker receives the answer to the i-th prompt.
type taker func(i int, a answer) error

// asker is a program that is asked about prompts and, if there are several, names of models.
type asker interface {
	ask(ctx context.Context, prompts []routers.Prompt, models []string, take taker) error
}

// scoresOf asks for one score per prompt.
func scoresOf(ctx context.Context, by asker, prompts []routers.Prompt) ([]float64, error) {
	if len(prompts) == 0 {
		return nil, nil
	}
	if err := checkText(prompts); err != nil {
		return nil, err
	}
	scores := make([]float64, len(prompts))
	err := by.ask(ctx, prompts, nil, func(i int, a answer) (err error) {
		scores[i], err = a.score()
		return err
	})
	if err != nil {
		return nil, err
	}
	return scores, nil
}

// formOf describes an answer.
func formOf(models []string) string {
	if models == nil {
		return `{"id": TEXT, "score": NUMBER}`
	}
	return `{"id": TEXT, "scores": {MODEL: NUMBER, ...}}`
}

func atSample(p routers.Prompt, err error) error { return fmt.Errorf("at sample %q: %w", p.ID, err) }

// decode decodes JSON that a program wrote.
func decode(text []byte, into any, expected string) error {
	if json.Unmarshal(text, into) == nil {
		return nil
	}
	err := fmt.Errorf("expected %s, found %q", expected, excerpt(text))
	if bytes.Contains(text, []byte("NaN")) || bytes.Contains(text, []byte("Infinity")) {
		return hint.With(err, "JSON has neither NaN nor infinity, and a score must be a finite number")
	}
	return err
}

// checkText returns an error if a prompt has no text.
func checkText(prompts []routers.Prompt) error {
	for _, p := range prompts {
		if !p.HasText {
			return hint.With(fmt.Errorf("sample %q has no prompt text, which an external router needs", p.ID),
				"routellm datasets pull adds the text of the built-in benchmarks")
		}
	}
	return nil
}

// excerpt returns the start of what a program wrote.
func excerpt(text []byte) string {
	const most = 200
	if len(text) <= most {
		return string(text)
	}
	return strings.ToValidUTF8(string(text[:most]), "") + "..."
}
