package figures

import (
	"context"
	"math"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers/cosine"
	"github.com/routellm/routellm/routers/training"
)

// similarity is S(B, D): the mean, over the prompts of benchmark B, of the largest cosine
// similarity to a prompt in the training data D, with a normal interval.
type similarity struct {
	benchmark string
	data      string // name of D
	estimate
	published float64
}

// similarities returns S of each benchmark for the votes alone, for the votes with the
// publication's added labels, and, for GSM8K, also with the gold labels that our routers
// have.
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

// addedLabels is a kind of labels and the published similarity once it is added.
type addedLabels struct {
	kind      training.Kind
	published float64
}

func moreLabels(p benchmarks.PublishedSimilarity) []addedLabels {
	all := []addedLabels{{training.Kind(p.Added), p.Augmented}}
	if p.Benchmark == "gsm8k" {
		all = append(all, addedLabels{training.Gold, math.NaN()})
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

// vectors returns the prompt vectors of a kind of training data.
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

// benchmark returns the evaluated benchmark with a name, or nil.
func (d *Data) benchmark(name string) *EvaluatedBenchmark {
	for i := range d.Benchmarks {
		if d.Benchmarks[i].Benchmark.Name == name {
			return &d.Benchmarks[i]
		}
	}
	return nil
}
