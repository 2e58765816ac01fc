package routers

import (
	"context"

	"github.com/routellm/routellm/eval/pool"
)

// answerDecider is a router that looks at the weak model's answer, in a pool of models: every prompt
// costs the weak model's answer, and those that are passed on the strong one's too.
type answerDecider struct {
	NoPredictions
	AnswerRouter
	models []string // the strong model, then the weak one
}

func (d *answerDecider) Unwrap() any { return d.AnswerRouter }

func (d *answerDecider) Models() []string { return d.models }

// Decide implements [PoolDecider]: see [pool.OfAnswers].
func (d *answerDecider) Decide(ctx context.Context, prompts []Prompt) (pool.Decided, error) {
	scores, err := d.Scores(ctx, prompts)
	if err != nil {
		return pool.Decided{}, err
	}
	return pool.OfAnswers(scores), nil
}
