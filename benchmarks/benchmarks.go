// Package benchmarks holds the built-in data sets.
//
// Start with [Names] for the three benchmarks, which hold the answers' quality on MMLU, GSM8K
// and MT Bench as RouteLLM (arXiv 2406.18665) measured it, and with [TrainingNames] for the two
// training sets: battles of the Chatbot Arena, whose prompts are also the reference for
// calibration, and grades by an LLM judge. [Data] returns a data set as a Parquet file; open it
// with datasets.OpenBytes. [Scores] returns scores of routers that need a runtime outside the
// program, [Published] the results in the RouteLLM publication, and [CommercialRouters]
// the commercial routers that it measured.
//
// The files hold digests, vectors, text features and outcomes, but no text of any prompt. Each
// file's metadata and the file NOTICE name the sources and licences.
package benchmarks

import (
	"embed"
	"path"
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

// Names of the training sets.
const (
	Arena = "arena" // battles of 60 models, decided by human votes
	Judge = "judge" // grades of the answers of 15 models, given by GPT-4
)

// Names returns the names of the benchmarks in display order.
func Names() []string { return []string{"mt-bench", "mmlu", "gsm8k"} }

// TrainingNames returns the names of the training sets.
func TrainingNames() []string { return []string{Arena, Judge} }

// Data returns the Parquet file of a built-in data set, whose name is one of [Names] or
// [TrainingNames]. ok is false for any other name. The caller must not change the bytes.
func Data(name string) (data []byte, ok bool) {
	switch name {
	case "mt-bench":
		return mtBench, true
	case "mmlu":
		return mmlu, true
	case "gsm8k":
		return gsm8k, true
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
