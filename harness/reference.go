package harness

import (
	"context"
	"fmt"
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// ThresholdFor returns the threshold that sends the given share, in [0,1], of the built-in
// Arena prompts to the strong model. It warns if equal scores make that share larger by more
// than one per cent of the prompts.
func (c *Scorer) ThresholdFor(ctx context.Context, fraction float64) (float64, error) {
	reference, err := c.reference(ctx)
	if err != nil {
		return 0, err
	}
	t, err := eval.Calibrate(reference.stream, []float64{fraction})
	if err != nil {
		return 0, err
	}
	if got := t[0].Observed(); got-fraction > extremeShare {
		c.encoders.feedback.note("warning: no threshold sends %.4g %% of the %s Arena prompts to the strong model: many have the score %v, and with it %.4g %% go there; choose another share or another router",
			100*fraction, text.Thousands(int(t[0].N)), t[0].Threshold, 100*got)
	}
	return t[0].Threshold, nil
}

// reference returns the router's scores of the Arena prompts.
func (c *Scorer) reference(ctx context.Context) (scoreSource, error) {
	if c.needs.Text {
		return scoreSource{}, hint.With(fmt.Errorf("a strong fraction is calibrated on the Arena prompts, whose text is not here: router %q needs text", c.router.Spec.Label),
			"routellm calibrate --data FILE --artifact FILE sets a threshold on prompts of your own")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.arena == nil {
		arena, err := openScoreSource(ctx, newOpener(Reading{}, c.encoders.feedback), c.encoders, c.router, "", sourceOptions{})
		if err != nil {
			return scoreSource{}, err
		}
		c.arena = &arena
	}
	return *c.arena, nil
}

// ThresholdMeaning says what a threshold does on reference prompts.
type ThresholdMeaning struct {
	Threshold       float64
	Prompts         int64   // number of the built-in Arena prompts
	StrongFraction  float64 // share of them that the threshold sends to the strong model
	Lowest, Highest float64 // the range of the router's scores on them
}

// Meaning returns what a threshold does on the built-in Arena prompts. It returns an error
// for a router that cannot score them, such as one that needs their text.
func (c *Scorer) Meaning(ctx context.Context, threshold float64) (ThresholdMeaning, error) {
	m := ThresholdMeaning{Threshold: threshold, Lowest: math.Inf(1), Highest: math.Inf(-1)}
	reference, err := c.reference(ctx)
	if err != nil {
		return m, err
	}
	if m.StrongFraction, m.Prompts, err = eval.FractionAbove(reference.stream, threshold); err != nil {
		return m, err
	}
	err = reference.stream(func(batch []float64) error {
		for _, s := range batch {
			m.Lowest, m.Highest = min(m.Lowest, s), max(m.Highest, s)
		}
		return nil
	})
	return m, err
}

// extremeShare is the share of prompts with either model below which a threshold hardly
// routes.
const extremeShare = 0.01

// Warning returns a sentence for a threshold that sends nearly every or nearly no reference
// prompt to the strong model, and "" for any other one.
func (m ThresholdMeaning) Warning() string {
	if m.StrongFraction >= extremeShare && m.StrongFraction <= 1-extremeShare {
		return ""
	}
	sends := fmt.Sprintf("threshold %v sends %.4g %% of the %s Arena prompts to the strong model", m.Threshold, 100*m.StrongFraction, text.Thousands(int(m.Prompts)))
	if m.Lowest == m.Highest {
		return fmt.Sprintf("%s: the router gives them all the score %.4g, so that no threshold divides them", sends, m.Lowest)
	}
	return fmt.Sprintf("%s: the router's scores of them are %.4g to %.4g; choose a share of strong calls instead (--strong-fraction)", sends, m.Lowest, m.Highest)
}
