package audit_test

import (
	"fmt"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
)

// Find an answer that is marked right although it is empty, and measure how the metrics change
// without it.
func Example() {
	table := &datasets.Table{
		Meta:         datasets.NewMeta(),
		SampleID:     []string{"a", "b", "c", "d"},
		Task:         []string{"law", "law", "sums", "sums"},
		Cluster:      []string{"a", "b", "c", "d"},
		Contaminated: make([]bool, 4),
		Quality: []datasets.Column{
			{Name: "big", Values: []float64{1, 1, 0, 1}},
			{Name: "small", Values: []float64{0, 1, 0, 0}},
		},
		Extras: []datasets.Column{
			{Name: "output_tokens:big", Values: []float64{12, 9, 30, 0}},
		},
	}
	table.Meta.Min, table.Meta.Max = 0, 1

	in := audit.Input{Table: table, Strong: "big", Weak: "small"}
	for _, f := range audit.Data(in) {
		fmt.Printf("%s %s, %s: %s: rows %v\n", f.Severity, f.Code, f.About, f.Message, f.Rows)
		if effect, ok := audit.Measure(in, f); ok {
			fmt.Printf("gap %.2f -> %.2f\n", effect.Before.Gap(), effect.After.Gap())
		}
	}
	// Output:
	// error empty-right, big: the answer is marked right but is empty according to output_tokens: rows [3]
	// gap 0.50 -> 0.33
}

// Check a file of scores.
func ExampleFile() {
	scores := &datasets.Scores{Values: make([]float64, 24)} // the same score for every sample
	for _, f := range audit.File(scores) {
		fmt.Printf("%s %s: %s\n", f.Severity, f.Code, f.Message)
	}
	// Output:
	// warning few-scores: few distinct scores (1 in 24 rows), so few operating points to choose from
	// warning tied-scores: the score is 0 in 100.0 % of the rows: these ties are broken at random
	// note one-choice: at threshold 0.5 the weak model is called in 100.0 % of the rows: calibrate a threshold
}
