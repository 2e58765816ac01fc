package swranking

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/training"
)

// synthetic returns battles of 60 models on prompts with random vectors.
func synthetic(n, dim int, seed uint64) *training.Source {
	rng := rand.New(rand.NewPCG(seed, 0))
	s := &training.Source{Kind: training.Arena, Name: "synthetic"}
	for i := range n {
		v := make([]float32, dim)
		for k := range v {
			v[k] = float32(rng.NormFloat64())
		}
		a, b := rng.IntN(60), rng.IntN(59)
		if b >= a {
			b++
		}
		won := 0.0
		if rng.Float64() < 1/(1+float64(a+1)/float64(b+1)) {
			won = 1
		}
		s.Prompts = append(s.Prompts, routers.Prompt{Vector: v})
		s.Norm = append(s.Norm, strconv.Itoa(i))
		s.Battles = append(s.Battles, training.Battle{Prompt: i, A: "m" + strconv.Itoa(a), B: "m" + strconv.Itoa(b), Won: won, Weight: 1})
	}
	return s
}

func queries(n, dim int, seed uint64) []routers.Prompt { return synthetic(n, dim, seed).Prompts }

// BenchmarkPublishedSize has the size of the publication's data: 55,000 battles and
// vectors of 1,536 components. The reference implementation takes 230 ms per prompt.
func BenchmarkPublishedSize(b *testing.B) {
	s := synthetic(55_000, 1536, 1)
	card := training.NewCard([]*training.Source{s}, training.Options{Strong: "m0", Weak: "m59"})
	m, err := newModel(contents{card, modelfile.Remember([]*training.Source{s}, 0), s.Battles}, false)
	if err != nil {
		b.Fatal(err)
	}
	s.Prompts = nil
	score(b, m, queries(128, 1536, 2))
}

// BenchmarkBuiltin scores prompts with the battles of all sources.
func BenchmarkBuiltin(b *testing.B) {
	m, err := Builtin("")
	if err != nil {
		b.Fatal(err)
	}
	score(b, m, queries(1024, 256, 2))
}

func score(b *testing.B, m *Model, prompts []routers.Prompt) {
	b.Helper()
	for b.Loop() {
		if _, err := m.Scores(context.Background(), prompts); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N*len(prompts)), "ms/prompt")
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		if _, err := Builtin(""); err != nil {
			b.Fatal(err)
		}
	}
}
