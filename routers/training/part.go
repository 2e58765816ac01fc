package training

import (
	"math"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
)

// Pick returns the outcomes of the prompts at the given indices, in their order.
func (o *Outcomes) Pick(rows []int) *Outcomes {
	out := &Outcomes{
		Models: o.Models, Prompts: slicesx.Pick(o.Prompts, rows), Norm: slicesx.Pick(o.Norm, rows),
		Cluster: slicesx.Pick(o.Cluster, rows), Quality: o.Quality.Pick(rows), Cost: o.Cost,
	}
	if o.Cost.Rows() > 0 {
		out.Cost = o.Cost.Pick(rows)
	}
	for _, s := range o.Sources {
		s.Prompts = len(rows)
		out.Sources = append(out.Sources, s)
	}
	return out
}

// Pair returns the outcomes of two of the models as a source of kind [Gold], on the prompts on which
// both were measured, and the index of each of these prompts. In its battles, the qualities of all
// models span the scale.
func (o *Outcomes) Pair(strong, weak int) (s *Source, rows []int) {
	s = &Source{Kind: Gold, Name: o.Sources[0].Name, SHA256: o.Sources[0].SHA256}
	length := rangeOf(o.Quality.Values)
	for i := range o.Prompts {
		a, b := o.Quality.At(i, strong), o.Quality.At(i, weak)
		if !num.Finite(a) || !num.Finite(b) {
			continue
		}
		s.Battles = append(s.Battles, Battle{len(rows), o.Models[strong], o.Models[weak], datasets.WonShare(a, b, length), 1})
		s.Prompts, s.Norm = append(s.Prompts, o.Prompts[i]), append(s.Norm, o.Norm[i])
		s.Label, s.Won, s.Gain = append(s.Label, a-b), append(s.Won, better(a, b)), append(s.Gain, a-b)
		rows = append(rows, i)
	}
	return s, rows
}

// rangeOf returns the largest finite value minus the smallest one, 0 if there is none.
func rangeOf(x []float64) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range x {
		if num.Finite(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return max(hi-lo, 0)
}
