package harness

import (
	"context"
	"fmt"
	"sync"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/scores"
)

// Scorer scores prompts that are in no data set. It is safe for concurrent use.
type Scorer struct {
	promptMaker
	router Router

	mu    sync.Mutex
	arena *scoreSource // the router's scores of the Arena prompts, once they are asked for
}

// NewScorer returns a scorer for the router. A router that knows only the prompts of a
// file, that needs outcomes, or that was not told its pair by [Router.ForPair], is an error.
func NewScorer(r Router, enc Encoder, f Feedback) (*Scorer, error) {
	if e, ok := r.Router.(*scores.Embedded); ok {
		return nil, hint.With(fmt.Errorf("router %q has scores of only the built-in benchmarks' prompts and cannot route others", r.Spec.Label), e.Live())
	}
	if r.Router == nil || r.Needs().SHA256 || r.isDecider() {
		return nil, fmt.Errorf("router %q knows only the prompts of its file and cannot route others", r.Spec.Label)
	}
	if _, ok := routers.As[routers.OutcomeScorer](r.Router); ok {
		return nil, fmt.Errorf("router %q needs outcomes and cannot route", r.Spec.Label)
	}
	if _, ok := r.Router.(routers.Unpaired); ok {
		_, err := r.ForPair(results.Pair{})
		return nil, err
	}
	m, err := newPromptMaker(r.Router, enc, f)
	return &Scorer{promptMaker: m, router: r}, err
}

// Router returns the scorer's router.
func (c *Scorer) Router() Router { return c.router }

// Score returns the score of one text. id names the prompt in errors.
func (c *Scorer) Score(ctx context.Context, id, text string) (float64, error) {
	scores, _, err := c.Scores(ctx, []string{id}, []string{text})
	if err != nil {
		return 0, err
	}
	return scores[0], nil
}

// Compare returns the score of one text, and whether the text is unlike all that the router was
// trained on; nil if the router cannot tell. id names the prompt in errors.
func (c *Scorer) Compare(ctx context.Context, id, text string) (score float64, unlike *bool, err error) {
	got, err := c.Read(ctx, []string{id}, []string{text})
	if err != nil {
		return 0, nil, err
	}
	if got.Unlike != nil {
		unlike = &got.Unlike[0]
	}
	return got.Scores[0], unlike, nil
}

// Scores returns one score per text, and one number of tokens per text if the router's
// encoder counts them, or else nil. ids name the prompts in errors, one per text.
func (c *Scorer) Scores(ctx context.Context, ids, texts []string) (scores []float64, tokens []int, err error) {
	scored, err := c.Read(ctx, ids, texts)
	return scored.Scores, scored.Tokens, err
}

// ScoredTexts has one element per text.
type ScoredTexts struct {
	Scores []float64
	Tokens []int  // Tokens is nil if the router's encoder counts none
	Unlike []bool // Unlike marks texts that are unlike all that the router was trained on; nil if it cannot tell
}

// Read returns the scores of texts and what else is known of them. ids name the prompts in errors,
// one per text.
func (c *Scorer) Read(ctx context.Context, ids, texts []string) (out ScoredTexts, err error) {
	prompts, tokens, err := c.prompts(ctx, ids, texts)
	if err != nil {
		return out, err
	}
	scores, err := c.router.Scores(ctx, prompts)
	if err != nil {
		return out, err
	}
	if err := checkFinite(scores, prompts); err != nil {
		return out, fmt.Errorf("router %q: %w", c.router.Spec.Label, err)
	}
	out.Scores, out.Tokens = scores, tokens
	out.Unlike = unlikeOf(c.router.Router, len(prompts), func(from, to int) []routers.Prompt { return prompts[from:to] })
	return out, nil
}
