// Package external runs routers in other programs. [OpenCommand] opens a command that
// answers lines, [OpenServer] a server that answers requests; docs/own-router.md shows
// one of each.
//
// Both receive samples with id and prompt and must return id and score in the same order.
// Any other answer is an error that names the sample.
package external

import (
	"bytes"
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
	ID     string `json:"id"`
	Prompt string `json:"prompt"`
}

// answer is a program's answer; a field is nil if it is null or missing.
type answer struct {
	ID    *string  `json:"id"`
	Score *float64 `json:"score"`
}

// score returns the answer's score, or an error if it is not an answer about the sample.
func (a answer) score(id string) (float64, error) {
	switch {
	case a.ID == nil:
		return 0, errors.New("the answer has no id")
	case *a.ID != id:
		return 0, hint.With(fmt.Errorf("the answer has the id %q", excerpt([]byte(*a.ID))),
			"answers must be in the order of the prompts, one per prompt")
	case a.Score == nil:
		return 0, hint.With(errors.New("the answer has no score"), "every prompt needs a finite number")
	}
	return *a.Score, nil
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
