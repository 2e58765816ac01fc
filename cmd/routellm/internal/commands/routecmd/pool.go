package routecmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/registry"
)

// forPool reports whether the flags ask for a choice among several models, which --lambda and the
// artifacts of some calibrations do. It refuses flags that do not go together.
func (o options) forPool() (bool, error) {
	policy, err := o.hasPolicy()
	switch {
	case err != nil:
		return false, err
	case o.Artifact != "" && (o.given.lambda || len(o.Models) > 0):
		return false, errors.New("--artifact says which models there are and when each is chosen: it cannot be combined with --lambda or --models")
	case o.given.lambda && !(num.Finite(o.Lambda) && o.Lambda >= 0):
		return false, fmt.Errorf("--lambda %v: expected a number of at least 0", o.Lambda)
	case len(o.Models) > 0 && !o.given.lambda:
		return false, hint.With(errors.New("--models needs --lambda, which says how much quality a US dollar more per prompt must bring"),
			"--pair names the two models of a router with a threshold")
	}
	pool := policy || o.given.lambda
	for _, f := range []struct {
		name  string
		given bool
	}{{"threshold", o.given.threshold}, {"strong-fraction", o.given.fraction}, {"pair", o.Pair != ""}} {
		if pool && f.given {
			return false, fmt.Errorf("--%s is for two models: it cannot be combined with --lambda or with an artifact for several models", f.name)
		}
	}
	return pool, nil
}

// hasPolicy reports whether --artifact has a policy for several models.
func (o options) hasPolicy() (bool, error) {
	if o.Artifact == "" {
		return false, nil
	}
	a, err := harness.ParseArtifact(o.Artifact)
	return err == nil && a.Pool != nil, err
}

// poolDecider decides among several models.
type poolDecider struct {
	*harness.PoolScorer
	policy results.PoolPolicy
}

// newPoolDecider opens the router of the flags and finds the policy.
func newPoolDecider(s cmdutil.Streams, o options, options registry.Options) (*poolDecider, error) {
	p, policy, err := openPool(s, o, options)
	if err != nil {
		return nil, err
	}
	c, err := harness.NewPoolScorer(p, policy, o.Options(), s.Feedback())
	if err != nil {
		return nil, err
	}
	return &poolDecider{c, policy}, nil
}

// openPool opens the router of the flags, with the policy of --artifact or of --lambda.
func openPool(s cmdutil.Streams, o options, options registry.Options) (harness.Predictor, results.PoolPolicy, error) {
	if o.Artifact == "" {
		p, err := harness.OpenPredictor(o.Router, options)
		if err != nil {
			return p, results.PoolPolicy{}, err
		}
		return p, harness.PolicyAt(o.Lambda, p, o.Models...), nil
	}
	given := ""
	if o.given.router {
		given = o.Router
	}
	a, p, err := harness.ReadPoolArtifact(o.Artifact, given, options)
	if err != nil {
		return p, results.PoolPolicy{}, err
	}
	s.WarnArtifact(a)
	return p, *a.Pool, nil
}

func (d *poolDecider) decide(ctx context.Context, ids, texts []string) ([]decision, error) {
	all, tokens, err := d.Predict(ctx, ids, texts)
	if err != nil {
		return nil, err
	}
	out, models := make([]decision, len(texts)), d.Models()
	for i, p := range all {
		out[i].Decision = results.Decision{
			Router: d.Predictor().Spec.Label, Model: models[d.Choose(p)], Score: results.Missing, Threshold: results.Threshold{Score: results.Missing},
			PoolDecision: &results.PoolDecision{Axis: d.policy.Axis, Lambda: d.policy.Lambda, Models: p.Of(models)},
		}
		if tokens != nil {
			out[i].Tokens = &tokens[i]
		}
	}
	return out, nil
}

func (d *poolDecider) write(w io.Writer, got decision) error {
	lambda := "none: " + got.Model + " answers every prompt"
	if got.Lambda.Exists() {
		lambda = strconv.FormatFloat(float64(got.Lambda), 'g', -1, 64)
	}
	if _, err := fmt.Fprintf(w, "model         %s\nlambda        %s\n%s%s\n", got.Model, lambda, got.tokens(), got.took()); err != nil {
		return err
	}
	return got.table().Text(w)
}

// units has the column of costs in each unit, and the number by which costs per prompt are
// multiplied.
var units = map[results.Axis]struct {
	column string
	times  float64
}{
	results.CostAxis: {"USD per 1,000", 1000}, results.LatencyAxis: {"seconds", 1},
	results.CharsAxis: {"characters", 1}, results.CallsAxis: {"calls", 1},
}

// table returns the predictions for all models, the most valuable first.
func (d decision) table() *table.Table {
	unit := units[d.Axis]
	t := &table.Table{Header: []string{"model", "predicted quality", unit.column}}
	if d.Lambda.Exists() {
		t.Header = append(t.Header, "value")
	}
	for _, p := range d.byValue() {
		row := []string{p.Model, fmt.Sprintf("%.4f", float64(p.Quality)), fmt.Sprintf("%.4f", unit.times*float64(p.Cost))}
		if d.Lambda.Exists() {
			row = append(row, fmt.Sprintf("%.4f", d.value(p)))
		}
		t.Add(row...)
	}
	return t
}

// value returns what a model is worth: its quality less lambda times its cost.
func (d decision) value(p results.Predicted) float64 {
	return float64(p.Quality) - float64(float64(d.Lambda)*float64(p.Cost))
}

// byValue returns the predictions with the chosen model first and the others by falling value, or
// by falling quality without lambda.
func (d decision) byValue() []results.Predicted {
	out := slices.Clone(d.PoolDecision.Models)
	rank := func(p results.Predicted) float64 {
		switch {
		case p.Model == d.Model:
			return math.Inf(1)
		case d.Lambda.Exists():
			return d.value(p)
		}
		return float64(p.Quality)
	}
	slices.SortStableFunc(out, func(a, b results.Predicted) int { return cmp.Compare(rank(b), rank(a)) })
	return out
}
