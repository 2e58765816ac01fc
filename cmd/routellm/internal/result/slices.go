package result

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
)

// slicesOf evaluates each task by itself, in order of appearance.
func slicesOf(s Subject, scores []float64) ([]Slice, error) {
	rows := rowsOf(s.Tasks)
	out := make([]Slice, len(rows))
	for t, index := range rows {
		slice, err := newSlice(s, scores, index)
		if err != nil {
			return nil, err
		}
		out[t] = slice
	}
	return out, nil
}

// rowsOf lists the samples of each task, in order of appearance.
func rowsOf(tasks []string) [][]int {
	var rows [][]int
	for i, id := range eval.ClusterIDs(tasks) {
		if id == len(rows) {
			rows = append(rows, nil)
		}
		rows[id] = append(rows[id], i)
	}
	return rows
}

func newSlice(s Subject, scores []float64, index []int) (Slice, error) {
	o := s.Outcomes.Select(index)
	scores, clusters := slicesx.Pick(scores, index), eval.ClusterIDs(slicesx.Pick(s.Clusters, index))
	c, err := eval.NewCurve(o, scores)
	if err != nil {
		return Slice{}, err
	}
	gap, err := eval.NewGap(o, clusters)
	if err != nil {
		return Slice{}, err
	}
	slice := Slice{
		Task: s.Tasks[index[0]], Samples: len(index), clusters: slices.Max(clusters) + 1,
		StrongQuality: Value(c.Strong), WeakQuality: Value(c.Weak), GapState: gapStates[gap.State],
		APGR: NewMetric(math.NaN()), AreaOverRandom: NewMetric(c.AreaOverRandom()),
	}
	if !hasGap(gap) {
		return slice, nil
	}
	slice.APGR = NewMetric(c.APGR())
	influence, err := eval.Influence(o, scores)
	slice.se = eval.ClusterSE(influence, clusters)
	return slice, err
}
