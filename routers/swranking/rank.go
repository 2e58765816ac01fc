package swranking

import (
	"math"
	"sync"

	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/training"
)

// ranking is battles by prompt, in terms of tiers: what one query's weights turn into
// strengths.
type ranking struct {
	tiers        int       // with the anchor, if there is one
	anchored     bool      // the last tier is the anchor, see newRanking
	strong, weak int       // tiers of the pair
	first        []int     // of each prompt's entries; one more at the end
	entries      []entry   // by prompt
	pool         sync.Pool // of *bradleyterry.Wins
}

// entry is wins of one tier over another on a prompt.
type entry struct {
	winner, loser int
	wins          float64 // a tie is half a win for each
}

// newRanking sorts battles by prompt. A battle inside one tier says nothing about
// differences between tiers and is left out. The reference implementation keeps such
// a battle by mistake: one assignment overwrites the other, which leaves a battle of
// a fixed anchor of strength 0 (1000 on the Elo scale) against the tier. compat
// does the same.
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

// addWins adds to the entry of the same two tiers where there is one.
func addWins(entries []entry, e entry) []entry {
	for i := range entries {
		if entries[i].winner == e.winner && entries[i].loser == e.loser {
			entries[i].wins += e.wins
			return entries
		}
	}
	return append(entries, e)
}

// winRate returns the probability that the strong model's tier beats the weak
// model's, after weighting each prompt's battles.
func (r *ranking) winRate(weight []float64, prior float64) (float64, error) {
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
	return bradleyterry.Sigmoid(s[r.strong] - s[r.weak]), nil
}

// weigh turns a query's similarities into weights, in place: 10 times 10 to the
// similarity over the largest one (arXiv 2406.18665, section 4.1 and the reference
// implementation), so from 1 at the opposite to 100 at the nearest. Prompts
// for which skip is true get none. A query like no prompt at all weighs all alike.
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
			similarity[i] = 10
		default:
			similarity[i] = 10 * math.Exp(math.Ln10*s/largest)
		}
	}
}
