package ridge

import (
	"context"
	"sync"

	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/parallel"
)

// manyInputs is the number of inputs from which on settings are validated on fewer parts: solving
// takes time with its third power.
const manyInputs = 512

// Errors holds the squared errors of held-out rows: [excluded part][setting][target]. The row of a
// part that was excluded holds the errors of the other parts' rows, each predicted without its own
// part and the excluded one: it can choose a setting for predictions of the excluded part. The
// last element excludes no part.
type Errors [][][]float64

// Search measures settings by cross-validation. candidates returns the predictions of every target
// for each setting, from the rows outside some parts. done, if non-nil, is called after each step
// with the number of steps done and of all, never concurrently.
func (s *Sums) Search(ctx context.Context, candidates func(Rest) [][]inputs.Linear, done func(done, total int)) (Errors, error) {
	pairs := s.pairs()
	first, second := make([][][]float64, len(pairs)), make([][][]float64, len(pairs))
	var lock sync.Mutex
	n := 0
	err := parallel.Each(ctx, len(pairs), func(k int) {
		f, g := pairs[k][0], pairs[k][1]
		for _, fits := range candidates(s.Without(f, g)) {
			first[k] = append(first[k], s.Errors(f, fits))
			second[k] = append(second[k], s.Errors(g, fits))
		}
		lock.Lock()
		defer lock.Unlock()
		if n++; done != nil {
			done(n, len(pairs))
		}
	})
	if err != nil {
		return nil, err
	}
	out := make(Errors, s.parts+1)
	for k, p := range pairs { // in order, because sums depend on it
		if f, g := p[0], p[1]; f == g {
			out.add(s.parts, first[k])
		} else {
			out.add(g, first[k])
			out.add(f, second[k])
		}
	}
	return out, nil
}

// pairs lists the parts to leave out together. A part paired with itself is left out alone.
func (s *Sums) pairs() (out [][2]int) {
	many := len(s.blocks[0].parts[0].x) > manyInputs
	for f := range s.parts {
		for g := f; g < s.parts; g++ {
			if near := g-f <= 1 || f == 0 && g == s.parts-1; near || !many {
				out = append(out, [2]int{f, g})
			}
		}
	}
	return out
}

// add adds errors to those of an excluded part.
func (e Errors) add(excluded int, errs [][]float64) {
	if e[excluded] == nil {
		e[excluded] = make([][]float64, len(errs))
		for k := range errs {
			e[excluded][k] = make([]float64, len(errs[k]))
		}
	}
	for k := range errs {
		for t, v := range errs[k] {
			e[excluded][k][t] += v
		}
	}
}

// Best returns the setting with the smallest error of some targets together, for an excluded
// part: of equal ones the last.
func (e Errors) Best(excluded int, targets ...int) int {
	best, least := 0, 0.0
	for k := range e[excluded] {
		if sum := e.Sum(excluded, k, targets...); k == 0 || sum <= least {
			best, least = k, sum
		}
	}
	return best
}

// Sum returns the error of some targets together.
func (e Errors) Sum(excluded, setting int, targets ...int) float64 {
	sum := 0.0
	for _, t := range targets {
		sum += e[excluded][setting][t]
	}
	return sum
}
