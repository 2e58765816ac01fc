package eval

import (
	"cmp"
	"math"
	"slices"
)

// RandomRouter stands for the random router in a [Pairing]. Its area over random is 0 on any
// samples.
const RandomRouter = -1

// Pairing names two routers to compare, by index. B may be [RandomRouter].
type Pairing struct{ A, B int }

// AllPairs returns the pairings of n routers with each other: (0,1), (0,2), ... (1,2), ...
func AllPairs(n int) []Pairing {
	var out []Pairing
	for a := range n {
		for b := a + 1; b < n; b++ {
			out = append(out, Pairing{a, b})
		}
	}
	return out
}

// AgainstRandom returns the pairings of n routers with the random one.
func AgainstRandom(n int) []Pairing {
	out := make([]Pairing, n)
	for k := range out {
		out[k] = Pairing{k, RandomRouter}
	}
	return out
}

// Family tests several differences between routers together, so that all verdicts of a table
// are right at once with the given confidence, however many there are. It compares areas
// over random, which exist without a gap between the models; APGR differs in the same
// direction. All replicates must come from the same resamples.
type Family struct {
	Values     []float64   // area over random, one value per router
	Replicates [][]float64 // area over random on each resample, one row per router; NaN counts as most extreme
	Clusters   int         // number of clusters that the resamples draw from, at least 2
	Confidence float64     // confidence that no verdict is wrong, in (0,1)
}

// Tested is the test of one difference.
type Tested struct {
	Value    float64 // value of A minus value of B
	P        float64 // two-sided p value of this difference alone
	Adjusted float64 // p value adjusted for all differences of the family
	// Withheld reports that few samples carry the difference: resamples of them are no evidence,
	// whatever the p values.
	Withheld bool
	// Critical is the smallest difference, in standard errors, that the family's test finds
	// significant: 1.96 for one difference at 0.95, more if others are tested with it.
	Critical float64
}

// Verdict returns the verdict that the adjusted p value allows: better, worse or
// inconclusive.
func (t Tested) Verdict(confidence float64) Verdict {
	switch {
	case t.Withheld || !(t.Adjusted <= 1-confidence+1e-9): // 1 - 0.9 is slightly below 0.1
		return Inconclusive
	case t.Value > 0:
		return Better
	}
	return Worse
}

// Test tests every pairing by the step-down max-|t| method (Romano and Wolf 2005): a difference
// is compared with the largest of the differences that are not significant yet, in standard
// errors and on the same resamples. The method uses how the routers depend on each other and
// is therefore at least as sharp as Holm's, up to Monte Carlo error. Standard errors are the
// standard deviations of the replicates; with few clusters, Student's distribution takes the
// place of the normal one.
func (f Family) Test(pairs []Pairing) []Tested {
	out, order := make([]Tested, len(pairs)), make([]int, len(pairs))
	sizes, sds := make([]float64, len(pairs)), make([]float64, len(pairs))
	for h, p := range pairs {
		out[h].Value, sds[h] = f.spread(p)
		sizes[h], order[h] = f.size(out[h].Value, sds[h]), h
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sizes[b], sizes[a]) })
	largest, alone := make([]float64, len(f.Replicates[0])), make([]float64, len(f.Replicates[0]))
	for k := len(order) - 1; k >= 0; k-- { // from the smallest difference to the largest
		h := order[k]
		f.deviations(alone, pairs[h], out[h].Value, sds[h])
		for b, x := range alone {
			largest[b] = max(largest[b], x)
		}
		out[h].P, out[h].Adjusted = tailShare(alone, sizes[h]), tailShare(largest, sizes[h])
		out[h].Critical = f.critical(largest)
	}
	last := 0.0
	for _, h := range order { // a smaller difference cannot have a smaller p value
		last = max(last, out[h].Adjusted)
		out[h].Adjusted = last
	}
	return out
}

// Supporter says how few samples carry each difference of a family, as [PairSupports] does.
type Supporter interface{ Of(Pairing) Support }

// Withhold marks the significant tests that too few samples support: the interval of the
// difference alone, which [Support.Paired] widens or withholds, does not exclude 0.
func (f Family) Withhold(tests []Tested, pairs []Pairing, s Supporter) {
	for h, p := range pairs {
		if tests[h].Verdict(f.Confidence) == Inconclusive {
			continue
		}
		i := Percentile(f.differences(p), s.Of(p).Paired(f.Confidence))
		tests[h].Withheld = !(i.Lo > 0 || i.Hi < 0)
	}
}

