package eval

import (
	"cmp"
	"math"
	"slices"

	"github.com/routellm/routellm/eval/sweep"
)

// reader reads the metrics of one router on one resample off a walk, in one pass.
type reader struct {
	means
	asked     Points
	fractions []int // indices of asked.Fractions, in ascending order of the fractions
	to        Replicates
	resample  int
	passed    int  // number of the fractions that the walk has passed
	ended     bool // whether it has passed the last drawn sample
}

func newReader(asked Points) *reader {
	r := &reader{asked: asked, fractions: make([]int, len(asked.Fractions))}
	for k := range r.fractions {
		r.fractions[k] = k
	}
	slices.SortFunc(r.fractions, func(a, b int) int { return cmp.Compare(asked.Fractions[a], asked.Fractions[b]) })
	return r
}

// almost is the share of a sum at which the walk stops for an exact comparison, so that rounding
// makes it miss none.
const almost = 1 - 1e-9

// read writes the metrics of resample i to a router's replicates.
func read[D sweep.Draws](r *reader, to Replicates, i int, t *sweep.Track, draws []D, d means) {
	r.means, r.to, r.resample, r.passed, r.ended = d, to, i, 0, false
	r.start()
	var w sweep.Walk
	for sweep.Next(&w, t, draws, r.cost(), r.wanted()) {
		if w.To.Cost > w.From.Cost {
			r.pass(w.From, w.To)
		}
	}
	area, total := w.Area/2/r.n, w.To.Quality
	to.AUC[i], to.APGR[i], to.OverRandom[i] = r.weak+area/r.n, math.NaN(), overRandom(area, total)/r.n
	if total > 0 {
		to.APGR[i] = area / total
	}
}

// start sets what holds without strong calls, and all other calls for a target to "never".
func (r *reader) start() {
	for k := range r.asked.CPT {
		r.to.CPT[k][r.resample] = math.NaN()
		if r.gain > 0 {
			r.to.CPT[k][r.resample] = zeroOrNever(r.target(k, r.gain) <= 0)
		}
	}
	for k := range r.asked.Qualities {
		r.to.FractionFor[k][r.resample] = zeroOrNever(r.weak >= r.level(k))
	}
	for k, f := range r.asked.Fractions {
		r.to.QualityAt[k][r.resample] = math.NaN()
		if f == 0 {
			r.to.QualityAt[k][r.resample] = r.weak
		}
	}
	for r.passed < len(r.fractions) && !(r.fraction() > 0) {
		r.passed++
	}
}

// pass sets what the walk reaches on a block that has a drawn sample. The last such block ends with
// the strong model's mean and the sum of all gains, however the sums before were rounded.
func (r *reader) pass(from, to sweep.Point) {
	gain, x0, x1 := r.gain, from.Cost/r.n, to.Cost/r.n
	y0, y1 := r.weak+from.Quality/r.n, r.weak+to.Quality/r.n
	if !r.ended && to.Cost >= r.n*almost {
		r.ended, gain, x1, y1 = true, to.Quality, 1, r.strong
	}
	for ; r.passed < len(r.fractions) && r.fraction() <= x1; r.passed++ {
		r.to.QualityAt[r.fractions[r.passed]][r.resample] = lerp(r.fraction(), x0, x1, y0, y1)
	}
	for k := range r.asked.CPT {
		if at, t := &r.to.CPT[k][r.resample], r.target(k, gain); math.IsInf(*at, 1) && to.Quality >= t {
			*at = lerp(t, from.Quality, to.Quality, x0, x1)
		}
	}
	for k := range r.asked.Qualities {
		if at, level := &r.to.FractionFor[k][r.resample], r.level(k); math.IsInf(*at, 1) && y1 >= level {
			*at = lerp(level, y0, y1, x0, x1)
		}
	}
}

// fraction returns the fraction that the walk passes next.
func (r *reader) fraction() float64 { return r.asked.Fractions[r.fractions[r.passed]] }

// target returns the summed gain of CPT k, where gain is the sum of all gains.
func (r *reader) target(k int, gain float64) float64 { return r.asked.CPT[k] * gain / 100 }

// level returns the k-th quality to reach.
func (r *reader) level(k int) float64 { return r.asked.Qualities[k] * r.strong }

// cost returns the sum of the drawn samples' weights at which the walk must stop next: at a
// fraction, or at the last drawn sample.
func (r *reader) cost() float64 {
	switch {
	case r.passed < len(r.fractions):
		return r.n * almost * min(1, r.fraction())
	case !r.ended:
		return r.n * almost
	}
	return math.Inf(1)
}

// wanted returns the smallest summed gain that may reach a target.
func (r *reader) wanted() float64 {
	least := math.Inf(1)
	for k := range r.asked.CPT {
		if math.IsInf(r.to.CPT[k][r.resample], 1) {
			least = min(least, r.target(k, r.gain))
		}
	}
	for k := range r.asked.Qualities {
		if math.IsInf(r.to.FractionFor[k][r.resample], 1) {
			level := r.level(k)
			least = min(least, r.n*(level-r.weak-(1-almost)*max(math.Abs(level), math.Abs(r.weak))))
		}
	}
	return least
}

func zeroOrNever(zero bool) float64 {
	if zero {
		return 0
	}
	return math.Inf(1)
}
