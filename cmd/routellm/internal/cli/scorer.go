package cli

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/scores"
)

// scorer gives scores to prompts that no data set has, from any number of goroutines.
type scorer struct {
	entrant
	needs    routers.Needs
	kind     vectorKind             // of the router's vectors
	static   *encoder.StaticEncoder // nil for routers without vectors, or of another kind
	encoders *encoders
}

// newScorer opens what a router needs. One that knows the prompts of a file only is
// refused.
func newScorer(s streams, n entrant, eo encoderOptions) (*scorer, error) {
	if e, ok := n.router.(*scores.Embedded); ok {
		return nil, hint.With(fmt.Errorf("router %q has scores of the built-in benchmarks' prompts only, and cannot route others", n.spec.Label), e.Live())
	}
	if n.router == nil || n.router.Needs().SHA256 || isFixed(n.router) {
		return nil, fmt.Errorf("router %q knows the prompts of a file only, and cannot route others", n.spec.Label)
	}
	if _, ok := n.router.(routers.OutcomeScorer); ok {
		return nil, fmt.Errorf("router %q needs outcomes and cannot route", n.spec.Label)
	}
	c := &scorer{entrant: n, needs: n.router.Needs(), encoders: newEncoders(s, eo)}
	c.kind, _ = kindOf(n.router)
	if c.needs.Vector && c.kind != staticVectors { // a missing key is said now, and once
		return c, c.encoders.openFor(c.kind)
	}
	if c.kind == staticVectors {
		var err error
		if c.static, err = encoder.Static(); err != nil {
			return nil, failure{err}
		}
	}
	return c, nil
}

// prompt is all that the router may see of a text, with the number of its tokens if that
// is known. Bytes that are not UTF-8 count as U+FFFD.
func (c *scorer) prompt(ctx context.Context, id, text string) (p routers.Prompt, tokens int, err error) {
	p = routers.Prompt{ID: id, Text: strings.ToValidUTF8(text, string(utf8.RuneError)), HasText: true}
	if c.needs.Features {
		p.Features = routers.FeaturesOf(p.Text)
	}
	switch {
	case c.static != nil:
		p.Vector = make([]float32, c.static.Dim())
		tokens = c.static.EncodeTo(p.Vector, p.Text)
	case c.needs.Vector:
		p.Vector, err = c.encoders.encodeOne(ctx, c.kind, p.Text)
	}
	return p, tokens, err
}

// score is the score of one text.
func (c *scorer) score(ctx context.Context, id, text string) (float64, error) {
	p, _, err := c.prompt(ctx, id, text)
	if err != nil {
		return 0, err
	}
	scores, err := c.router.Scores(ctx, []routers.Prompt{p})
	if err != nil {
		return 0, err
	}
	return scores[0], nil
}

// thresholdFor is the score that a share of the Arena prompts reaches.
func (c *scorer) thresholdFor(ctx context.Context, s streams, fraction float64) (float64, error) {
	if c.needs.Text {
		return 0, hint.With(fmt.Errorf("--strong-fraction is of the Arena prompts, whose text is not here, and router %q needs it", c.spec.Label),
			"routellm calibrate --data FILE --artifact FILE sets a threshold on other prompts")
	}
	source, err := openScoreSource(ctx, s, c.encoders, c.entrant, "", false)
	if err != nil {
		return 0, err
	}
	t, err := eval.Calibrate(source.stream, []float64{fraction})
	if err != nil {
		return 0, err
	}
	return t[0].Threshold, nil
}
