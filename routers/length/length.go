// Package length routes long prompts to the strong model: the baseline that
// every router must beat.
package length

import (
	"context"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/routellm/routellm/routers"
)

// Router scores a prompt by its length in Unicode code points.
type Router struct{}

// Needs returns the text's features.
func (Router) Needs() routers.Needs { return routers.Needs{Features: true} }

// Scores returns the length of each prompt, from its features or else its text.
// It fails on a prompt that has neither.
func (Router) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	for i, p := range prompts {
		switch {
		case p.Features != nil && !math.IsNaN(p.Features.Chars):
			out[i] = p.Features.Chars
		case p.HasText:
			out[i] = float64(utf8.RuneCountInString(p.Text))
		default:
			return nil, fmt.Errorf("sample %q has neither a prompt nor a %q column", p.ID, "feature:chars")
		}
	}
	return out, nil
}
