package pages

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// pointsOf computes the operating points of every router with a curve, at every position of
// the report's slider. routers names the columns of c.Scores.
func pointsOf(b results.Benchmark, c *harness.ScoredBenchmark, routers []string, i results.Intervals, price *report.Price) (report.Points, error) {
	if c.Outcomes.Weight != nil {
		i.Method = "none" // intervals of a share of further prompts need prompts that count alike
	}
	o := operating{u: render.UnitOf(b), b: b, intervals: i, future: map[reach]string{}}
	clusters := eval.ClusterIDs(c.Clusters)
	out := report.Points{Unit: o.unit()}
	if i.Method != "none" {
		out.Confidence = render.Confidence(i)
	}
	for _, r := range b.Routers {
		if r.Point != nil {
			continue
		}
		// The random router has no scores: with all scores equal, the curve is its straight line.
		scores, known := make([]float64, c.Outcomes.N()), slices.Index(routers, r.Name)
		if known >= 0 {
			scores = c.Scores[known]
		}
		curve, err := eval.NewCurve(c.Outcomes, scores)
		if err != nil {
			return out, err
		}
		if price != nil && price.Measured {
			if o.costs, err = eval.NewCurve(*c.Costs, scores); err != nil {
				return out, err
			}
			o.decimals = price.Decimals
		}
		column, design := report.RouterPoints{Name: r.Name}, eval.ScoreDesign(scores, clusters)
		for p := range report.Positions {
			o.add(&column, r, curve, float64(p)/(report.Positions-1), known >= 0, design)
		}
		out.Routers = append(out.Routers, column)
	}
	return out, nil
}

// operating formats operating points as a report shows them.
type operating struct {
	u         render.Unit
	b         results.Benchmark
	intervals results.Intervals
	future    map[reach]string // cache of futureOf
	costs     *eval.Curve      // cost of the router in USD per prompt against its calls; nil unless costs are measured
	decimals  int              // number of decimals of costs
}

// reach holds the counts that the interval of a threshold's future share depends on.
type reach struct {
	calls  int64 // number of strong calls
	tied   bool
	design eval.Design
}

// unit returns the unit of the displayed qualities, "%" or "".
func (o operating) unit() string {
	if strings.Contains(o.u.Format, "%%") {
		return "%"
	}
	return ""
}

// quality formats a quality without its unit.
func (o operating) quality(x float64) string {
	return strings.TrimSuffix(o.u.Quality(results.Value(x)), " %")
}

// add appends one position to the router's columns: what its threshold for a share of strong
// calls does. If scores are tied, that calls the strong model more often than asked for, and
// every column is about the calls that it makes. A router without scores has no threshold and
// makes the calls asked for. design is that of the router's scores.
func (o operating) add(c *report.RouterPoints, r results.Router, curve *eval.Curve, share float64, scores bool, design eval.Design) {
	calls := share
	if scores {
		t := curve.Calibrated(share)
		t.Design = design
		calls = t.Observed()
		c.Threshold = append(c.Threshold, render.Threshold(results.ThresholdAt(t.Threshold)))
		if o.intervals.Method != "none" {
			c.Future = append(c.Future, o.futureOf(t))
		}
	}
	q := curve.QualityAt(calls)
	c.Calls = append(c.Calls, fmt.Sprintf("%.2f", 100*calls))
	c.Quality = append(c.Quality, o.quality(q))
	c.Curve = append(c.Curve, o.quality(curve.QualityAt(share)))
	c.Retained = append(c.Retained, fmt.Sprintf("%.1f", 100*q/curve.Strong))
	if o.costs != nil {
		c.USD = append(c.USD, strconv.FormatFloat(1000*o.costs.QualityAt(calls), 'f', o.decimals, 64))
	}
	if len(r.Band) > 0 {
		lo, hi := bandAt(r.Band, calls)
		c.Band = append(c.Band, o.quality(lo)+" to "+o.quality(hi))
	}
}

// futureOf returns the interval of the share of strong calls on further prompts, in per
// cent. Routers of independent samples share the cached text.
func (o operating) futureOf(t eval.Threshold) string {
	key := reach{t.AtOrAbove, t.Tied(), t.Design}
	text, ok := o.future[key]
	if !ok {
		i := t.Future(float64(o.intervals.Confidence))
		text = fmt.Sprintf("%.2f to %.2f", 100*i.Lo, 100*i.Hi)
		o.future[key] = text
	}
	return text
}

// bandAt returns the band at a share of strong calls, interpolated linearly between its
// points.
func bandAt(band []results.Bounds, share float64) (lo, hi float64) {
	k := min(int(share*float64(len(band)-1)), len(band)-2)
	a, b := band[k], band[k+1]
	w := (share - float64(a.StrongFraction)) / float64(b.StrongFraction-a.StrongFraction)
	on := func(x, y results.Value) float64 { return float64(x) + float64(w*float64(y-x)) }
	return on(a.Lo, b.Lo), on(a.Hi, b.Hi)
}
