package answers

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Sampling says which of many prompts are asked.
type Sampling struct {
	Prompts int    // Prompts is the number of prompts to draw; 0 or more than there are takes all
	ByTask  bool   // ByTask draws equally many of each task, as far as it has so many
	Seed    uint64 // Seed is another draw each
}

// Draw returns a random sample of the prompts, without repeats and in the order of the file. The
// digests of seed, id and prompt decide: the same prompts are drawn whatever the order of the file,
// and a larger sample without ByTask holds a smaller one.
//
// Weights make up for what was left out: a prompt that stands for k prompts of its task has k times
// its weight, so that weighted means estimate those of the whole file without bias.
func (p *Prompts) Draw(s Sampling) (*Prompts, error) {
	if s.Prompts <= 0 || s.Prompts >= p.Rows() {
		return p, nil
	}
	strata, err := p.strata(s)
	if err != nil {
		return nil, err
	}
	taken := allot(s.Prompts, strata)
	var rows []int
	weight := make([]float64, p.Rows())
	for k, stratum := range strata {
		for _, row := range stratum[:taken[k]] {
			rows = append(rows, row)
			weight[row] = float64(len(stratum)) / float64(taken[k])
			if p.Weight != nil {
				weight[row] *= p.Weight[row]
			}
		}
	}
	slices.Sort(rows)
	return p.sampled(rows, weight), nil
}

// strata returns the rows of each task, or of all, each in the order in which they are drawn.
func (p *Prompts) strata(s Sampling) ([][]int, error) {
	if s.ByTask && p.Task == nil {
		return nil, hint.With(fmt.Errorf("%q: has no tasks to draw by", p.Name), "name their column with --task, or draw without --by-task")
	}
	digests := make([][]byte, p.Rows())
	var names []string
	byName := map[string][]int{}
	for row := range digests {
		sum := sha256.Sum256([]byte(strconv.FormatUint(s.Seed, 10) + "\x00" + p.SampleID[row] + "\x00" + p.Prompt[row]))
		digests[row] = sum[:]
		name := ""
		if s.ByTask {
			name = p.Task[row]
		}
		if byName[name] == nil {
			names = append(names, name)
		}
		byName[name] = append(byName[name], row)
	}
	if s.Prompts < len(names) {
		return nil, hint.With(fmt.Errorf("%q: %s, but only %s to draw", p.Name, text.Plural(len(names), "task"), text.Plural(s.Prompts, "prompt")),
			"a task without a prompt would be missing in every estimate: draw more, or without --by-task")
	}
	slices.Sort(names)
	out := make([][]int, len(names))
	for k, name := range names {
		out[k] = byName[name]
		slices.SortFunc(out[k], func(a, b int) int {
			return cmp.Or(bytes.Compare(digests[a], digests[b]), cmp.Compare(a, b))
		})
	}
	return out, nil
}

// allot divides n draws among strata: equally many each, all of a stratum that has fewer, and what
// is left over to the first ones. n is at least the number of strata.
func allot(n int, strata [][]int) []int {
	out := make([]int, len(strata))
	for n > 0 {
		open := 0
		for k := range strata {
			if out[k] < len(strata[k]) {
				open++
			}
		}
		share := max(1, n/open)
		for k := range strata {
			more := min(share, len(strata[k])-out[k], n)
			out[k] += more
			n -= more
		}
	}
	return out
}

// sampled returns the prompts of some rows with their weights, which are left out if they are equal.
func (p *Prompts) sampled(rows []int, weight []float64) *Prompts {
	out := *p
	out.File = p.Pick(rows)
	out.system, out.numbers = pick(p.system, rows), map[string][]float64{}
	for name, values := range p.numbers {
		out.numbers[name] = pick(values, rows)
	}
	out.Weight = pick(weight, rows)
	if first := out.Weight[0]; !slices.ContainsFunc(out.Weight, func(w float64) bool { return math.Abs(w-first) > 1e-9*first }) {
		out.Weight = nil
	}
	return &out
}
