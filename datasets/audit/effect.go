package audit

import (
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
)

// Numbers are what an evaluation reports of a pair of models.
type Numbers struct {
	Samples      int
	Strong, Weak float64   // mean qualities
	GapSE        float64   // cluster-robust; NaN with a single cluster
	Oracle       float64   // APGR of the oracle; NaN without a gap
	APGR         []float64 // of each of [Input.Scores]; NaN without a gap
}

// Gap is the mean quality of the strong model above the weak one's.
func (n Numbers) Gap() float64 { return n.Strong - n.Weak }

// Effect is what a finding does to the numbers.
type Effect struct{ Before, After Numbers }

// Measure returns the numbers before and after a finding is mended; false where there is
// no pair, where mending changes nothing, or where nothing is left.
func Measure(in Input, f Finding) (Effect, bool) {
	before := sampleOf(in)
	if f.Mend == Nothing || before == nil {
		return Effect{}, false
	}
	after := before.mended(f)
	if after == nil {
		return Effect{}, false
	}
	a, okA := before.numbers()
	b, okB := after.numbers()
	return Effect{a, b}, okA && okB
}

// sample is what is evaluated of the input.
type sample struct {
	in           Input
	strong, weak []float64 // a value a row
	used         []bool
}

// sampleOf is what eval takes: neither contaminated nor missing. nil without a pair.
func sampleOf(in Input) *sample {
	strong, ok := in.Table.QualityOf(in.Strong)
	weak, ok2 := in.Table.QualityOf(in.Weak)
	if !ok || !ok2 {
		return nil
	}
	s := &sample{in: in, strong: strong, weak: weak, used: make([]bool, len(strong))}
	for i := range s.used {
		s.used[i] = !in.Table.Contaminated[i] && !math.IsNaN(strong[i]-weak[i])
	}
	return s
}

// mended is the sample without the finding; nil if that is the same.
func (s *sample) mended(f Finding) *sample {
	out := *s
	if f.Mend == Relabel {
		switch f.About {
		case s.in.Strong:
			out.strong = f.Corrected
		case s.in.Weak:
			out.weak = f.Corrected
		default:
			return nil
		}
		return &out
	}
	out.used = make([]bool, len(s.used))
	copy(out.used, s.used)
	changed := false
	for _, i := range f.Rows {
		out.used[i] = f.Mend == Restore && !math.IsNaN(s.strong[i]-s.weak[i])
		changed = changed || out.used[i] != s.used[i]
	}
	if !changed {
		return nil
	}
	return &out
}

// numbers evaluates the sample; false if it is empty or its qualities are not finite.
func (s *sample) numbers() (Numbers, bool) {
	rows := rowsWhere(len(s.used), func(i int) bool { return s.used[i] })
	o := eval.Outcomes{Strong: slicesx.Pick(s.strong, rows), Weak: slicesx.Pick(s.weak, rows)}
	if o.Validate() != nil {
		return Numbers{}, false
	}
	gap, err := eval.NewGap(o, eval.ClusterIDs(slicesx.Pick(s.in.Table.Cluster, rows)))
	if err != nil {
		return Numbers{}, false
	}
	n := Numbers{Samples: len(rows), GapSE: gap.SE, Oracle: apgr(o, eval.OracleScores(o), gap)}
	n.Strong, n.Weak = o.Means()
	for _, r := range s.in.Scores {
		n.APGR = append(n.APGR, apgr(o, slicesx.Pick(r.Values, rows), gap))
	}
	return n, true
}

// apgr is NaN where eval does not report it.
func apgr(o eval.Outcomes, scores []float64, gap eval.Gap) float64 {
	c, err := eval.NewCurve(o, scores)
	if err != nil || gap.State != eval.GapEstablished && gap.State != eval.GapThin {
		return math.NaN()
	}
	return c.APGR()
}
