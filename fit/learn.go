package fit

import (
	"context"
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
)

// curveShares are the shares of the training part in the learning curve, besides all of it.
var curveShares = []float64{0.125, 0.25, 0.5}

// curveGroups is the number of groups of parts that are left out in turn, to save trainings.
const curveGroups = 3

// leastPoints is the smallest number of points from which the curve is extrapolated.
const leastPoints = 3

// point is one point of the learning curve under way.
type point struct {
	*trial
	share   float64
	samples float64 // mean number of training rows
}

// learner returns the trial whose learning curve is measured: the chosen one or, if that learns
// nothing, the best one that learns; nil if there is none.
func (f *fitting) learner() *trial {
	if f.chosen.way != untrained {
		return f.chosen
	}
	var best *trial
	for _, t := range f.trials {
		if t.eligible() && t.way != untrained && (best == nil || t.value > best.value) {
			best = t
		}
	}
	return best
}

// learn measures the learning curve.
func (f *fitting) learn(ctx context.Context) error {
	full := f.learner()
	if full == nil {
		return nil
	}
	var points []point
	for k, share := range curveShares {
		p, err := f.learned(ctx, full.kind, share)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil { // else too few rows to train on
			points = append(points, p)
		}
		f.progress("learning curve", k+1, len(curveShares))
	}
	var trials []*trial
	for _, p := range points {
		trials = append(trials, p.trial)
	}
	if err := f.measure(ctx, trials); err != nil {
		return err
	}
	whole := float64(len(f.train)) * float64(f.parts.Parts-1) / float64(f.parts.Parts)
	f.draw(append(points, point{full, 1, whole}))
	return nil
}

// learned returns the out-of-fold scores or predictions of a router that is trained on a share of
// the rows outside a group of parts. Smaller shares are parts of larger ones.
func (f *fitting) learned(ctx context.Context, k kind, share float64) (point, error) {
	p := point{trial: &trial{kind: k}, share: share}
	models := len(f.data.Models)
	p.scores = make([]float64, len(f.train))
	p.predictions = pool.Predictions{Quality: pool.NewMatrix(len(f.train), models), Cost: pool.NewMatrix(len(f.train), models)}
	_, drawn := eval.Split(f.keys(), share, f.options.Seed)
	p.samples = float64(len(drawn)) * (curveGroups - 1) / curveGroups
	return p, concurrently(curveGroups, func() {}, func(group int) error {
		var in, out []int
		for _, i := range drawn {
			if f.parts.Of[i]%curveGroups != group {
				in = append(in, f.train[i])
			}
		}
		for i, of := range f.parts.Of {
			if of%curveGroups == group {
				out = append(out, i)
			}
		}
		return f.predict(ctx, p.trial, in, out)
	})
}

// predict trains a router on some rows of the data, and fills in its scores or predictions of other
// rows, given by their indices in f.train.
func (f *fitting) predict(ctx context.Context, t *trial, in, out []int) error {
	rows := slicesx.Pick(f.train, out)
	if f.pairwise() {
		router, _, _, err := f.fitPair(ctx, t.kind, in, true)
		if err != nil {
			return err
		}
		scores, err := f.score(ctx, router, rows)
		for k, s := range scores {
			t.scores[out[k]] = s
		}
		return err
	}
	m, _, err := f.data.TrainPool(ctx, t.router, in)
	if err != nil {
		return err
	}
	quality, cost, err := m.Predict(ctx, slicesx.Pick(f.data.Prompts, rows))
	if err != nil {
		return err
	}
	for k, i := range out {
		copy(t.predictions.Quality.Row(i), quality.Row(k))
		copy(t.predictions.Cost.Row(i), cost.Row(min(k, cost.Rows()-1)))
	}
	return nil
}

// keys returns the key of each training row by which shares are drawn.
func (f *fitting) keys() []string {
	return eval.Groups(slicesx.Pick(f.data.Norm, f.train), slicesx.Pick(f.data.Cluster, f.train))
}

