package measure

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
)

// sliceParts holds what the interval of a slice's APGR is computed from.
type sliceParts struct {
	outcomes  eval.Outcomes
	clusters  []int
	influence []float64 // nil without an APGR
	freedom   float64
	support   int // number of clusters with observed outcomes
}

// pooled is the name of the slice that holds all tasks too small for an APGR of their own.
const pooled = "other"

// slicesOf measures each task by itself, in order of appearance, and then the small ones
// together, unless all are small.
func slicesOf(s Samples, scores []float64) ([]results.Slice, []sliceParts, error) {
	rows := rowsOf(s.Tasks)
	return slicesWith(len(rows), func(tasks []int) (results.Slice, sliceParts, error) {
		var index []int
		for _, t := range tasks {
			index = append(index, rows[t]...)
		}
		slices.Sort(index) // tied scores keep the order of the samples
		slice, x, err := sliceOf(s, scores, index)
		slice.Task = s.Tasks[index[0]]
		return slice, x, err
	})
}

// slicesWith measures each of so many tasks by itself, and then the small ones together, unless all
// are small. of measures some tasks together, and names the slice after the first.
func slicesWith(tasks int, of func(tasks []int) (results.Slice, sliceParts, error)) ([]results.Slice, []sliceParts, error) {
	out, parts, small := []results.Slice{}, []sliceParts(nil), []int(nil)
	add := func(tasks []int) error {
		slice, x, err := of(tasks)
		slice.Tasks = len(tasks)
		out, parts = append(out, slice), append(parts, x)
		return err
	}
	for t := range tasks {
		if err := add([]int{t}); err != nil {
			return nil, nil, err
		}
		if parts[t].support < eval.MinIntervalClusters {
			small = append(small, t)
		}
	}
	if len(small) < 2 || len(small) == tasks {
		return out, parts, nil
	}
	err := add(small)
	out[tasks].Task = pooled
	return out, parts, err
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

// sliceOf measures the samples given by their indices. APGR exists with a measurable gap and
// enough clusters for an interval: on fewer it is far too small, because only a lucky gap is
// measurable.
func sliceOf(s Samples, scores []float64, index []int) (results.Slice, sliceParts, error) {
	scores = slicesx.Pick(scores, index)
	x := sliceParts{outcomes: s.Outcomes.Select(index), clusters: eval.ClusterIDs(slicesx.Pick(s.Clusters, index))}
	c, err := eval.NewCurve(x.outcomes, scores)
	if err != nil {
		return results.Slice{}, x, err
	}
	gap, err := eval.NewGap(x.outcomes, x.clusters)
	if err != nil {
		return results.Slice{}, x, err
	}
	support := eval.NewSupport(x.outcomes, x.clusters)
	x.support = support.Clusters
	slice := results.Slice{
		Samples: len(index), Clusters: 1 + slices.Max(x.clusters),
		StrongQuality: results.Value(c.Strong), WeakQuality: results.Value(c.Weak), GapState: results.NewGap(gap).State,
		APGR: results.NewMetric(math.NaN()), AreaOverRandom: results.NewMetric(c.AreaOverRandom()),
	}
	if !gap.Measurable() || support.Clusters < support.Needed() {
		return slice, x, nil
	}
	slice.APGR, x.freedom = results.NewMetric(c.APGR()), support.Freedom()
	x.influence, err = eval.Influence(x.outcomes, scores)
	return slice, x, err
}
