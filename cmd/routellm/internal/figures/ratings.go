package figures

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/training"
)

// rating is a model's strength on the Elo scale, with the mean of all models at 1000,
// and its price where there is a source for one.
type rating struct {
	model   string
	battles int
	estimate
	price *datasets.Price
}

// ratings estimates the models' strengths from votes (Bradley and Terry 1952), with
// intervals from votes drawn again, whole prompts at a time. The strongest comes first.
func ratings(ctx context.Context, votes *datasets.Table, boot eval.Bootstrap) ([]rating, error) {
	a := newArena(votes)
	out := make([]rating, len(a.models))
	for i, m := range a.models {
		out[i].model = m
	}
	once := make([]int32, a.clusters)
	for i := range once {
		once[i] = 1
	}
	for _, f := range a.fights {
		out[f.a].battles++
		out[f.b].battles++
	}
	elo, err := a.elos(once)
	if err != nil {
		return nil, err
	}
	draws, err := a.draw(ctx, boot)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].estimate = estimate{elo[i], eval.Percentile(draws[i], boot.Confidence)}
	}
	slices.SortStableFunc(out, func(a, b rating) int { return cmp.Compare(b.value, a.value) })
	return out, addPrices(out)
}

// arena is votes, ready to be counted again and again.
type arena struct {
	models   []string
	fights   []fight
	clusters int
}

// tieShare is the share of ties among the battles of which we know that the stronger
// model did not win, and what happened instead: 720 of 1,280.
const tieShare = 720.0 / 1280

// halfWins is what a winner is worth to model_a.
var halfWins = map[string]float64{
	"model_a": 1, "model_b": 0, "tie": 0.5, "tie_or_model_a": 1 - tieShare/2, "tie_or_model_b": tieShare / 2,
}

// fight is a battle by numbers: of its models and of its prompt's cluster.
type fight struct {
	a, b, cluster int
	won           float64
}

func newArena(votes *datasets.Table) arena {
	clusters := eval.ClusterIDs(votes.Cluster)
	out := arena{clusters: slices.Max(clusters) + 1}
	number := map[string]int{}
	find := func(model string) int {
		if _, ok := number[model]; !ok {
			number[model] = len(out.models)
			out.models = append(out.models, model)
		}
		return number[model]
	}
	for i, w := range votes.Winner {
		out.fights = append(out.fights, fight{find(votes.ModelA[i]), find(votes.ModelB[i]), clusters[i], halfWins[w]})
	}
	return out
}

// elos fits strengths to battles that count as often as their cluster was drawn.
func (a arena) elos(drawn []int32) ([]float64, error) {
	wins := bradleyterry.NewWins(len(a.models))
	for _, f := range a.fights {
		if n := drawn[f.cluster]; n > 0 {
			wins.Add(f.a, f.b, f.won, float64(n))
		}
	}
	strength, err := wins.Fit(training.Prior, bradleyterry.Free)
	mean := 0.0
	for _, s := range strength {
		mean += s / float64(len(strength))
	}
	for i, s := range strength {
		strength[i] = 1000 + float64((s-mean)*400/math.Ln10)
	}
	return strength, err
}

// draw returns each model's strengths, one a resample, the same on any number of cores.
func (a arena) draw(ctx context.Context, boot eval.Bootstrap) ([][]float64, error) {
	out := make([][]float64, len(a.models))
	for i := range out {
		out[i] = make([]float64, boot.Resamples)
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	errs := make([]error, runtime.GOMAXPROCS(0))
	for worker := range errs {
		wait.Go(func() {
			drawn := make([]int32, a.clusters)
			for b := int(next.Add(1)) - 1; b < boot.Resamples && ctx.Err() == nil; b = int(next.Add(1)) - 1 {
				resample(rand.New(rand.NewPCG(boot.Seed, uint64(b))), drawn)
				elo, err := a.elos(drawn)
				if err != nil {
					errs[worker] = err
					return
				}
				for i, e := range elo {
					out[i][b] = e
				}
			}
		})
	}
	wait.Wait()
	return out, errors.Join(append(errs, ctx.Err())...)
}

// resample draws as many clusters as there are and counts how often each came.
func resample(rng *rand.Rand, drawn []int32) {
	clear(drawn)
	for range drawn {
		drawn[rng.IntN(len(drawn))]++
	}
}

// addPrices looks the models up in the price book.
func addPrices(all []rating) error {
	prices, err := datasets.Prices()
	for i := range prices {
		for k := range all {
			if all[k].model == prices[i].Model {
				all[k].price = &prices[i]
			}
		}
	}
	return err
}
