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
	out, parts := []results.Slice{}, []sliceParts(nil)
	add := func(name string, tasks int, index []int) error {
		slice, x, err := sliceOf(s, scores, index)
		slice.Task, slice.Tasks = name, tasks
		out, parts = append(out, slice), append(parts, x)
		return err
	}
	rows, small, rest := rowsOf(s.Tasks), 0, []int(nil)
	for t, index := range rows {
		if err := add(s.Tasks[index[0]], 1, index); err != nil {
			return nil, nil, err
		}
		if parts[t].support < eval.MinIntervalClusters {
			small++
			rest = append(rest, index...)
		}
	}
	if small < 2 || small == len(rows) {
		return out, parts, nil
	}
	slices.Sort(rest) // tied scores keep the order of the samples
	err := add(pooled, small, rest)
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
