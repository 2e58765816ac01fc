package harness

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// ReadPoolSet reads the results of routers among several models, and the samples file beside them.
func ReadPoolSet(path string) (*PoolSet, error) {
	d, input, err := ReadDocument(path)
	if err != nil {
		return nil, err
	}
	path = input.Path
	if len(d.Pools) == 0 || len(d.Inputs) < len(d.Pools) {
		return nil, hint.With(fmt.Errorf("%q: expected results of routers among several models", path), "write them with routellm eval --models all -o DIR")
	}
	samples, err := samplesOf(path, d)
	if err != nil {
		return nil, err
	}
	s := &PoolSet{Name: path, Inputs: []results.Input{input}}
	texts, _, err := datasets.ReadColumns(samples, []string{"benchmark", "sample_id", "task", "cluster"}, nil)
	if err != nil {
		return nil, err
	}
	for i, p := range d.Pools {
		x, err := readPool(samples, p, texts)
		if err != nil {
			return nil, err
		}
		x.Input = d.Inputs[i]
		s.Pools = append(s.Pools, x)
	}
	return s, nil
}

// readPool reads one pool. texts has the benchmark, id, task and cluster of every row of the file.
func readPool(samples string, p results.Pool, texts [][]string) (*ScoredPool, error) {
	var rows []int
	for row, name := range texts[0] {
		if name == p.Name {
			rows = append(rows, row)
		}
	}
	if len(rows) != p.Samples {
		return nil, fmt.Errorf("%q: %s of benchmark %q, expected %d", samples, text.Plural(len(rows), "sample"), p.Name, p.Samples)
	}
	x := &ScoredPool{Name: p.Name, Title: p.Title, Unit: p.Unit, Axis: p.Axis, IDs: slicesx.Pick(texts[1], rows), Tasks: slicesx.Pick(texts[2], rows), Clusters: slicesx.Pick(texts[3], rows)}
	for _, m := range p.Models {
		x.Models = append(x.Models, m.Name)
	}
	f := poolFile{samples, rows}
	var err error
	x.Outcomes.Cluster = eval.ClusterIDs(x.Clusters)
	if x.Outcomes.Quality, err = f.matrix("quality:", x.Models); err != nil {
		return nil, err
	}
	if x.Outcomes.Cost, err = f.matrix("cost:", x.Models); err != nil {
		return nil, err
	}
	if p.Weighted {
		weights, err := f.numbers([]string{"weight"})
		if err != nil {
			return nil, err
		}
		x.Outcomes.Weight = weights[0]
	}
	if p.Range.Given {
		x.Range = pool.Range{Lo: float64(p.Range.Lo), Hi: float64(p.Range.Hi)}
	}
	for _, r := range p.Routers {
		router, err := f.router(x, r)
		if err != nil {
			return nil, err
		}
		x.Routers = append(x.Routers, router)
	}
	return x, nil
}

// poolFile reads the rows of one pool from a samples file.
type poolFile struct {
	path string
	rows []int
}

// numbers reads columns of numbers.
func (f poolFile) numbers(names []string) ([][]float64, error) {
	_, columns, err := datasets.ReadColumns(f.path, nil, names)
	if err != nil {
		return nil, err
	}
	for k, c := range columns {
		columns[k] = slicesx.Pick(c, f.rows)
		if i := slices.IndexFunc(columns[k], math.IsNaN); i >= 0 {
			return nil, fmt.Errorf("%q: row %d, column %q: found no number", f.path, f.rows[i]+1, names[k])
		}
	}
	return columns, nil
}

// matrix reads one column per model.
func (f poolFile) matrix(prefix string, models []string) (pool.Matrix, error) {
	names := make([]string, len(models))
	for k, m := range models {
		names[k] = prefix + m
	}
	columns, err := f.numbers(names)
	if err != nil {
		return pool.Matrix{}, err
	}
	return columnsAt(columns, upTo(len(f.rows))), nil
}

// router reads what a router predicts or decides.
func (f poolFile) router(p *ScoredPool, r results.PoolRouter) (out PooledRouter, err error) {
	out = PooledRouter{Name: r.Name, Source: r.Scores, OwnCost: float64(r.Own), OwnLatency: float64(r.OwnLatency), Oracle: r.Oracle}
	if r.ModelSHA256 != nil {
		out.SHA256 = *r.ModelSHA256
	}
	for _, m := range r.Models {
		k := slices.Index(p.Models, m)
		if k < 0 {
			return out, fmt.Errorf("%q: router %q chooses the model %q, which the pool lacks", f.path, r.Name, m)
		}
		out.Columns = append(out.Columns, k)
	}
	if r.Kind == results.PoolDecisions {
		out.Decided, err = f.decided(r)
		return out, err
	}
	if out.Predictions.Quality, err = f.matrix(predictedColumn(r.Name, ""), r.Models); err != nil {
		return out, err
	}
	out.Predictions.Scores = r.Kind == results.PoolScores
	out.Predictions.Cost, err = f.matrix(predictedCostColumn(r.Name, ""), r.Models)
	return out, err
}

// decided reads decisions at every setting.
func (f poolFile) decided(r results.PoolRouter) (*pool.Decided, error) {
	if r.Settings > maxStoredSettings {
		return nil, fmt.Errorf("%q: router %q has %s, and the file holds %d", f.path, r.Name, text.Plural(r.Settings, "setting"), maxStoredSettings)
	}
	out := &pool.Decided{}
	var last []pool.Choice
	for k := range r.Settings {
		columns, err := f.numbers([]string{choiceColumn(r.Name, k), choiceCostColumn(r.Name, k)})
		if err != nil {
			return nil, err
		}
		choices := make([]pool.Choice, len(f.rows))
		for i := range choices {
			choices[i] = pool.Choice{Model: int(columns[0][i]), Cost: columns[1][i], Latency: math.NaN()}
		}
		if k == 0 {
			out.First = choices
		} else {
			out.Points = append(out.Points, pool.Point{Knob: math.NaN(), Changes: pool.Changes(last, choices)})
		}
		last = choices
	}
	return out, nil
}
