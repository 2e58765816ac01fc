package cmdutil

import "slices"

// columnSections are the headings under which help lists [ColumnFlags], with their flags.
var columnSections = []struct {
	heading string
	flags   []string
}{
	{"Columns", []string{"id", "prompt", "task", "cluster", "cluster-column", "weight", "weight-column"}},
	{"Models and qualities", []string{
		"model", "models-from-rest", "models-in", "model-column", "quality", "quality-column", "alias", "outcomes",
	}},
	{"Costs, latencies and tokens", []string{"cost", "latency", "input-tokens", "cached-input-tokens", "output-tokens", "reasoning-tokens"}},
	{"Values", []string{"text", "range", "lower-is-better", "null", "values", "errors", "repeat", "skip-bad"}},
	{"Form of the file", []string{"delimiter", "decimal", "sheet", "rows-at"}},
	{"Files of evaluation tools", []string{"metric", "filter", "scorer", "score", "prompt-label", "split", "turns"}},
}

// columnSection returns the heading of a flag of [ColumnFlags].
func columnSection(flag string) string {
	for _, s := range columnSections {
		if slices.Contains(s.flags, flag) {
			return s.heading
		}
	}
	return ColumnsHeading
}

// columnHeadings returns the headings in their order.
func columnHeadings() []string {
	var all []string
	for _, s := range columnSections {
		all = append(all, s.heading)
	}
	return all
}
