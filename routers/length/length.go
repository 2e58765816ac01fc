// Package length routes long prompts to the strong model: the baseline that
// every router must beat.
package length

import (
	"context"

	"github.com/routellm/routellm/routers"
)

// Router scores a prompt by its length in Unicode code points.
type Router struct{}

// Needs returns the text's features.
func (Router) Needs() routers.Needs { return routers.Needs{Features: true} }

// Scores returns the number of code points of each prompt, from its features or else
// from its text. A prompt that has neither is an error.
func (Router) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	for i := range prompts {
		var err error
		if out[i], err = prompts[i].Count(routers.Chars); err != nil {
			return nil, err
		}
	}
	return out, nil
}
