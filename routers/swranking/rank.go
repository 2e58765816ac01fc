package swranking

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/floats"

	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/internal/neighbours"
	"github.com/routellm/routellm/routers/training"
)

// ranking holds the battles per prompt, as battles between tiers. With the weights of a
// query it gives the tiers' strengths.
type ranking struct {
	tiers        int       // number of tiers, including the anchor if there is one
	anchored     bool      // reports whether the last tier is the anchor, see newRanking
	strong, weak int       // tiers of the pair
	single       []single  // entries of prompts with few entries
	whole        []whole   // entries of the other prompts
	start        []float64 // strengths if all prompts weigh the same, from which fits start; nil for 0
	pool         sync.Pool // holds *bradleyterry.Wins
}

// entry counts the wins of one tier over another on a prompt.
type entry struct {
	winner, loser int
	wins          float64 // a tie is half a win for each
}

// single is the same entry on several prompts, whose weights are added up first.
type single struct {
	cell    int // index in the table of wins
	wins    float64
	prompts []int32
}

// whole holds the table of wins of one prompt.
type whole struct {
	prompt int
	wins   []float64
}

// newRanking groups battles by prompt. A battle inside one tier says nothing about
// differences between tiers and is left out. The reference implementation keeps it by
// mistake: one assignment overwrites another, which leaves a battle of the tier against a
// fixed anchor of strength 0 (1000 on the Elo scale). compat reproduces that.
func newRanking(prompts int, battles []training.Battle, tier []int, find func(string) int, compat bool) *ranking {
	r := &ranking{}
	for _, t := range tier {
		r.tiers = max(r.tiers, t+1)
	}
	anchor := r.tiers
	byPrompt := make([][]entry, prompts)
	add := func(prompt, a, b int, won float64) {
		if won > 0 {
			byPrompt[prompt] = addWins(byPrompt[prompt], entry{a, b, won})
		}
	}
	for _, b := range battles {
		x, y := tier[find(b.A)], tier[find(b.B)]
		if x == y {
			if !compat {
				continue
			}
			x, r.anchored = anchor, true
		}
		add(b.Prompt, x, y, float64(b.Weight*b.Won))
		add(b.Prompt, y, x, float64(b.Weight*(1-b.Won)))
	}
	if r.anchored {
		r.tiers++
	}
	r.pool.New = func() any { return bradleyterry.NewWins(r.tiers) }
	r.arrange(byPrompt)
	return r
}

// arrange stores entries in the forms in which a query adds them up fastest.
func (r *ranking) arrange(byPrompt [][]entry) {
	type key struct {
		cell int
		wins float64
	}
	prompts := map[key][]int32{}
	for i, entries := range byPrompt {
		if len(entries) > r.tiers*r.tiers/8 {
			wins := bradleyterry.NewWins(r.tiers)
			for _, e := range entries {
				*wins.Of(e.winner, e.loser) = e.wins
			}
			r.whole = append(r.whole, whole{i, wins.Table()})
			continue
		}
		for _, e := range entries {
			k := key{e.winner*r.tiers + e.loser, e.wins}
			prompts[k] = append(prompts[k], int32(i))
		}
	}
	for k, of := range prompts {
		r.single = append(r.single, single{k.cell, k.wins, of})
	}
	slices.SortFunc(r.single, func(a, b single) int { return cmp.Or(cmp.Compare(a.cell, b.cell), cmp.Compare(a.wins, b.wins)) })
}

// addWins adds e to the entry of the same two tiers, or appends it.
func addWins(entries []entry, e entry) []entry {
	for i := range entries {
		if entries[i].winner == e.winner && entries[i].loser == e.loser {
			entries[i].wins += e.wins
			return entries
		}
	}
	return append(entries, e)
}

// winRate returns the probability that the strong model's tier beats the weak model's,
// with the battles of each prompt weighted.
func (r *ranking) winRate(weight []float64, prior float64) (float64, error) {
	gap, err := r.gap(weight, prior)
	return bradleyterry.Sigmoid(gap), err
}

// gap returns how far the strength of the strong model's tier is above the weak model's.
func (r *ranking) gap(weight []float64, prior float64) (float64, error) {
	s, err := r.strengths(weight, prior)
	if err != nil {
		return 0, err
	}
	return s[r.strong] - s[r.weak], nil
}

// strengths returns the tiers' strengths.
func (r *ranking) strengths(weight []float64, prior float64) ([]float64, error) {
	wins := r.pool.Get().(*bradleyterry.Wins)
	defer r.pool.Put(wins)
	wins.Reset()
	table := wins.Table()
	for _, s := range r.single {
		table[s.cell] += float64(s.wins * sumAt(weight, s.prompts))
	}
	for _, w := range r.whole {
		floats.AddScaled(table, weight[w.prompt], w.wins)
	}
	pinned := 0
	switch {
	case r.anchored:
		pinned = r.tiers - 1
	case prior > 0:
		pinned = bradleyterry.Free
	}
	return wins.FitFrom(r.start, prior, pinned)
}

// sumAt returns the sum of the values at some indices. Four sums side by side take a third of the time.
func sumAt(x []float64, at []int32) float64 {
	var a, b, c, d float64
	for ; len(at) >= 4; at = at[4:] {
		a, b, c, d = a+x[at[0]], b+x[at[1]], c+x[at[2]], d+x[at[3]]
	}
	for _, i := range at {
		a += x[i]
	}
	return (a + b) + (c + d)
}

// alike is the weight of every prompt if none is more similar to the query than others.
const alike = 10

// weigh turns a query's similarities, in any unit, into weights, in place: 10 * 10^(similarity /
// largest similarity) (arXiv 2406.18665 and the reference implementation). Weights range
// from 1 for an opposite prompt to 100 for the nearest. If no prompt has a positive similarity, all
// get the weight alike. It is an error if the largest one is infinite.
func weigh(similarity []float64, largest float64) error {
	if math.IsInf(largest, 1) {
		return errors.New("the vector times that of a training prompt is too large for a number")
	}
	if largest > 0 {
		neighbours.Powers(similarity, math.Log2(10)/largest, 10)
		return nil
	}
	for i := range similarity {
		similarity[i] = alike
	}
	return nil
}
