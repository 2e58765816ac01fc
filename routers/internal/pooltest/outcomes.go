package pooltest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
)

// Dim is the number of components of the prompts' vectors.
const Dim = 8

// Outcomes returns made-up outcomes of models on n prompts. The qualities follow from the vectors
// and the tasks, with noise; the costs follow from the prompts' lengths.
func Outcomes(n, models int, seed uint64) *training.Outcomes {
	rng := rand.New(rand.NewPCG(seed, 1))
	o := &training.Outcomes{
		Sources: []training.SourceInfo{{Kind: "gold", Name: "made up", Prompts: n}},
		Quality: pool.NewMatrix(n, models), Cost: pool.NewMatrix(n, models),
	}
	directions := make([][]float64, models)
	for m := range models {
		o.Models = append(o.Models, fmt.Sprintf("model-%d", m))
		for range Dim {
			directions[m] = append(directions[m], rng.NormFloat64())
		}
	}
	for i := range n {
		p := routers.Prompt{ID: fmt.Sprint(i), Task: fmt.Sprint("task ", i%3), Vector: make([]float32, Dim)}
		for k := range p.Vector {
			p.Vector[k] = float32(rng.IntN(41)-20) / 64
		}
		words := 1 + rng.IntN(200)
		p.Features = routers.Features{}.With(routers.Chars, float64(6*words)).With(routers.Words, float64(words)).
			With(routers.Lines, float64(1+words/10)).With(routers.Numbers, float64(rng.IntN(4)))
		o.Prompts, o.Norm = append(o.Prompts, p), append(o.Norm, datasets.SHA256Hex(fmt.Sprint(seed, "/", i)))
		o.Cluster = append(o.Cluster, fmt.Sprint(i))
		for m := range models {
			score := 0.3*float64(m) + 0.2*float64(i%3) + 0.3*rng.NormFloat64()
			for k, v := range p.Vector {
				score += directions[m][k] * float64(v)
			}
			o.Quality.Row(i)[m] = 1 / (1 + math.Exp(-score))
			o.Cost.Row(i)[m] = math.Pow(4, float64(m)) * 1e-6 * float64(words) * math.Exp(0.2*rng.NormFloat64())
		}
	}
	return o
}

// Clone returns a copy whose matrices can be changed.
func Clone(o *training.Outcomes) *training.Outcomes {
	c := *o
	all := make([]int, len(o.Prompts))
	for i := range all {
		all[i] = i
	}
	c.Quality = o.Quality.Pick(all)
	if o.Cost.Rows() > 0 {
		c.Cost = o.Cost.Pick(all)
	}
	return &c
}