// draw describes the points, and what twice the training rows would add and reach by the
// least-squares line a + b/sqrt(n). Both are weighted sums of the points' values, so that their
// standard errors follow from the same influences or resamples, which allow for the luck of the
// validated rows. How far the points are off the line allows for that of the training parts.
func (f *fitting) draw(points []point) {
	missing := results.Metric{Value: results.Missing, Lo: results.Missing, Hi: results.Missing}
	curve := &results.LearningCurve{Router: points[0].name, Gain: missing, Reached: missing}
	z := eval.NormalQuantile(f.options.Confidence)
	for _, p := range points {
		se := f.se(p.trial, nil, f.parts)
		curve.Points = append(curve.Points, results.LearningPoint{
			Share: results.Value(p.share), Samples: int(math.Round(p.samples)), SE: results.Value(se / f.unitOf),
			Value: results.Metric{Value: results.Value(f.shown(p.value)), Lo: results.Value(f.shown(p.value - z*se)), Hi: results.Value(f.shown(p.value + z*se))},
		})
	}
	f.doc.Curve = curve
	if len(points) < leastPoints {
		return
	}
	l, n := newLine(points), float64(len(f.train))
	now, twice := l.weights(1/math.Sqrt(n)), l.weights(1/math.Sqrt(2*n))
	gain := make([]float64, len(points))
	for k := range gain {
		gain[k] = twice[k] - now[k]
	}
	metric := func(weights []float64, shown func(float64) float64) results.Metric {
		t := combine(points, weights)
		reach := z * math.Hypot(f.se(t, nil, f.parts), l.luck(weights))
		return results.Metric{Value: results.Value(shown(t.value)), Lo: results.Value(shown(t.value - reach)), Hi: results.Value(shown(t.value + reach))}
	}
	curve.Gain = metric(gain, func(v float64) float64 { return v / f.unitOf })
	curve.Reached = metric(twice, f.shown)
}

// line is the least-squares line through the values of points over x = 1/sqrt(training rows).
type line struct {
	points  []point
	x       []float64
	mean    float64 // mean of x
	squares float64 // sum of its squared deviations
}

func newLine(points []point) line {
	l := line{points: points}
	for _, p := range points {
		l.x = append(l.x, 1/math.Sqrt(p.samples))
		l.mean += l.x[len(l.x)-1] / float64(len(points))
	}
	for _, v := range l.x {
		l.squares += float64((v - l.mean) * (v - l.mean))
	}
	return l
}

// weights returns the weight of each point's value in the line's value at x.
func (l line) weights(x float64) []float64 {
	out := make([]float64, len(l.x))
	for k, v := range l.x {
		out[k] = 1/float64(len(l.x)) + float64((v-l.mean)*(x-l.mean))/l.squares
	}
	return out
}

// luck returns the standard error of a weighted sum of the points' values, if each is off the line
// by luck of its own.
func (l line) luck(weights []float64) float64 {
	off, squares := 0.0, 0.0
	for k, x := range l.x {
		d := l.points[k].value - combine(l.points, l.weights(x)).value
		off += float64(d * d)
		squares += float64(weights[k] * weights[k])
	}
	return math.Sqrt(off / float64(len(l.x)-2) * squares)
}

// combine returns a trial whose value is a weighted sum of those of points.
func combine(points []point, weights []float64) *trial {
	sum := func(part func(p point) []float64) []float64 {
		if part(points[0]) == nil {
			return nil
		}
		out := make([]float64, len(part(points[0])))
		for k, p := range points {
			for i, v := range part(p) {
				out[i] += float64(weights[k] * v)
			}
		}
		return out
	}
	t := &trial{
		influence:  sum(func(p point) []float64 { return p.influence }),
		replicates: sum(func(p point) []float64 { return p.replicates }),
	}
	for k, p := range points {
		t.value += float64(weights[k] * p.value)
	}
	return t
}
