package sqltext_test

import (
	"context"
	"math"
	"testing"

	"github.com/routellm/routellm/datasets/summaries"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/sqltext"
)

// asked are the points and the strong fractions whose exact values two queries must give.
var (
	asked     = eval.Points{CPT: []float64{20, 50, 80}, Fractions: []float64{0.1, 0.5}, Qualities: []float64{0.97}}
	fractions = []float64{0, 0.001, 0.07, 0.3, 0.5, 0.9, 0.999, 1}
)

// samplesOf returns the usable rows as samples.
func samplesOf(data []logged) (o eval.Outcomes, scores []float64) {
	for _, r := range data {
		if r.usable(wanted{}) {
			o.Strong, o.Weak, scores = append(o.Strong, *r.strong), append(o.Weak, *r.weak), append(scores, *r.score+0)
		}
	}
	return o, scores
}

// twoQueries returns a summary query with few bins, and the queries for the rows that its open bins
// hold: one for points of the curve, one for thresholds.
func twoQueries(t *testing.T, data []logged) (first, points, thresholds sqltext.Summary) {
	t.Helper()
	first = sqltext.Summary{Source: source(wanted{}), Bins: bins(t)(sqltext.Even(-4, 4, 64)), Area: true}
	var summary binned.Summary
	for _, s := range reference(data, wanted{bin: first.Bins.Of}) {
		if !math.IsNaN(s.bin) {
			summary.Bins = append(summary.Bins, binned.Bin{Min: s.lo, Max: s.hi, Rows: int64(s.rows), N: s.n, Strong: s.strong, Weak: s.weak, Gain2: s.gain2, Area: s.area})
		}
	}
	whole, err := binned.New(summary)
	if err != nil {
		t.Fatal(err)
	}
	within := func(open []int) sqltext.Summary {
		q := sqltext.Summary{Source: first.Source, Area: true}
		for _, i := range open {
			q.Within = append(q.Within, sqltext.Range{Lo: whole.Bins[i].Min, Hi: whole.Bins[i].Max})
		}
		if len(open) == 0 || len(open) > 30 {
			t.Fatalf("%d of %d bins are open, want a few", len(open), len(whole.Bins))
		}
		return q
	}
	return first, within(whole.Open(asked)), within(whole.OpenThresholds(fractions))
}

// checkExact compares what two queries give with eval on the rows themselves: numbers within 1e-9,
// thresholds bit for bit.
func checkExact(t *testing.T, data []logged, first, points, thresholds string) {
	t.Helper()
	read := func(path string) *binned.Summary {
		found, err := summaries.Read(context.Background(), []string{path}, summaries.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return found.Routers[0].Summary
	}
	refined := func(path string) *binned.Summary {
		s, err := read(first).Refine(read(path))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	o, scores := samplesOf(data)
	curve, err := eval.NewCurve(o, scores)
	if err != nil {
		t.Fatal(err)
	}
	s := refined(points)
	if int(s.Unused) != len(data)-len(scores) || int(s.Rows()) != len(scores) {
		t.Errorf("%d rows and %d unused, want %d of %d", s.Rows(), s.Unused, len(scores), len(data))
	}
	near := func(what string, got binned.Value, want float64) {
		t.Helper()
		if !(math.Abs(got.Value-want) <= 1e-9) || !(got.Hi-got.Lo <= 1e-9) {
			t.Errorf("%s %+v, want %v", what, got, want)
		}
	}
	near("APGR", s.APGR(), curve.APGR())
	for _, x := range asked.CPT {
		near("CPT", s.CPT(x), curve.CPT(x).Value)
	}
	for _, f := range asked.Fractions {
		near("quality", s.QualityAt(f), curve.QualityAt(f))
	}
	near("fraction", s.FractionFor(asked.Qualities[0]*curve.Strong), curve.FractionFor(asked.Qualities[0]*curve.Strong))
	want, err := eval.Calibrate(eval.StreamOf(scores), fractions)
	if err != nil {
		t.Fatal(err)
	}
	s = refined(thresholds)
	for i, f := range fractions {
		if got, err := s.Threshold(f); err != nil || got != want[i] {
			t.Errorf("strong fraction %v: %+v, %v, want %+v", f, got, err, want[i])
		}
	}
}
