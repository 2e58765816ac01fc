package logged

// sum holds what some decisions add to estimates if all of them go to one side: the number of
// decisions, the modelled outcomes and, from those that were logged on this side, the weights, the
// weighted outcomes and the weighted residuals.
type sum struct{ n, modelled, weights, outcomes, residuals float64 }

// minus returns the rest of a sum without a part.
func (s sum) minus(part sum) sum {
	return sum{s.n - part.n, s.modelled - part.modelled, s.weights - part.weights, s.outcomes - part.outcomes, s.residuals - part.residuals}
}

// sums holds the sums of the k decisions with the largest scores, for both sides.
type sums [2]sum

// scan writes the sums of a resample with the models that were fitted to it. out[slot[k]] gets
// those of the k decisions with the largest scores, unless slot[k] is negative.
func (e *Estimator) scan(weight []int32, m models, slot []int32, out []sums) {
	var s sums
	if slot[0] >= 0 {
		out[slot[0]] = s
	}
	for k := range e.units {
		u := &e.units[k]
		if w := float64(weight[u.cluster]); w > 0 {
			lines := &m[u.fold]
			s[strong].n += w
			s[weak].n += w
			s[strong].modelled += float64(w * lines[strong].at(u.x))
			s[weak].modelled += float64(w * lines[weak].at(u.x))
			own := &s[u.side]
			w *= u.weight
			own.weights += w
			own.outcomes += float64(w * u.y)
			own.residuals += float64(w * (u.y - lines[u.side].at(u.x)))
		}
		if j := slot[k+1]; j >= 0 {
			out[j] = s
		}
	}
}

// Method is a way to estimate a threshold's value. The package comment defines each.
type Method int

// The methods.
const (
	IPS Method = iota
	SNIPS
	DR
	SNDR
	Methods // their number
)

// String returns the method's name as in flags and documents.
func (m Method) String() string { return [...]string{"ips", "snips", "dr", "sndr"}[m] }

// Estimates holds one value per method: NaN where no logged decision is the threshold's.
type Estimates [Methods]float64

// values returns the estimates from the sums above the threshold and those of all decisions.
func values(above, all sums) (out Estimates) {
	up, down := above[strong], all[weak].minus(above[weak])
	n, weights := all[strong].n, up.weights+down.weights
	outcomes, residuals := up.outcomes+down.outcomes, up.residuals+down.residuals
	modelled := (up.modelled + down.modelled) / n
	out[IPS], out[SNIPS] = outcomes/n, outcomes/weights
	out[DR], out[SNDR] = modelled+residuals/n, modelled+residuals/weights
	if !(weights > 0) {
		for m := range out {
			out[m] = nan
		}
	}
	return out
}
