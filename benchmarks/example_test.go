package benchmarks_test

import (
	"fmt"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
)

// The names of all built-in data sets.
func ExampleNames() {
	fmt.Println("benchmarks:", benchmarks.Names())
	fmt.Println("pools:", benchmarks.PoolNames())
	fmt.Println("training sets:", benchmarks.TrainingNames())
	// Output:
	// benchmarks: [mt-bench mmlu gsm8k]
	// pools: [pareto]
	// training sets: [arena judge]
}

// The accuracy of both models on GSM8K, without the contaminated samples.
func ExampleData() {
	data, ok := benchmarks.Data("gsm8k")
	if !ok {
		fmt.Println("no such data set")
		return
	}
	file, err := datasets.OpenBytes("gsm8k", data)
	if err != nil {
		fmt.Println(err)
		return
	}
	models := []string{file.Meta().Strong, file.Meta().Weak}
	table, err := file.Read(datasets.Select{Models: models})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, model := range models {
		quality, _ := table.QualityOf(model)
		sum, n := 0.0, 0
		for i, q := range quality {
			if !table.Contaminated[i] {
				sum, n = sum+q, n+1
			}
		}
		fmt.Printf("%s: %.1f %% of %d correct\n", model, 100*sum/float64(n), n)
	}
	// Output:
	// gpt-4-1106-preview: 85.8 % of 1307 correct
	// mistralai/Mixtral-8x7B-Instruct-v0.1: 63.7 % of 1307 correct

}

// The publication's best router on MMLU.
func ExamplePublished() {
	var best benchmarks.PublishedResult
	for _, r := range benchmarks.Published() {
		if r.Benchmark == "mmlu" && r.APGR > best.APGR {
			best = r
		}
	}
	fmt.Printf("%s trained on %s data: APGR %.3f\n", best.Router, best.Data, best.APGR)
	// Output:
	// SW ranking trained on augmented data: APGR 0.603

}
