package logged

import "math"

var nan = math.NaN()

// Value says what the log tells about one threshold.
type Value struct {
	Threshold      float64 // the strong side is asked where score >= Threshold
	StrongFraction float64 // share of the decisions with such a score, in [0,1]
	Estimates              // mean outcome, by method
	// Effective is the effective sample size of the weights (Kish, Survey Sampling, 1965): (sum
	// w)^2 / sum w^2, the number of equally weighted answers that would tell as much. 0 if no
	// logged decision is the threshold's.
	Effective float64
	Matched   float64 // share of the decisions whose logged side is the threshold's, in [0,1]
	Against   int     // number of those that went against the logged threshold, with a propensity below 1/2
	MaxWeight float64 // largest weight; 0 if no logged decision is the threshold's
}

// At returns the value of a threshold: -Inf stands for always strong, +Inf for always weak.
func (e *Estimator) At(t float64) Value {
	v := e.at(e.calls(t), e.tallies())
	v.Threshold = t
	return v
}

// Curve returns the values of all thresholds that differ in a decision: +Inf, then every
// distinct score, falling. It takes O(n log n) time.
func (e *Estimator) Curve() []Value {
	tallies := e.tallies()
	out := []Value{e.at(0, tallies)}
	for k := 1; k <= len(e.units); k++ {
		if k == len(e.units) || e.units[k].score != e.units[k-1].score {
			out = append(out, e.at(k, tallies))
		}
	}
	return out
}

// at returns the value of the threshold with k strong calls.
func (e *Estimator) at(k int, tallies []tally) Value {
	n := len(e.units)
	v := Value{Threshold: math.Inf(1), StrongFraction: float64(k) / float64(n), Estimates: values(e.sums[k], e.sums[n])}
	if k > 0 {
		v.Threshold = e.units[k-1].score
	}
	t := tallies[k]
	v.Matched, v.Against, v.MaxWeight = float64(t.matched)/float64(n), t.against, t.largest
	if t.squares > 0 {
		weights := e.sums[k][strong].weights + e.sums[n][weak].weights - e.sums[k][weak].weights
		v.Effective = weights * weights / t.squares
	}
	return v
}

// tally counts the decisions whose logged side is a threshold's.
type tally struct {
	matched, against int
	squares, largest float64 // sum of the squared weights, and the largest weight
}

// add adds a decision.
func (t *tally) add(p float64) {
	t.matched++
	if p < 0.5 {
		t.against++
	}
	t.squares += 1 / (p * p)
	t.largest = max(t.largest, 1/p)
}

// tallies returns the tally of the threshold with k strong calls, for every k.
func (e *Estimator) tallies() []tally {
	n := len(e.units)
	out := make([]tally, n+1)
	var above, below tally
	for k, u := range e.units {
		if u.side == strong {
			above.add(u.p[strong])
		}
		out[k+1] = above
	}
	for k := n - 1; k >= 0; k-- {
		if u := e.units[k]; u.side == weak {
			below.add(u.p[weak])
		}
		t := &out[k]
		t.matched += below.matched
		t.against += below.against
		t.squares += below.squares
		t.largest = max(t.largest, below.largest)
	}
	return out
}
