package pages

import (
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// summaryRandom returns the random router of a benchmark from summaries. It has a band only if the
// spread of a random order is known.
func summaryRandom(b results.Benchmark) eval.Random {
	n, squares := float64(b.Samples), 0.0
	if sd := b.Random.APGRSD; sd.Exists() { // see eval.NewRandom
		spread := float64(sd) * float64(b.Gap.Value) * n
		squares = 12 * n * spread * spread / (n + 1)
	}
	return eval.RandomOf(n, float64(b.StrongQuality)*n, float64(b.WeakQuality)*n, squares)
}

// summaryPoints computes the operating points of every router with a curve from the vertices that the
// results keep, which are exact.
func summaryPoints(b results.Benchmark) report.Points {
	o := operating{u: render.UnitOf(b), b: b, intervals: results.Intervals{Method: "none"}}
	out := report.Points{Unit: o.unit()}
	for _, r := range b.Routers {
		if r.Point != nil {
			continue
		}
		column, curve := report.RouterPoints{Name: r.Name}, curveOf(b, r)
		for p := range report.Positions {
			o.add(&column, r, curve, float64(p)/(report.Positions-1), r.Scores != results.ClosedForm, eval.Design{})
		}
		out.Routers = append(out.Routers, column)
	}
	return out
}

// curveOf returns the curve through the vertices of a router's results.
func curveOf(b results.Benchmark, r results.Router) *eval.Curve {
	c := &eval.Curve{N: b.Samples, Strong: float64(b.StrongQuality), Weak: float64(b.WeakQuality)}
	for _, p := range r.Curve {
		c.Vertices = append(c.Vertices, eval.Vertex{Threshold: p.Cut(), StrongFraction: float64(p.StrongFraction), Quality: float64(p.Quality)})
	}
	return c
}

// summaryTasks returns a table with one row per task and every router's APGR, nil without tasks.
func summaryTasks(b results.Benchmark, i results.Intervals) *report.Block {
	b.Routers = slices.DeleteFunc(slices.Clone(b.Routers), func(r results.Router) bool { return len(r.Slices) < 2 })
	if len(b.Routers) == 0 {
		return nil
	}
	return &report.Block{Caption: taskCaption(b, i), Table: taskAPGR(b, i)}
}
