package results_test

import (
	"encoding/json"
	"fmt"
	"log"
	"math"

	"github.com/routellm/routellm/results"
)

// Read a results.json of routellm eval -o and print one metric of each router.
func ExampleRead() {
	data := []byte(`{"schema_version": 2, "tool": {"name": "routellm"}, "benchmarks": [{"name": "mmlu",
		"routers": [{"name": "mf", "metrics": {"apgr": {"value": 0.619, "lo": 0.604, "hi": 0.634}}}]}]}`)
	doc, err := results.Read(data)
	if err != nil {
		log.Fatal(err)
	}
	for _, b := range doc.Benchmarks {
		for _, r := range b.Routers {
			m := r.Metrics.APGR
			fmt.Printf("%s on %s: %.3f [%.3f, %.3f]\n", r.Name, b.Name, m.Value, m.Lo, m.Hi)
		}
	}
	// Output: mf on mmlu: 0.619 [0.604, 0.634]
}

// Every document writes a threshold in one form.
func ExampleThreshold() {
	for _, cut := range []float64{0.25, math.Inf(-1), math.Inf(1)} {
		text, err := json.Marshal(results.ThresholdAt(cut))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(text))
	}
	// Output:
	// {"threshold":0.25}
	// {"threshold":null,"always":"strong"}
	// {"threshold":null,"always":"weak"}
}
