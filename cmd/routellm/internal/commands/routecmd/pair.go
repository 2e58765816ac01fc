package routecmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
)

// pairDecider decides between two models.
type pairDecider struct {
	*harness.Scorer
	threshold float64
	pair      results.Pair
}

// newPairDecider opens the router of the flags and finds the threshold and the models' names.
func newPairDecider(ctx context.Context, s cmdutil.Streams, o options, options registry.Options) (*pairDecider, error) {
	r, artifact, err := openRouted(o, options)
	if err != nil {
		return nil, err
	}
	pair, err := routePair(r, artifact, o.Pair)
	if err != nil {
		return nil, err
	}
	if r, err = r.ForPair(pair); err != nil {
		return nil, err
	}
	c, err := harness.NewScorer(r, o.Options(), s.Feedback())
	if err != nil {
		return nil, err
	}
	d := &pairDecider{Scorer: c, threshold: o.Threshold, pair: pair}
	if artifact != nil {
		s.WarnArtifact(artifact)
		d.threshold = artifact.Cut()
		return d, nil
	}
	return d, d.setThreshold(ctx, s, o)
}

// openRouted opens the router of the flags. With --artifact it also returns the artifact,
// otherwise nil.
func openRouted(o options, options registry.Options) (harness.Router, *results.Artifact, error) {
	if o.Artifact == "" {
		r, err := harness.OpenCalibrated(o.Router, options)
		return r, nil, err
	}
	if o.given.threshold || o.given.fraction {
		return harness.Router{}, nil, errors.New("--artifact already holds a threshold: it cannot be combined with --threshold or --strong-fraction")
	}
	given := ""
	if o.given.router {
		given = o.Router
	}
	artifact, r, err := harness.ReadArtifact(o.Artifact, given, options)
	return r, artifact, err
}

// routePair returns the models' names: from the flag, from the artifact if non-nil, from the
// router, or else "strong" and "weak"; none for a router that must be told.
func routePair(r harness.Router, a *results.Artifact, flag string) (results.Pair, error) {
	pair, err := cmdutil.ParsePair(flag)
	if err != nil || pair != (results.Pair{}) {
		return pair, err
	}
	if a != nil && a.Pair != (results.Pair{}) {
		return a.Pair, nil
	}
	if _, told := r.Router.(routers.Unpaired); told {
		return results.Pair{}, nil
	}
	if p, ok := routers.As[routers.Paired](r.Router); ok {
		strong, weak := p.Pair()
		return results.Pair{Strong: strong, Weak: weak}, nil
	}
	return results.Pair{Strong: "strong", Weak: "weak"}, nil
}

// setThreshold sets the threshold to --threshold, or calibrates it for --strong-fraction.
func (d *pairDecider) setThreshold(ctx context.Context, s cmdutil.Streams, o options) (err error) {
	switch {
	case o.given.threshold == o.given.fraction:
		return hint.With(errors.New("want exactly one of --threshold, --strong-fraction and --artifact"),
			"for example --strong-fraction 30%: the strong model for the 30 % of prompts that need it most", "routellm calibrate finds a threshold and writes it to an artifact")
	case o.given.threshold && math.IsNaN(o.Threshold):
		return errors.New("--threshold NaN: want a number")
	case o.given.threshold:
		s.WarnThreshold(ctx, d.Scorer, o.Threshold)
		return nil
	case !(o.Fraction >= 0 && o.Fraction <= 1):
		return hint.With(fmt.Errorf("--strong-fraction %v: want a share in [0,1]", o.Fraction), hint.Fraction(o.Fraction)...)
	}
	d.threshold, err = d.ThresholdFor(ctx, o.Fraction)
	return err
}

func (d *pairDecider) decide(ctx context.Context, ids, texts []string) ([]decision, error) {
	scored, err := d.Read(ctx, ids, texts)
	if err != nil {
		return nil, err
	}
	out := make([]decision, len(texts))
	for i, score := range scored.Scores {
		side, model := results.SideOf(score >= d.threshold), d.pair.Weak
		if side == results.Strong {
			model = d.pair.Strong
		}
		out[i].Decision = results.Decision{
			Router: d.Router().Spec.Label, Model: model, Side: side, Score: results.Value(score),
			Threshold: results.ThresholdAt(d.threshold),
		}
		if scored.Tokens != nil {
			out[i].Tokens = &scored.Tokens[i]
		}
		if scored.Unlike != nil {
			out[i].Unlike = &scored.Unlike[i]
		}
	}
	return out, nil
}

func (d *pairDecider) write(w io.Writer, got decision) error {
	_, err := fmt.Fprintf(w, "model         %s (%s)\nscore         %.4f\nthreshold     %s\n%s%s%s",
		got.Model, got.Side, float64(got.Score), thresholdText(got.Threshold), got.unlike(), got.tokens(), got.took())
	return err
}

// thresholdText writes a threshold as a score is written.
func thresholdText(t results.Threshold) string {
	if t.Always != "" {
		return render.Threshold(t)
	}
	return fmt.Sprintf("%.4f", float64(t.Score))
}
