// Package benchmarks holds the built-in data sets: the outcomes of MMLU, GSM8K
// and MT Bench as RouteLLM measured them, and the Chatbot Arena prompts as a
// reference for calibration. Digests, counts and outcomes only; no prompt's text.
//
// Sources and licences are in each file's metadata and in NOTICE.
package benchmarks

import _ "embed"

//go:embed mt-bench.parquet
var mtBench []byte

//go:embed mmlu.parquet
var mmlu []byte

//go:embed gsm8k.parquet
var gsm8k []byte

//go:embed arena.parquet
var arena []byte

// Arena is the name of the reference prompts: they have no outcomes.
const Arena = "arena"

// Names returns the benchmarks in the order in which they are shown.
func Names() []string { return []string{"mt-bench", "mmlu", "gsm8k"} }

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
	}
	return nil, false
}
