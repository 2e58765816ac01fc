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

// rating is a model's strength on the Elo scale, where the mean over all models is 1000,
// and its price.
type rating struct {
	model   string
	battles int
	estimate
	price *datasets.Price // nil without a sourced price
}

// ratings estimates the models' strengths from votes (Bradley and Terry 1952), strongest
// first. Intervals are bootstrap percentiles over the votes' clusters.
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
	for _, f := range a.battles {
		out[f.a].battles++
		out[f.b].battles++
	}
	elo, err := a.fit(once)
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

// arena holds the votes in a form that can be counted quickly for each resample.
type arena struct {
	models   []string
	battles  []battle
	clusters int
}

// tieShare is the share of ties among the battles that the stronger model did not win and
// whose outcome is known: 720 of 1,280.
const tieShare = 720.0 / 1280

// halfWins maps a vote's winner to the share of a win that model_a gets.
var halfWins = map[string]float64{
	"model_a": 1, "model_b": 0, "tie": 0.5, "tie_or_model_a": 1 - tieShare/2, "tie_or_model_b": tieShare / 2,
}

// battle is a vote between two models.
type battle struct {
	a, b    int     // indices of the models
	cluster int     // index of the prompt's cluster
	won     float64 // share of a win for model a, see halfWins
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
		out.battles = append(out.battles, battle{a: find(votes.ModelA[i]), b: find(votes.ModelB[i]), cluster: clusters[i], won: halfWins[w]})
	}
	return out
}

// fit returns each model's rating. A battle counts as often as its cluster was drawn.
func (a arena) fit(drawn []int32) ([]float64, error) {
	wins := bradleyterry.NewWins(len(a.models))
	for _, f := range a.battles {
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

// draw returns each model's ratings, [model][resample]. They do not depend on the number of
// cores.
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
				elo, err := a.fit(drawn)
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

// resample draws clusters with replacement, as many as there are, and counts how often each
// was drawn.
func resample(rng *rand.Rand, drawn []int32) {
	clear(drawn)
	for range drawn {
		drawn[rng.IntN(len(drawn))]++
	}
}

// addPrices sets the prices of the models that the price list has.
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
