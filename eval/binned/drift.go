package binned

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
)

// Drift compares the scores of new prompts with those of reference prompts, as [eval.Drift] does. KS and P have the
// ranges that the exact numbers, of the scores themselves, certainly lie in: KS is what the edges of the bins show, and
// PSI is computed from groups of whole bins.
type Drift struct {
	Reference, New int64 // number of scores
	KS, P          Value
	PSI            float64
	// Coarse says that a bin holds several tenths of the reference scores. PSI is then that of fewer and wider
	// parts than tenths, and may be larger.
	Coarse bool
	// WorthReference and WorthNew are the numbers of independent scores that both sides count as: fewer than there are
	// where buckets show that clusters make them alike.
	WorthReference, WorthNew float64
}

// Drifted reports whether the scores have drifted, see [eval.Drift.Drifted], and whether that is certain: for all of the
// range of P and, where bins are wider than tenths, for every larger PSI.
func (d Drift) Drifted(confidence float64) (drifted, certain bool) {
	at := func(p, psi float64) bool { return eval.Drift{P: p, PSI: psi}.Drifted(confidence) }
	most := d.PSI
	if d.Coarse {
		most = math.Inf(1)
	}
	return at(d.P.Value, d.PSI), at(d.P.Hi, d.PSI) == at(d.P.Lo, most)
}

// common is a range of scores that holds whole bins of both summaries.
type common struct {
	max    float64
	single bool    // it holds one score
	a, b   float64 // sizes in both summaries
}

// NewDrift compares a summary of new scores with one of reference scores. It returns an error if their bins have no edges
// in common.
func NewDrift(reference, fresh *Summary) (Drift, error) {
	d := Drift{Reference: reference.Rows(), New: fresh.Rows()}
	ranges := commonRanges(reference, fresh)
	if len(ranges) == 1 && !ranges[0].single {
		return d, hint.With(fmt.Errorf("the bins of the two summaries have no edges in common: nothing is known of how far apart the scores are"),
			"make both with the same bins: routellm sql drift prints both queries")
	}
	n, m := reference.curve.Size(), fresh.curve.Size()
	d.KS = distance(ranges, n, m)
	d.PSI, d.Coarse = stability(ranges, n, m, reference.Rows(), fresh.Rows())
	d.WorthReference, d.WorthNew = reference.Worth(), fresh.Worth()
	p := func(ks float64) float64 { return eval.KolmogorovP(ks, d.WorthReference, d.WorthNew) }
	d.P = Value{p(d.KS.Value), p(d.KS.Hi), p(d.KS.Lo)}
	return d, nil
}

// commonRanges returns the smallest ranges of scores, in ascending order, that divide the bins of both summaries.
func commonRanges(a, b *Summary) []common {
	type part struct {
		Bin
		second bool
	}
	var parts []part
	for _, x := range a.Bins {
		parts = append(parts, part{x, false})
	}
	for _, x := range b.Bins {
		parts = append(parts, part{x, true})
	}
	slices.SortFunc(parts, func(x, y part) int { return cmp.Or(cmp.Compare(x.Min, y.Min), cmp.Compare(x.Max, y.Max)) })
	var out []common
	for _, p := range parts {
		k := len(out) - 1
		if k < 0 || p.Min > out[k].max {
			out = append(out, common{max: p.Max, single: true})
			k++
		}
		r := &out[k]
		r.single = r.single && p.single() && p.Max == r.max
		r.max = max(r.max, p.Max)
		if p.second {
			r.b += p.N
		} else {
			r.a += p.N
		}
	}
	return out
}

// distance returns the Kolmogorov-Smirnov statistic. Between two ranges both distribution functions are known; inside of
// one, each lies between its values at the ends.
func distance(ranges []common, n, m float64) Value {
	known, most, below, under := 0.0, 0.0, 0.0, 0.0
	for _, r := range ranges {
		f, g := below/n, under/m
		below, under = below+r.a, under+r.b
		if !r.single {
			most = max(most, below/n-g, under/m-f)
		}
		known = max(known, math.Abs(below/n-under/m))
	}
	most = min(1, max(most, known))
	return Value{known, known, most}
}

// stability returns the population stability index over tenths of the reference scores, each made of whole ranges, and
// whether a range of several scores holds several tenths. n and m are the sizes of both sides, and rows their numbers of
// scores.
func stability(ranges []common, n, m float64, rowsA, rowsB int64) (index float64, coarse bool) {
	var before, after []float64
	scaleA, scaleB := float64(rowsA)/n, float64(rowsB)/m
	last := len(ranges) - 1
	for last > 0 && ranges[last].a == 0 {
		last-- // the largest reference score
	}
	p, q, below, tenth := 0.0, 0.0, 0.0, int64(1)
	for i, r := range ranges {
		p, q, below = p+r.a*scaleA, q+r.b*scaleB, below+r.a*scaleA
		first := tenth
		for tenth < eval.PSIBins && math.Round(below) > float64(tenth*rowsA/eval.PSIBins) {
			tenth++
		}
		coarse = coarse || tenth > first+1 && !r.single
		if tenth > first && i < last || i == len(ranges)-1 {
			before, after = append(before, p), append(after, q)
			p, q = 0, 0
		}
	}
	return eval.StabilityIndex(before, after), coarse
}

// Worth returns the number of independent scores that the summary's are worth: their number divided by the largest design
// effect on the share above a tenth, as [eval.EffectiveScores] does.
func (s *Summary) Worth() float64 {
	effect := 1.0
	for k := 1; k < eval.PSIBins; k++ {
		if t, err := s.Threshold(float64(k) / eval.PSIBins); err == nil {
			effect = max(effect, s.Design(t.Threshold).Effect)
		}
	}
	return float64(s.Rows()) / effect
}

// ShareAbove returns the share of the scores at or above a threshold; NaN if the threshold lies inside of a bin.
func (s *Summary) ShareAbove(threshold float64) float64 {
	above := 0.0
	for _, b := range s.Bins {
		switch {
		case b.Min >= threshold:
			above += b.N
		case b.Max >= threshold:
			return nan
		}
	}
	return above / s.curve.Size()
}

// Design returns the design effect of the clusters on the share of scores at or above a threshold, as the buckets show it;
// the zero Design without buckets. Weights count in it.
func (s *Summary) Design(threshold float64) eval.Design {
	if !s.Bucketed {
		return eval.Design{}
	}
	place := map[int32]int{}
	var size, hits []float64
	scale := float64(s.Rows()) / s.curve.Size()
	for _, c := range s.Cells {
		k, known := place[c.Bucket]
		if !known {
			k = len(size)
			place[c.Bucket] = k
			size, hits = append(size, 0), append(hits, 0)
		}
		size[k] += c.N * scale
		if s.Bins[c.Bin].Min >= threshold {
			hits[k] += c.N * scale
		}
	}
	return eval.BucketDesign(size, hits)
}
