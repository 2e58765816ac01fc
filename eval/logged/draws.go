package logged

// Few logged decisions went against the logged threshold, and they carry most of the error of an
// estimate. Resamples underestimate this error if none of them happens to be where a threshold
// needs it, or if those few happen to have equal outcomes. But the probabilities are known, and
// so is the number of such decisions to expect: what is missing can be added.

// Missing is what resamples lack of the variance of three quantities, each at least 0: a
// threshold's value, its difference from the logged decisions' mean, and its difference from a
// random share of strong calls.
type Missing struct{ Value, Logged, Random float64 }

// Missing returns what resamples lack of the variance of a method's estimates: the part that the
// draws of the sides cause, by the known probabilities and the mean squared residual of each side,
// less the same part by the residuals of the decisions themselves.
func (e *Estimator) Missing(t float64, m Method) Missing {
	k := e.calls(t)
	square := e.squares(m, k)
	share := float64(k) / float64(len(e.units))
	var out Missing
	for i := range e.units {
		u := &e.units[i]
		need, far := int8(strong), 1-share
		if i >= k {
			need, far = weak, share
		}
		other := 1 - need
		p, rest := u.p[need], u.p[other]
		model := e.modelled(u, m, k)
		r := u.y - model[u.side]
		gap := model[need] - model[other]
		out.Value += square[need] * rest / p
		out.Logged += square[need]*rest*rest/p + rest*(square[other]+gap*gap)
		out.Random += far * far * (square[need]/p + square[other]/rest)
		out.Random -= far * far * r * r / (u.p[u.side] * u.p[u.side])
		if u.side == need {
			out.Value -= r * r * rest / (p * p)
			out.Logged -= r * r * rest * rest / (p * p)
		} else {
			out.Logged -= (gap - r) * (gap - r)
		}
	}
	n := float64(len(e.units))
	return Missing{max(0, out.Value/(n*n)), max(0, out.Logged/(n*n)), max(0, out.Random/(n*n))}
}

// modelled returns what a method takes for both sides' outcomes of a decision.
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

// squares returns the mean squared residual of each side: of both sides together for a side
// without answers.
func (e *Estimator) squares(m Method, k int) [2]float64 {
	var n, total [2]float64
	for i := range e.units {
		u := &e.units[i]
		r := u.y - e.modelled(u, m, k)[u.side]
		n[u.side]++
		total[u.side] += r * r
	}
	both := (total[strong] + total[weak]) / (n[strong] + n[weak])
	out := [2]float64{both, both}
	for side := range out {
		if n[side] > 0 {
			out[side] = total[side] / n[side]
		}
	}
	return out
}
