package figures

import (
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/training"
)

// Data is what the figures are made of.
type Data struct {
	Benchmarks []Setting          // MT Bench, MMLU and GSM8K with the publication's pair of models
	Pairs      []Setting          // other pairs, see [Pairs]
	Votes      *datasets.Table    // with model_a, model_b and winner
	Trained    []*training.Source // what the built-in routers were trained on
}

// Setting is a benchmark evaluated with one pair of models.
type Setting struct {
	Benchmark results.Benchmark
	Outcomes  eval.Outcomes
	Clusters  []int
	Samples   []string     // ids, one an evaluated sample
	N         string       // how many, as it is shown
	Curves    plots.Curves // all routers, with baselines
	Routers   []string
	Scores    [][]float64 // [router][sample]
	Vectors   [][]float32 // one a sample; nil where no table needs them
}

// Pair is a benchmark and two models in it that no router was trained for.
type Pair struct {
	Name, Title  string
	Benchmark    string
	Strong, Weak string
}

// Pairs lists the other pairs of models that there are outcomes of.
func Pairs() []Pair {
	return []Pair{
		{"claude-3", "Claude 3 Opus / Llama 3 8B on GSM8K", "gsm8k", "claude-3-opus-20240229", "Meta-Llama-3-8B-Instruct"},
		{"llama-3.1", "Llama 3.1 70B / 8B on GSM8K", "gsm8k", "Meta-Llama-3.1-70B-Instruct", "Meta-Llama-3.1-8B-Instruct"},
		{"llama-3.2", "Llama 3.1 8B / Llama 3.2 1B on MMLU", "mmlu", "llama3.1-8b", "llama3.2-1b"},
	}
}

// A panel is one picture's routers, and further ones that are only in the table.
type panel struct {
	name, title string
	routers     []string
	more        []string
}

var (
	votesOnly  = []string{"mf@arena", "sw_ranking@arena"}
	allSources = []string{"mf", "knn", "sw_ranking", "bert", "causal_llm"}
)

// augmentation names the labels that the publication added to the votes for its better
// results on a benchmark.
var augmentation = map[string]string{"mt-bench": "judge", "mmlu": "gold", "gsm8k": "judge"}

// panelsOf are the two pictures of a benchmark: routers trained on votes alone, and those
// with the publication's further labels. On GSM8K golden labels, which it did not use
// there, are in the table.
func panelsOf(benchmark string) []panel {
	variants := func(labels string) []string { return []string{"mf@" + labels, "knn@" + labels, "sw_ranking@" + labels} }
	labels := augmentation[benchmark]
	further := panel{name: labels, title: "with " + labels + " labels", routers: append(variants(labels), allSources...)}
	if benchmark == "gsm8k" {
		further.name, further.title, further.more = "augmented", "augmented", variants("gold")
	}
	return []panel{{name: "arena", title: "arena votes only", routers: votesOnly}, further}
}

// best is the router of each benchmark that our claims are made with. It was chosen on
// training data, see docs/results.md.
var best = map[string]string{"mt-bench": "mf@judge", "mmlu": "knn@gold", "gsm8k": "mf@gold"}

// Routers lists the routers that are shown on a benchmark.
func Routers(benchmark string) []string {
	var all []string
	for _, p := range panelsOf(benchmark) {
		all = append(append(all, p.routers...), p.more...)
	}
	return all
}

// PairRouters lists those that are shown on other pairs of models; all are among the
// routers of the pairs' benchmarks.
func PairRouters() []string { return append([]string{"mf@arena"}, allSources...) }

// pick returns those of the wanted routers that were evaluated.
func (s Setting) pick(wanted []string) []string {
	var out []string
	for _, name := range wanted {
		if slices.Contains(s.Routers, name) {
			out = append(out, name)
		}
	}
	return out
}
