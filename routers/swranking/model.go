// Package swranking is the similarity-weighted ranking router of RouteLLM (arXiv
// 2406.18665). For each prompt it fits Bradley-Terry strengths of tiers of models to
// battles, weighted by how similar their prompts are, and returns the win rate of the
// strong model's tier against the weak model's. [Builtin] returns a built-in [Model],
// [Open] reads a model file, and [Train] fits a model to battles.
//
// The fit is exact: Newton's method on battles that are summed per pair of tiers. The
// similarities of many prompts are one matrix product.
package swranking

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// Model is a router for one pair of models. It is safe for concurrent use.
type Model struct {
	contents
	ranking *ranking
	prior   float64 // precision of the strengths' prior; 0 for none

	mean, spread float64 // mean and standard deviation of the held-out scores, if the router abstains

	heldOut func() (training.Card, error) // computes the scores that HeldOut returns, once
}

// contents are the parts of a model that its file holds.
type contents struct {
	training.Card
	memory  modelfile.Memory
	battles []training.Battle // Prompt is a row of memory
}

// newModel prepares battles for scoring. compat follows the reference implementation.
func newModel(c contents, compat bool) (*Model, error) {
	m := &Model{contents: c, prior: training.Prior}
	if compat {
		m.prior, m.Abstains = 0, false
	}
	m.measure()
	names, find := training.Models(c.battles)
	tier, err := m.tiers(names, find)
	if err != nil {
		return nil, err
	}
	m.ranking = newRanking(len(c.memory.Norm), c.battles, tier, find, compat)
	for _, side := range []struct {
		name string
		tier *int
	}{{m.Strong, &m.ranking.strong}, {m.Weak, &m.ranking.weak}} {
		i := find(side.name)
		if i < 0 {
			return nil, fmt.Errorf("no battle has the model %q", side.name)
		}
		*side.tier = tier[i]
	}
	if m.ranking.strong == m.ranking.weak {
		return nil, fmt.Errorf("%q and %q are in the same tier (of %d), so their win rate is always 1/2", m.Strong, m.Weak, NumTiers)
	}
	// Where fits start changes only how many steps they take; without a start they take all.
	m.ranking.start, _ = m.ranking.strengths(slices.Repeat([]float64{alike}, len(c.memory.Norm)), m.prior)
	m.heldOut = sync.OnceValues(func() (training.Card, error) {
		var card training.Card
		score, err := m.outOfFold(training.FoldsOf(m.memory.Norm, 0), nil)
		card.KeepHeldOut(m.memory.Norm, score)
		return card, err
	})
	return m, nil
}

// measure sets the level and the unit of the scores of unlike prompts, if the router abstains.
func (m *Model) measure() {
	if m.Abstains {
		m.mean, m.spread = winrate.Moments(m.HeldOutScore)
	}
}

// tiers groups the models by their strengths in all battles, equally weighted.
func (m *Model) tiers(names []string, find func(string) int) ([]int, error) {
	wins := bradleyterry.NewWins(len(names))
	for _, b := range m.battles {
		wins.Add(find(b.A), find(b.B), b.Won, b.Weight)
	}
	pinned := bradleyterry.Free
	if m.prior == 0 {
		pinned = 0
	}
	strength, err := wins.Fit(m.prior, pinned)
	if err != nil {
		return nil, err
	}
	return tiersOf(strength, NumTiers), nil
}

// Needs returns the vector and, if the router abstains, the features.
func (m *Model) Needs() routers.Needs { return routers.Needs{Vector: true, Features: m.Abstains} }

// Scores returns one win rate per prompt. A non-finite vector is an error. If the router abstains,
// a prompt that is unlike all training prompts has a win rate by its length.
func (m *Model) Scores(ctx context.Context, prompts []routers.Prompt) ([]float64, error) {
	queries, out := make([][]float32, len(prompts)), make([]float64, len(prompts))
	for i, p := range prompts {
		if err := p.CheckVector(); err != nil {
			return nil, err
		}
		queries[i] = p.Vector
	}
	return out, m.memory.Projections(ctx, queries, func(i int, similarity []float64, largest float64) error {
		if score, ok := m.Abstain(&prompts[i]); ok {
			out[i] = min(max(m.mean+float64(score*m.spread), 0), 1)
			return nil
		}
		err := weigh(similarity, largest)
		if err == nil {
			out[i], err = m.ranking.winRate(similarity, m.prior)
		}
		return err
	})
}

// Compat returns the router that follows the reference implementation: it has no prior, does not
// abstain, and treats battles inside a tier differently, see newRanking.
func (m *Model) Compat() (routers.Router, error) {
	return newModel(m.contents, true)
}

// HeldOut returns the score of a training prompt from the battles of the other folds. If the model
// file does not hold these scores, the first call computes all of them.
func (m *Model) HeldOut(norm string) (score float64, ok bool) {
	if len(m.HeldOutNorm) > 0 {
		return m.Card.HeldOut(norm)
	}
	c, err := m.heldOut()
	if err != nil {
		return 0, false
	}
	return c.HeldOut(norm)
}
