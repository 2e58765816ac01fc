package benchmarks

import (
	_ "embed"
	"encoding/csv"
	"strings"
)

// overhead is what `make overhead` printed: processor time of `routellm route` on
// GSM8K's prompts on one core, encoder included, less what reading the models takes.
// Published numbers are of cloud GPUs (SW ranking: CPUs) and include OpenAI's embeddings.
//
//go:embed overhead.csv
var overhead string

// Overhead returns what routing a prompt costs, ours beside the publication's table 7: a
// header and a row a router, numbers as measured. Empty cells are not measured, or have
// no counterpart.
func Overhead() ([][]string, error) { return csv.NewReader(strings.NewReader(overhead)).ReadAll() }
