package fit

import (
	"context"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// answered writes a world of two models with costs, whose weak one is less certain by skill where it is
// wrong, and returns the path.
func answered(t *testing.T, n int, skill float64, cost []float64) string {
	t.Helper()
	w := two(n)
	w.cost = cost
	x := w.table()
	r := rand.New(rand.NewPCG(3, 3))
	certain := datasets.Column{Name: "logprob_mean:small"}
	for _, q := range x.Quality[1].Values {
		certain.Values = append(certain.Values, -math.Exp(r.NormFloat64()-skill*q))
	}
	x.Extras = append(x.Extras, certain)
	path := filepath.Join(t.TempDir(), "answered.parquet")
	if err := x.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// cascades fits with cascades among a few candidates.
func cascades(t *testing.T, path string) (*results.Fit, *Result, error) {
	t.Helper()
	o := Default()
	o.Data, o.Resamples, o.Curve, o.Cascades = path, 200, false, true
	o.Candidates = []string{"length", "mf", "cascade", "cascade with prompt"}
	r, err := Run(context.Background(), o)
	if err != nil {
		return nil, nil, err
	}
	return r.Document, r, nil
}

// TestCascadesAreChosenWhereTheyPay: certain answers make a cascade the best router at equal cost, and
// the artifact is that of a cascade. Where certainty says nothing, a router of prompts wins.
func TestCascadesAreChosenWhereTheyPay(t *testing.T) {
	d, r, err := cascades(t, answered(t, 900, 4, []float64{0.01, 0.0005}))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(d.Chosen, "cascade") || d.Metric != results.MetricLift || d.Test.Metric != results.MetricLift || d.Outcome != results.FitRouter {
		t.Fatalf("chose %q by %q, outcome %q", d.Chosen, d.Metric, d.Outcome)
	}
	if !strings.HasPrefix(r.Artifact.Router.Spec, "cascade:") || len(r.Model) == 0 {
		t.Errorf("artifact of %q with %d bytes", r.Artifact.Router.Spec, len(r.Model))
	}
	beaten := false
	for _, x := range d.Test.Differences {
		beaten = beaten || x.From == "mf" && x.Value.Lo > 0
	}
	if !beaten {
		t.Errorf("differences %+v: the cascade is better than the best router of prompts", d.Test.Differences)
	}
	if d, _, err = cascades(t, answered(t, 900, 0, []float64{0.01, 0.004})); err != nil || d.Chosen != "mf" {
		t.Errorf("without skill: chose %q, %v", d.Chosen, err)
	}
}

// TestDearAnswersCount: a weak model that costs nearly as much as the strong one is not worth asking
// first, however well its certainty tells.
func TestDearAnswersCount(t *testing.T) {
	d, _, err := cascades(t, answered(t, 600, 4, []float64{0.01, 0.009}))
	if err != nil {
		t.Fatal(err)
	}
	lift := map[string]float64{}
	for _, c := range d.Candidates {
		lift[c.Name] = float64(c.Value.Value)
	}
	if !(lift["cascade"] < lift["mf"]) {
		t.Errorf("lifts %v: a share of calls would flatter the cascade", lift)
	}
}

func TestCascadesNeed(t *testing.T) {
	for want, change := range map[string]func(*Options){
		"is not known":    func(o *Options) { o.Data = answered(t, 600, 1, nil) },
		"found no answer": func(o *Options) { w := two(600); w.cost = []float64{0.01, 0.001}; o.Data = w.file(t) },
		"two models":      func(o *Options) { o.Data = three(600).file(t) },
	} {
		o := Default()
		o.Cascades, o.Curve = true, false
		change(&o)
		if _, err := Run(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestCascadesAreOffered: they are not tried unasked, because serving them changes how answers stream.
func TestCascadesAreOffered(t *testing.T) {
	var notes []string
	o := Default()
	o.Data, o.Resamples, o.Curve, o.Candidates = answered(t, 600, 1, []float64{0.01, 0.001}), 50, false, []string{"length"}
	o.Feedback = harness.Feedback{Note: func(s string) { notes = append(notes, s) }}
	r, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Document.Metric == results.MetricLift || !strings.Contains(strings.Join(notes, "\n"), "--cascades") {
		t.Errorf("metric %q, notes %q", r.Document.Metric, notes)
	}
}
