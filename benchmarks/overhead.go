package benchmarks

import (
	_ "embed"
	"encoding/csv"
	"strconv"
	"strings"
)

// overhead is the output of `make overhead`: the CPU time of `routellm route` on GSM8K's
// prompts on one core, encoder included, minus the time for reading the models. The published
// numbers are for cloud GPUs (SW ranking: CPUs) and include OpenAI's embeddings.
//
//go:embed overhead.csv
var overhead string

// Overhead returns the cost of routing a prompt as measured here and in table 7 of the RouteLLM
// publication: a header row, then one row per router. A cell is empty if it was not measured or
// has no counterpart.
func Overhead() ([][]string, error) { return csv.NewReader(strings.NewReader(overhead)).ReadAll() }

// OverheadOf returns the processor time in seconds that a router of the given name takes for one
// prompt on one core, as [Overhead] has it. ok is false if it was not measured.
func OverheadOf(router string) (seconds float64, ok bool) {
	rows, err := Overhead()
	if err != nil {
		return 0, false
	}
	for _, row := range rows {
		if row[0] == router {
			ms, err := strconv.ParseFloat(row[2], 64)
			return ms / 1000, err == nil
		}
	}
	return 0, false
}
