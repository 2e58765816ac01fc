// Package benchmarks holds the built-in data sets: the outcomes of MMLU, GSM8K
// and MT Bench as RouteLLM measured them, and two sets to train on: battles of the
// Chatbot Arena, whose prompts are the reference for calibration too, and grades by
// an LLM judge. Digests, vectors, counts and outcomes only; no prompt's text.
//
// Sources and licences are in each file's metadata and in NOTICE.
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

// Names of the sets to train on.
const (
	Arena = "arena" // battles of 60 models, human votes
	Judge = "judge" // grades of 15 models by GPT-4
)

// Names returns the benchmarks in the order in which they are shown.
func Names() []string { return []string{"mt-bench", "mmlu", "gsm8k"} }

// TrainingNames returns the sets to train on.
func TrainingNames() []string { return []string{Arena, Judge} }

// Data returns a built-in data set as the bytes of a Parquet file, which the
// caller must not change.
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

// scores are those of routers whose runtimes are not in the program, as `make scores`
// writes them: ROUTER.BENCHMARK.parquet.
//
//go:embed scores
var scores embed.FS

// Scores returns the embedded scores of a router: Parquet files as score writes them,
// by benchmark.
func Scores(router string) map[string][]byte {
	files := map[string][]byte{}
	all, _ := scores.ReadDir("scores") // it was there when the program was built
	for _, entry := range all {
		bench, ok := strings.CutPrefix(strings.TrimSuffix(entry.Name(), ".parquet"), router+".")
		if ok {
			files[bench], _ = scores.ReadFile(path.Join("scores", entry.Name()))
		}
	}
	return files
}

// Regraded returns a benchmark's qualities as they follow from the models' stored
// answers, for the samples and models whose answers there are: a Parquet file, which the
// caller must not change. GSM8K has them.
func Regraded(name string) (data []byte, ok bool) {
	if name == "gsm8k" {
		return gsm8kRegraded, true
	}
	return nil, false
}
