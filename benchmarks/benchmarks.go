// Package benchmarks holds the built-in data sets.
//
// Start with [Names] for the three benchmarks, which hold the answers' quality on MMLU, GSM8K
// and MT Bench as RouteLLM (arXiv 2406.18665) measured it, with [PoolNames] for the data set of
// several models with their costs, and with [TrainingNames] for the two training sets: battles of
// the Chatbot Arena, whose prompts are also the reference for calibration, and grades by an LLM
// judge. [AllNames] lists all of them. [Data] returns a data set as a Parquet file; open it with
// datasets.OpenBytes. [Scores] returns scores of routers that need a runtime outside the
// program, [Published] the results in the RouteLLM publication, and [CommercialRouters]
// the commercial routers that it measured.
//
// The files hold digests, vectors, text features and outcomes, but no text of any prompt. Each
// file's metadata and the file NOTICE name the sources and licences.
package benchmarks

import (
	"embed"
	"path"
	"slices"
	"strings"
)

//go:embed mt-bench.parquet
var mtBench []byte

//go:embed mmlu.parquet
var mmlu []byte

//go:embed gsm8k.parquet
var gsm8k []byte

//go:embed gsm8k-regraded.parquet
var gsm8kRegraded []byte

//go:embed arena.parquet
var arena []byte

//go:embed judge.parquet
var judge []byte

//go:embed pareto.parquet
var pareto []byte

// Pareto is the name of the data set of ParetoBandit's outcomes: four models' judged quality and
// cost in US dollars per prompt.
const Pareto = "pareto"

// Names of the training sets.
const (
	Arena = "arena" // battles of 60 models, decided by human votes
	Judge = "judge" // grades of the answers of 15 models, given by GPT-4
)

// Names returns the names of the benchmarks in display order.
func Names() []string { return []string{"mt-bench", "mmlu", "gsm8k"} }

// PoolNames returns the names of the data sets that hold the costs of several models. "all" names
// them only where routers choose among any number of models.
func PoolNames() []string { return []string{Pareto} }

// TrainingNames returns the names of the training sets.
func TrainingNames() []string { return []string{Arena, Judge} }

// EvalNames returns the names of the built-in data sets for evaluation: benchmarks and pools.
func EvalNames() []string { return slices.Concat(Names(), PoolNames()) }

// AllNames returns the names of all built-in data sets: benchmarks, pools, training sets.
func AllNames() []string { return slices.Concat(EvalNames(), TrainingNames()) }

// Data returns the Parquet file of a built-in data set, whose name is one of [AllNames]. ok is false for any other name. The caller must not change the bytes.
func Data(name string) (data []byte, ok bool) {
	switch name {
	case "mt-bench":
		return mtBench, true
	case "mmlu":
		return mmlu, true
	case "gsm8k":
		return gsm8k, true
	case Pareto:
		return pareto, true
	case Arena:
		return arena, true
	case Judge:
		return judge, true
	}
	return nil, false
}

// scores holds one file ROUTER.BENCHMARK.parquet per benchmark for routers that need a
// runtime outside the program. The command `make scores` writes them.
//
//go:embed scores
var scores embed.FS

// Scores returns the embedded scores of a router by benchmark, as Parquet files in the format
// of the command routellm score. The map is empty if there are none.
func Scores(router string) map[string][]byte {
	files := map[string][]byte{}
	all, _ := scores.ReadDir("scores") // cannot fail: the folder is embedded
	for _, entry := range all {
		bench, ok := strings.CutPrefix(strings.TrimSuffix(entry.Name(), ".parquet"), router+".")
		if ok {
			files[bench], _ = scores.ReadFile(path.Join("scores", entry.Name()))
		}
	}
	return files
}

// Regraded returns a Parquet file with a benchmark's qualities graded again from the models'
// stored answers, for the samples and models whose answers are stored. Only GSM8K has one; ok
// is false for any other name. The caller must not change the bytes.
func Regraded(name string) (data []byte, ok bool) {
	if name == "gsm8k" {
		return gsm8kRegraded, true
	}
	return nil, false
}
