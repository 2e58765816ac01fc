package audit

import (
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
)

// Numbers holds what an evaluation reports about a pair of models. The APGR of a router is the
// area under its curve of performance gap recovered; see [eval.Curve.APGR].
type Numbers struct {
	Samples      int       // number of samples that are evaluated
	Strong, Weak float64   // mean qualities
	GapSE        float64   // cluster-robust standard error of Gap; NaN if there is a single cluster
	Oracle       float64   // APGR of the oracle; NaN if the gap is not established
	APGR         []float64 // APGR of each router in [Input.Scores]; NaN if the gap is not established
}

// Gap returns the mean quality of the strong model minus that of the weak model.
func (n Numbers) Gap() float64 { return n.Strong - n.Weak }

// Effect holds the numbers before and after a defect is removed.
type Effect struct{ Before, After Numbers }

// Measure evaluates the input before and after the defect f is removed. It returns false if the
// input names no pair of models, if removing the defect changes nothing, or if no samples are
// left.
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

// sample holds the part of the input that is evaluated.
type sample struct {
	in           Input
	strong, weak []float64 // qualities, one per row
	used         []bool    // whether the row is evaluated
}

// sampleOf returns the rows that eval uses: those that are not contaminated and have both
// qualities. It returns nil if the input names no pair of models.
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

// mended returns the sample with the defect removed, or nil if that changes nothing.
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

// numbers evaluates the sample. It returns false if the sample is empty or a quality is not
// finite.
func (s *sample) numbers() (Numbers, bool) {
	rows := rowsWhere(len(s.used), func(i int) bool { return s.used[i] })
	o := eval.Outcomes{Strong: slicesx.Pick(s.strong, rows), Weak: slicesx.Pick(s.weak, rows)}
	if o.Validate() != nil {
		return Numbers{}, false
	}
	gap, err := eval.NewGap(o, eval.ClusterIDs(slicesx.Pick(clustersOf(s.in), rows)))
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

// clustersOf returns the clusters by which eval counts: the table's, with those of equal prompts
// joined.
func clustersOf(in Input) []string {
	if in.Table.PromptNormSHA256 == nil {
		return in.Table.Cluster
	}
	return eval.Groups(in.Table.Cluster, in.Table.PromptNormSHA256)
}

// apgr returns the APGR of the scores, or NaN if eval does not report it.
func apgr(o eval.Outcomes, scores []float64, gap eval.Gap) float64 {
	c, err := eval.NewCurve(o, scores)
	if err != nil || gap.State != eval.GapEstablished && gap.State != eval.GapThin {
		return math.NaN()
	}
	return c.APGR()
}
