package harness

import (
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
)

// PairDecisions has every contender send the share at of the samples of benchmark i to
// the strong model, and compares the decisions of each pair of contenders, in the order
// (0,1), (0,2), ..., (1,2), ... The sets must be aligned, see [Align]. Ties are broken at
// random by the seed.
func PairDecisions(contenders []Contender, i int, at float64, seed uint64) ([]results.PairedDecisions, error) {
	scores := make([][]float64, len(contenders))
	for k, c := range contenders {
		scores[k] = c.scores(i)
	}
	routed, err := route(scores, at, seed)
	if err != nil {
		return nil, err
	}
	var out []results.PairedDecisions
	for a := range routed {
		for b := a + 1; b < len(routed); b++ {
			out = append(out, decisionsOf(contenders[0].Set.Benchmarks[i], routed[a], routed[b], false))
		}
	}
	return out, nil
}

// route returns each router's decision per sample: true for the share at of the samples
// that it sends to the strong model.
func route(scores [][]float64, at float64, seed uint64) ([][]bool, error) {
	out := make([][]bool, len(scores))
	for k := range scores {
		var err error
		if out[k], err = eval.Route(scores[k], at, seed); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// decisionsOf counts the samples by how the decisions of two routers differ, and with
// byTask lists them. Of corrected labels it counts the gold samples alone, by their gold labels: the
// others are right on average, and not one by one.
func decisionsOf(s *ScoredBenchmark, a, b []bool, byTask bool) results.PairedDecisions {
	if s.Gold != nil {
		rows := s.goldRows()
		s, a, b = s.onGold(rows), slicesx.Pick(a, rows), slicesx.Pick(b, rows)
	}
	flips := eval.Flips(s.Outcomes, a, b)
	var count [4]int
	for _, f := range flips {
		count[f]++
	}
	d := results.PairedDecisions{
		Rescues: count[eval.Rescue], Losses: count[eval.Loss], Safe: count[eval.Safe], Hard: count[eval.Hard],
		McNemar: results.Value(math.NaN()),
	}
	if s.Outcomes.Binary() && s.Outcomes.Weight == nil { // its splits are even only of equal samples
		d.McNemar = results.Value(eval.McNemar(d.Rescues, d.Losses))
	}
	if byTask {
		d.Tasks = taskFlips(s, flips)
	}
	return d
}

// goldRows returns the indices of the samples with gold labels.
func (s *ScoredBenchmark) goldRows() []int {
	var rows []int
	for i, v := range s.Gold.Strong {
		if !math.IsNaN(v) {
			rows = append(rows, i)
		}
	}
	return rows
}

// onGold returns the given samples with their gold labels, without scores.
func (s *ScoredBenchmark) onGold(rows []int) *ScoredBenchmark {
	return &ScoredBenchmark{IDs: slicesx.Pick(s.IDs, rows), Tasks: slicesx.Pick(s.Tasks, rows), Outcomes: s.Gold.Select(rows)}
}

// taskFlips lists the samples by task, with the tasks in order of appearance.
func taskFlips(s *ScoredBenchmark, flips []eval.Flip) []results.TaskFlips {
	var tasks []results.TaskFlips
	for i, task := range eval.ClusterIDs(s.Tasks) {
		if task == len(tasks) {
			tasks = append(tasks, results.TaskFlips{Task: s.Tasks[i], Rescues: []string{}, Losses: []string{}, Safe: []string{}, Hard: []string{}})
		}
		t := &tasks[task]
		list := [...]*[]string{eval.Rescue: &t.Rescues, eval.Loss: &t.Losses, eval.Safe: &t.Safe, eval.Hard: &t.Hard}[flips[i]]
		*list = append(*list, s.IDs[i])
	}
	return tasks
}
