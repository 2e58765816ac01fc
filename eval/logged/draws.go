package logged

import "math"

// Few logged decisions went against the score, and they carry most of the error of an estimate.
// Resamples underestimate this error if hardly any of them is where a threshold needs it, or if
// those few happen to have equal outcomes. But the probabilities are known, and with them the
// number of such decisions to expect: what is missing can be added.

// Missing holds what resamples lack of the variance of three estimates, each at least 0: a threshold's
// value, its difference from the logged decisions' mean, and its difference from a random choice
// with the same share of strong calls.
type Missing struct{ Value, Logged, Random float64 }

// Missing returns what resamples lack of the variance of a method's estimates. It is the variance
// that the draws of the sides cause, by the known probabilities and the mean squared residual of
// each side (see [draws]), less the same variance by the squared residuals as they were drawn.
func (e *Estimator) Missing(t float64, m Method) Missing {
	var value, logged, other, random [2]draws
	k := e.calls(t)
	share := float64(k) / float64(len(e.units))
	for i := range e.units {
		u := &e.units[i]
		need, far := int8(strong), 1-share
		if i >= k {
			need, far = weak, share
		}
		model := e.modelled(u, m, k)
		r, gap := u.y-model[u.side], model[need]-model[1-need]
		for side, p := range u.p {
			drawn := int(u.side) == side
			random[side].add(p, far*far*(1-p)/(p*p), drawn, r)
			if side == int(need) {
				value[side].add(p, (1-p)/(p*p), drawn, r)
				logged[side].add(p, (1-p)*(1-p)*(1-p)/(p*p), drawn, r)
			} else {
				other[side].add(p, 1-p, drawn, r-gap)
			}
		}
	}
	prior, n := e.prior(m, k), float64(len(e.units))
	total := func(all ...[2]draws) (sum float64) {
		for _, d := range all {
			sum += d[strong].missing(prior[strong]) + d[weak].missing(prior[weak])
		}
		return sum / (n * n)
	}
	return Missing{total(value), total(logged, other), total(random)}
}

// artificial is the number of artificial residuals. The interval of Agresti and Coull (American
// Statistician 52, 1998) for a share has 3.84, the square of the normal quantile. The simulations
// in docs/metrics.md need more, because a few residuals with large weights are skewed.
const artificial = 6

// draws sums up a part of the variance. A decision counts if its side was the one that matters,
// which had the probability p; it then adds scale times its squared residual.
type draws struct {
	expected float64 // sum of p scale
	fourth   float64 // sum of p scale^2
	seen     float64 // sum of the drawn scales
	squares  float64 // sum of the drawn scales times the squared residuals
}

func (d *draws) add(p, scale float64, drawn bool, residual float64) {
	d.expected += float64(p * scale)
	d.fourth += float64(p * scale * scale)
	if drawn {
		d.seen += scale
		d.squares += float64(scale * residual * residual)
	}
}

// missing returns what the drawn residuals lack, at least 0. The mean squared residual to expect
// is that of the drawn ones and of artificial ones, which have the square prior. The drawn ones
// count as the number of equally weighted ones that the probabilities promise, expected^2 / fourth.
func (d draws) missing(prior float64) float64 {
	if d.expected == 0 {
		return 0
	}
	number, square := d.expected*d.expected/d.fourth, prior
	if d.seen > 0 {
		square = (number*d.squares/d.seen + artificial*prior) / (number + artificial)
	}
	return max(0, d.expected*square-d.squares)
}

// prior returns, for each side, the square of an artificial residual: the root of the mean fourth
// power of the residuals of all its answers and of as many artificial ones, which are as far from
// their mean as the outcomes of the log reach. Rare outcomes make it large.
func (e *Estimator) prior(m Method, k int) (out [2]float64) {
	var n, y, fourth [2]float64
	for i := range e.units {
		u := &e.units[i]
		r := u.y - e.modelled(u, m, k)[u.side]
		n[u.side]++
		y[u.side] += u.y
		fourth[u.side] += float64(r * r * r * r)
	}
	for side := range out {
		mean := (e.least + e.most) / 2
		if n[side] > 0 {
			mean = y[side] / n[side]
		}
		down, up := mean-e.least, e.most-mean
		worst := (down*down + up*up) / 2
		out[side] = math.Sqrt((fourth[side] + artificial*worst*worst) / (n[side] + artificial))
	}
	return out
}

// modelled returns the outcomes that a method expects from both sides for a decision, without the
// decision's own outcome; k is the threshold's number of strong calls.
func (e *Estimator) modelled(u *unit, m Method, k int) (out [2]float64) {
	switch m {
	case IPS:
	case SNIPS:
		v := values(e.sums[k], e.sums[len(e.units)])[SNIPS]
		out[strong], out[weak] = v, v
	default:
		lines := &e.whole[u.fold]
		out[strong], out[weak] = lines[strong].at(u.x), lines[weak].at(u.x)
	}
	return out
}
