package figures

import (
	"context"
	"math"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers/cosine"
	"github.com/routellm/routellm/routers/training"
)

// similarity is S(B, D): the mean over a benchmark's prompts of the largest cosine to a
// training prompt, with a normal interval over the prompts.
type similarity struct {
	benchmark string
	data      string // what D is
	estimate
	published float64
}

// similarities returns S for the votes alone and with what the publication adds to them,
// and for GSM8K with gold labels too, which our routers have.
func (d *Data) similarities(ctx context.Context, confidence float64) ([]similarity, error) {
	var out []similarity
	for _, p := range benchmarks.PublishedSimilarities() {
		s := d.benchmark(p.Benchmark)
		near, err := cosine.Largest(ctx, s.Vectors, d.vectors(training.Arena))
		if err != nil {
			return nil, err
		}
		out = append(out, newSimilarity(p.Benchmark, "arena", near, p.Arena, confidence))
		data := "arena"
		for _, more := range moreLabels(p) {
			added, err := cosine.Largest(ctx, s.Vectors, d.vectors(more.kind))
			if err != nil {
				return nil, err
			}
			for i, c := range added {
				near[i] = max(near[i], c)
			}
			data += " + " + string(more.kind)
			out = append(out, newSimilarity(p.Benchmark, data, near, more.published, confidence))
		}
	}
	return out, nil
}

// more is a kind of labels and the published similarity with it.
type more struct {
	kind      training.Kind
	published float64
}

func moreLabels(p benchmarks.PublishedSimilarity) []more {
	all := []more{{training.Kind(p.Added), p.Augmented}}
	if p.Benchmark == "gsm8k" {
		all = append(all, more{training.Gold, math.NaN()})
	}
	return all
}

func newSimilarity(benchmark, data string, near []float64, published, confidence float64) similarity {
	n, mean, squares := float64(len(near)), 0.0, 0.0
	for _, c := range near {
		mean += c / n
	}
	for _, c := range near {
		squares += float64((c - mean) * (c - mean))
	}
	half := eval.NormalQuantile(confidence) * math.Sqrt(squares/(n-1)/n)
	return similarity{benchmark, data, estimate{mean, eval.Interval{Lo: mean - half, Hi: mean + half}}, published}
}

// vectors are the training prompts of a kind.
func (d *Data) vectors(kind training.Kind) [][]float32 {
	var out [][]float32
	for _, s := range d.Trained {
		if s.Kind != kind {
			continue
		}
		for _, p := range s.Prompts {
			out = append(out, p.Vector)
		}
	}
	return out
}

// benchmark finds a setting by its benchmark's name.
func (d *Data) benchmark(name string) *Setting {
	for i := range d.Benchmarks {
		if d.Benchmarks[i].Benchmark.Name == name {
			return &d.Benchmarks[i]
		}
	}
	return nil
}
