package swranking

import (
	"math"
	"sync"

	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/training"
)

// ranking holds the battles per prompt, as battles between tiers. With the weights of a
// query it gives the tiers' strengths.
type ranking struct {
	tiers        int       // number of tiers, including the anchor if there is one
	anchored     bool      // reports whether the last tier is the anchor, see newRanking
	strong, weak int       // tiers of the pair
	first        []int     // index of each prompt's first entry, plus the number of entries
	entries      []entry   // ordered by prompt
	pool         sync.Pool // holds *bradleyterry.Wins
}

// entry counts the wins of one tier over another on a prompt.
type entry struct {
	winner, loser int
	wins          float64 // a tie is half a win for each
}

// newRanking groups battles by prompt. A battle inside one tier says nothing about
// differences between tiers and is left out. The reference implementation keeps it by
// mistake: one assignment overwrites another, which leaves a battle of the tier against a
// fixed anchor of strength 0 (1000 on the Elo scale). compat reproduces that.
func newRanking(prompts int, battles []training.Battle, tier []int, find func(string) int, compat bool) *ranking {
	r := &ranking{first: make([]int, prompts+1)}
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
	for i, entries := range byPrompt {
		r.entries = append(r.entries, entries...)
		r.first[i+1] = len(r.entries)
	}
	r.pool.New = func() any { return bradleyterry.NewWins(r.tiers) }
	return r
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
	wins := r.pool.Get().(*bradleyterry.Wins)
	defer r.pool.Put(wins)
	wins.Reset()
	for i, w := range weight {
		for _, e := range r.entries[r.first[i]:r.first[i+1]] {
			*wins.Of(e.winner, e.loser) += float64(w * e.wins)
		}
	}
	pinned := 0
	switch {
	case r.anchored:
		pinned = r.tiers - 1
	case prior > 0:
		pinned = bradleyterry.Free
	}
	s, err := wins.Fit(prior, pinned)
	if err != nil {
		return 0, err
	}
	return s[r.strong] - s[r.weak], nil
}

// alike is the weight of every prompt if none is more similar to the query than others.
const alike = 10

// weigh turns a query's similarities into weights, in place: 10 * 10^(similarity /
// largest similarity) (arXiv 2406.18665 and the reference implementation). Weights range
// from 1 for an opposite prompt to 100 for the nearest. Prompts for which skip returns
// true get weight 0. If no prompt has a positive similarity, all others get the weight alike.
func weigh(similarity []float64, skip func(i int) bool) {
	largest := 0.0
	for i, s := range similarity {
		if s > largest && (skip == nil || !skip(i)) {
			largest = s
		}
	}
	for i, s := range similarity {
		switch {
		case skip != nil && skip(i):
			similarity[i] = 0
		case largest == 0:
			similarity[i] = alike
		default:
			similarity[i] = 10 * math.Exp(math.Ln10*s/largest)
		}
	}
}