// differences returns the difference of a pairing on each resample.
func (f Family) differences(p Pairing) []float64 {
	_, x := f.area(p.A)
	_, y := f.area(p.B)
	out := slices.Clone(x)
	for i := range y {
		out[i] -= y[i]
	}
	return out
}

// Widening returns the factor, at least 1, by which the arms of the pairings' intervals at a
// confidence must be widened so that all of them hold at once: the quantile of the largest
// deviation on a resample, each in units of its own quantile (the max statistic). Pairings
// with [RandomRouter] stand for the routers' own values. It is +Inf with too few resamples.
func (f Family) Widening(pairs []Pairing, confidence float64) float64 {
	largest, alone := make([]float64, len(f.Replicates[0])), make([]float64, len(f.Replicates[0]))
	for _, p := range pairs {
		value, sd := f.spread(p)
		f.deviations(alone, p, value, sd)
		if unit := quantileAbove(alone, confidence); unit > 0 {
			for b, x := range alone {
				largest[b] = max(largest[b], x/unit)
			}
		}
	}
	return max(1, quantileAbove(largest, confidence))
}

// area returns a router's area over random and its replicates, nil for the random router.
func (f Family) area(k int) (float64, []float64) {
	if k == RandomRouter {
		return 0, nil
	}
	return f.Values[k], f.Replicates[k]
}

// spread returns the difference of a pairing and the standard deviation of its replicates. Both
// are 0 if the two routers differ by rounding only.
func (f Family) spread(p Pairing) (value, sd float64) {
	const rounding = 1e-12
	a, _ := f.area(p.A)
	b, y := f.area(p.B)
	draws, scale := slices.DeleteFunc(f.differences(p), math.IsNaN), 0.0
	for i := range y {
		scale = max(scale, math.Abs(y[i]))
	}
	sd = math.Sqrt(squaredDeviations(draws) / float64(len(draws)))
	if sd <= rounding*scale && math.Abs(a-b) <= rounding*scale {
		return 0, 0
	}
	return a - b, sd
}

// size returns the size of a difference in standard errors, as the normal quantile with the
// same p value as Student's t. The resamples' variance is short by the factor (C - 1)/C.
func (f Family) size(value, sd float64) float64 {
	if value == 0 {
		return 0
	}
	c := float64(f.Clusters)
	t := math.Abs(value) / (sd * math.Sqrt(c/(c-1)))
	return NormalQuantile(1 - StudentP(t, f.Clusters))
}

// deviations writes how far the pairing's difference is from its value on each resample, in
// standard deviations.
func (f Family) deviations(to []float64, p Pairing, value, sd float64) {
	_, x := f.area(p.A)
	_, y := f.area(p.B)
	for i := range to {
		d := x[i] - value
		if y != nil {
			d -= y[i]
		}
		to[i] = 0
		if sd > 0 {
			to[i] = math.Abs(d) / sd
		}
		if math.IsNaN(d) {
			to[i] = math.Inf(1)
		}
	}
}

// critical returns the quantile of the largest deviations at the family's confidence, at least
// the normal one, as a quantile of Student's distribution.
func (f Family) critical(largest []float64) float64 {
	z := max(NormalQuantile(f.Confidence), quantileAbove(largest, f.Confidence))
	return StudentQuantile(math.Erf(z/math.Sqrt2), f.Clusters)
}

// tailShare returns (1 + m)/(B + 1), where m is the number of the B values that are at least x.
func tailShare(values []float64, x float64) float64 {
	const slack = 1e-9 // rounding must not make equal sizes differ
	count := 1
	for _, v := range values {
		if v >= x*(1-slack) {
			count++
		}
	}
	return float64(count) / float64(len(values)+1)
}

// quantileAbove returns the smallest of the values that all but a share of 1 - confidence do not
// exceed; +Inf if there are too few.
func quantileAbove(values []float64, confidence float64) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	k := int(math.Ceil(confidence*float64(len(sorted)+1) - 1e-9))
	if k > len(sorted) {
		return math.Inf(1)
	}
	return sorted[k-1]
}
