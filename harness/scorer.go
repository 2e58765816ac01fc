package harness

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/scores"
)

// Scorer scores prompts that are in no data set. It is safe for concurrent use.
type Scorer struct {
	router   Router
	needs    routers.Needs
	kind     vectorKind             // the kind of the router's vectors
	static   *encoder.StaticEncoder // nil for routers without vectors, or of another kind
	encoders *Encoders
	maxText  int

	mu    sync.Mutex
	arena *scoreSource // the router's scores of the Arena prompts, once they are asked for
}

// NewScorer returns a scorer for the router. A router that knows only the prompts of a
// file, or that needs outcomes, is an error.
func NewScorer(r Router, enc Encoder, f Feedback) (*Scorer, error) {
	if e, ok := r.Router.(*scores.Embedded); ok {
		return nil, hint.With(fmt.Errorf("router %q has scores of only the built-in benchmarks' prompts and cannot route others", r.Spec.Label), e.Live())
	}
	if r.Router == nil || r.Needs().SHA256 || r.isDecider() {
		return nil, fmt.Errorf("router %q knows only the prompts of its file and cannot route others", r.Spec.Label)
	}
	if _, ok := r.Router.(routers.OutcomeScorer); ok {
		return nil, fmt.Errorf("router %q needs outcomes and cannot route", r.Spec.Label)
	}
	c := &Scorer{router: r, needs: r.Needs(), encoders: NewEncoders(enc, f), maxText: MaxText}
	c.kind, _ = kindOf(r.Router)
	if c.needs.Vector && c.kind != staticVectors { // reports a missing key now, and once
		return c, c.encoders.openFor(c.kind)
	}
	if c.kind == staticVectors {
		var err error
		if c.static, err = encoder.Static(); err != nil {
			return nil, fault.Wrap(err)
		}
	}
	return c, nil
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

// Scores returns one score per text, and one number of tokens per text if the router's
// encoder counts them, or else nil. ids name the prompts in errors, one per text.
func (c *Scorer) Scores(ctx context.Context, ids, texts []string) (scores []float64, tokens []int, err error) {
	if len(ids) != len(texts) {
		return nil, nil, fmt.Errorf("%s for %s: expected one per text", text.Plural(len(ids), "id"), text.Plural(len(texts), "text"))
	}
	prompts, counts := make([]routers.Prompt, len(texts)), make([]int, len(texts))
	for i, text := range texts {
		if prompts[i], counts[i], err = c.prompt(ctx, ids[i], text); err != nil {
			return nil, nil, err
		}
	}
	if scores, err = c.router.Scores(ctx, prompts); err != nil {
		return nil, nil, err
	}
	if err := checkFinite(scores, prompts); err != nil {
		return nil, nil, fmt.Errorf("router %q: %w", c.router.Spec.Label, err)
	}
	if c.static == nil {
		counts = nil
	}
	return scores, counts, nil
}

// prompt returns the text with everything that the router needs of it, and the number of
// its tokens, 0 if that is unknown. It replaces each run of bytes that are not UTF-8 with
// one U+FFFD. It counts the whole text, and encodes what [Scorer.Limit] leaves of it.
func (c *Scorer) prompt(ctx context.Context, id, text string) (p routers.Prompt, tokens int, err error) {
	p = routers.Prompt{ID: id, Text: strings.ToValidUTF8(text, string(utf8.RuneError)), HasText: true}
	if c.needs.Features {
		p.Features = routers.FeaturesOf(p.Text)
	}
	p.Text = capText(p.Text, c.maxText)
	switch {
	case c.static != nil:
		p.Vector = make([]float32, c.static.Dim())
		tokens, err = c.static.EncodeContext(ctx, p.Vector, p.Text)
	case c.needs.Vector:
		p.Vector, err = c.encoders.encodeOne(ctx, c.kind, p.Text)
	}
	return p, tokens, err
}
