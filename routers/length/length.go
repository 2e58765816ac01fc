// Package length routes long prompts to the strong model. It is the baseline that every
// router should beat. Use [Router] directly; it has no state.
package length

import (
	"context"

	"github.com/routellm/routellm/routers"
)

// Router scores a prompt by its length in Unicode code points.
type Router struct{}

// Needs returns the text's features.
func (Router) Needs() routers.Needs { return routers.Needs{Features: true} }

// Scores returns one length per prompt, in code points, from the prompt's features or
// else its text. A prompt with neither is an error that names it.
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
