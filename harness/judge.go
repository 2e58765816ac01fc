package harness

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/routers"
)

// Judge returns the score of one text to which the weak model has given an answer. The scorer's router
// must be a [routers.AnswerRouter]. id names the prompt in errors.
func (c *Scorer) Judge(ctx context.Context, id, text string, answer routers.Answer) (float64, error) {
	prompts, _, err := c.prompts(ctx, []string{id}, []string{text})
	if err != nil {
		return 0, err
	}
	prompts[0].Answer = &answer
	scores, err := c.router.Scores(ctx, prompts)
	if err != nil {
		return 0, err
	}
	if err := checkFinite(scores, prompts); err != nil {
		return 0, fmt.Errorf("router %q: %w", c.router.Spec.Label, err)
	}
	return scores[0], nil
}
