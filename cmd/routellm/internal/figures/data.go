package figures

import (
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/training"
)

// Data is the input of [Make].
type Data struct {
	Benchmarks []EvaluatedBenchmark // MT Bench, MMLU and GSM8K, in this order, with the publication's pair of models
	Pairs      []EvaluatedBenchmark // one per pair of [Pairs], in its order
	Votes      *datasets.Table      // human votes; the columns model_a, model_b and winner are required
	Trained    []*training.Source   // training data of the built-in routers
}

// EvaluatedBenchmark is a benchmark evaluated with one pair of models.
type EvaluatedBenchmark struct {
	Benchmark results.Benchmark
	Outcomes  eval.Outcomes // both models' quality on each evaluated sample
	Clusters  []int         // the cluster number of each evaluated sample
	Samples   []string      // one id per evaluated sample
	N         string        // number of evaluated samples, as displayed
	Curves    plots.Curves  // curves of all routers and the baselines
	Routers   []string      // names of the routers
	Scores    [][]float64   // [router][sample]
	Vectors   [][]float32   // one prompt vector per sample; nil if no table needs them
}

// Pair is a benchmark and a pair of its models that no router was trained for.
type Pair struct {
	Name, Title  string
	Benchmark    string
	Strong, Weak string
}

// Pairs returns the pairs of models, other than the publication's, with known outcomes.
func Pairs() []Pair {
	return []Pair{
		{"claude-3", "Claude 3 Opus / Llama 3 8B on GSM8K", "gsm8k", "claude-3-opus-20240229", "Meta-Llama-3-8B-Instruct"},
		{"llama-3.1", "Llama 3.1 70B / 8B on GSM8K", "gsm8k", "Meta-Llama-3.1-70B-Instruct", "Meta-Llama-3.1-8B-Instruct"},
		{"llama-3.2", "Llama 3.1 8B / Llama 3.2 1B on MMLU", "mmlu", "llama3.1-8b", "llama3.2-1b"},
	}
}

// A panel lists the routers of one picture, and further routers that only the table shows.
type panel struct {
	name, title string
	routers     []string
	more        []string
}

var (
	votesOnly  = []string{"mf@arena", "sw_ranking@arena"}
	allSources = []string{"mf", "knn", "sw_ranking", "bert", "causal_llm"}
)

// augmentation maps a benchmark to the labels that the publication added to the votes for
// its better results there.
var augmentation = map[string]string{"mt-bench": "judge", "mmlu": "gold", "gsm8k": "judge"}

// panelsOf returns the two panels of a benchmark: routers trained on votes alone, and
// routers trained also on the labels that the publication added. On GSM8K the table also
// shows routers with gold labels, which the publication did not use there.
func panelsOf(benchmark string) []panel {
	variants := func(labels string) []string { return []string{"mf@" + labels, "knn@" + labels, "sw_ranking@" + labels} }
	labels := augmentation[benchmark]
	further := panel{name: labels, title: "with " + labels + " labels", routers: append(variants(labels), allSources...)}
	if benchmark == "gsm8k" {
		further.name, further.more = "augmented", variants("gold")
	}
	return []panel{{name: "arena", title: "arena votes only", routers: votesOnly}, further}
}

// best maps a benchmark to the router that answers the publication's claims. It was chosen
// on training data, see docs/results.md.
var best = map[string]string{"mt-bench": "mf@judge", "mmlu": "knn@gold", "gsm8k": "mf@gold"}

// Routers returns the names of the routers that the figures show on a benchmark.
func Routers(benchmark string) []string {
	var all []string
	for _, p := range panelsOf(benchmark) {
		all = append(append(all, p.routers...), p.more...)
	}
	return all
}

// PairRouters returns the names of the routers that the figures show for each of [Pairs].
// They are a subset of [Routers] of the pair's benchmark.
func PairRouters() []string { return append([]string{"mf@arena"}, allSources...) }

// pick returns the wanted routers that were evaluated.
func (s EvaluatedBenchmark) pick(wanted []string) []string {
	var out []string
	for _, name := range wanted {
		if slices.Contains(s.Routers, name) {
			out = append(out, name)
		}
	}
	return out
}
