package harness

import (
	"bytes"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/num"
)

// SamplesFile returns the content of samples.parquet: every evaluated sample of every
// benchmark with both models' quality, their costs where they are known, and each router's
// score. A router without scores has no column.
func (e *Evaluation) SamplesFile() ([]byte, error) {
	var name, id, task, cluster []string
	var strong, weak, weight []float64
	for _, b := range e.benches {
		for _, i := range b.used {
			name = append(name, b.name)
			id = append(id, b.table.SampleID[i])
			task = append(task, b.table.Task[i])
			cluster = append(cluster, b.table.Cluster[i])
		}
		strong = append(strong, b.samples.Outcomes.Strong...)
		weak = append(weak, b.samples.Outcomes.Weak...)
		weight = append(weight, b.samples.Outcomes.Weights()...)
	}
	columns := []datasets.AnyColumn{
		{Name: "sample_id", Strings: id}, {Name: "benchmark", Strings: name}, {Name: "task", Strings: task},
		{Name: "cluster", Strings: cluster}, {Name: "quality_strong", Floats: strong}, {Name: "quality_weak", Floats: weak},
	}
	columns = append(columns, costColumns(e.benches)...)
	columns = append(columns, goldColumns(e.benches)...)
	if slices.ContainsFunc(e.benches, (*Benchmark).weighted) {
		columns = append(columns, datasets.AnyColumn{Name: "weight", Floats: weight})
	}
	for _, r := range e.Document.Benchmarks[0].Routers {
		if e.Scores(e.benches[0].name, r.Name) == nil {
			continue
		}
		var column []float64
		for _, b := range e.benches {
			column = append(column, e.Scores(b.name, r.Name)...)
		}
		columns = append(columns, datasets.AnyColumn{Name: "score:" + r.Name, Floats: column})
	}
	var b bytes.Buffer
	err := datasets.WriteColumns(&b, columns, map[string]string{"routellm.schema_version": "1"})
	return b.Bytes(), err
}

// The columns of gold labels in a file of samples.
const goldStrong, goldWeak = "gold_strong", "gold_weak"

// goldColumns returns the gold labels of corrected benchmarks, null for other samples; no columns
// without such benchmarks.
func goldColumns(benches []*Benchmark) []datasets.AnyColumn {
	if !slices.ContainsFunc(benches, func(b *Benchmark) bool { return b.goldOutcomes != nil }) {
		return nil
	}
	var strong, weak []float64
	for _, b := range benches {
		if b.goldOutcomes == nil {
			none := num.NaNs(len(b.used))
			strong, weak = append(strong, none...), append(weak, none...)
			continue
		}
		strong, weak = append(strong, b.goldOutcomes.Strong...), append(weak, b.goldOutcomes.Weak...)
	}
	return []datasets.AnyColumn{{Name: goldStrong, Floats: strong}, {Name: goldWeak, Floats: weak}}
}
