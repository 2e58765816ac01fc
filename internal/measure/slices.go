package measure

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
)

// sliceSE holds what the interval of a slice's APGR is computed from.
type sliceSE struct {
	clusters int
	se       float64 // standard error of APGR; 0 if APGR does not exist
}

// slicesOf measures each task by itself, in order of appearance.
func slicesOf(s Samples, scores []float64) ([]results.Slice, []sliceSE, error) {
	rows := rowsOf(s.Tasks)
	out, errors := make([]results.Slice, len(rows)), make([]sliceSE, len(rows))
	for t, index := range rows {
		var err error
		if out[t], errors[t], err = sliceOf(s, scores, index); err != nil {
			return nil, nil, err
		}
	}
	return out, errors, nil
}

// rowsOf returns the indices of the samples of each task, with the tasks in order of
// appearance.
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

// sliceOf measures the samples of one task, given by their indices.
func sliceOf(s Samples, scores []float64, index []int) (results.Slice, sliceSE, error) {
	o := s.Outcomes.Select(index)
	scores, clusters := slicesx.Pick(scores, index), eval.ClusterIDs(slicesx.Pick(s.Clusters, index))
	c, err := eval.NewCurve(o, scores)
	if err != nil {
		return results.Slice{}, sliceSE{}, err
	}
	gap, err := eval.NewGap(o, clusters)
	if err != nil {
		return results.Slice{}, sliceSE{}, err
	}
	slice, x := results.Slice{
		Task: s.Tasks[index[0]], Samples: len(index),
		StrongQuality: results.Value(c.Strong), WeakQuality: results.Value(c.Weak), GapState: results.NewGap(gap).State,
		APGR: results.NewMetric(math.NaN()), AreaOverRandom: results.NewMetric(c.AreaOverRandom()),
	}, sliceSE{clusters: slices.Max(clusters) + 1}
	if !gap.Measurable() {
		return slice, x, nil
	}
	slice.APGR = results.NewMetric(c.APGR())
	influence, err := eval.Influence(o, scores)
	x.se = eval.ClusterSE(influence, clusters)
	return slice, x, err
}
