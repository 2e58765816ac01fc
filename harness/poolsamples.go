package harness

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/num"
)

// maxStoredSettings is the number of settings of a router's decisions that a samples file holds.
const maxStoredSettings = 50

// SamplesFile returns the content of samples.parquet: every evaluated sample of every pool with the
// quality and the cost of each model, and what each router predicts or decides. A value that a
// pool lacks is null. docs/pool.md describes the columns.
func (s *PoolSet) SamplesFile() ([]byte, error) {
	w := sampleColumns{at: map[string]int{}}
	for _, p := range s.Pools {
		w.rows += len(p.IDs)
	}
	first := 0
	for _, p := range s.Pools {
		w.texts(first, "sample_id", p.IDs)
		w.texts(first, "benchmark", slices.Repeat([]string{p.Name}, len(p.IDs)))
		w.texts(first, "task", p.Tasks)
		w.texts(first, "cluster", p.Clusters)
		if p.Outcomes.Weight != nil {
			copy(w.numbers(first, "weight"), p.Outcomes.Weight)
		}
		w.matrix(first, "quality:", p.Models, p.Outcomes.Quality)
		w.matrix(first, "cost:", p.Models, p.Outcomes.Cost)
		for _, r := range p.Routers {
			w.router(first, p, r)
		}
		first += len(p.IDs)
	}
	var b bytes.Buffer
	err := datasets.WriteColumns(&b, w.columns, map[string]string{"routellm.schema_version": "1"})
	return b.Bytes(), err
}

// sampleColumns gathers the columns of a samples file.
type sampleColumns struct {
	rows    int
	columns []datasets.AnyColumn
	at      map[string]int
}

// texts sets a column of text from row first.
func (w *sampleColumns) texts(first int, name string, values []string) {
	k, ok := w.at[name]
	if !ok {
		k = len(w.columns)
		w.at[name], w.columns = k, append(w.columns, datasets.AnyColumn{Name: name, Strings: make([]string, w.rows)})
	}
	copy(w.columns[k].Strings[first:], values)
}

// numbers returns a column of numbers from row first, which is null before it is set.
func (w *sampleColumns) numbers(first int, name string) []float64 {
	k, ok := w.at[name]
	if !ok {
		k = len(w.columns)
		w.at[name], w.columns = k, append(w.columns, datasets.AnyColumn{Name: name, Floats: num.NaNs(w.rows)})
	}
	return w.columns[k].Floats[first:]
}

// matrix sets one column per model. A matrix of one row holds for every sample.
func (w *sampleColumns) matrix(first int, prefix string, models []string, m pool.Matrix, rows ...int) {
	n := m.Rows()
	if len(rows) > 0 {
		n = rows[0]
	}
	for k, model := range models {
		to := w.numbers(first, prefix+model)
		for i := range n {
			to[i] = m.At(min(i, m.Rows()-1), k)
		}
	}
}

// router sets the columns of a router.
func (w *sampleColumns) router(first int, p *ScoredPool, r PooledRouter) {
	n := len(p.IDs)
	var models []string
	for _, k := range r.Columns {
		models = append(models, p.Models[k])
	}
	if r.Decided == nil {
		w.matrix(first, predictedColumn(r.Name, ""), models, r.Predictions.Quality, n)
		w.matrix(first, predictedCostColumn(r.Name, ""), models, r.Predictions.Cost, n)
		return
	}
	for k := range min(len(r.Decided.Points)+1, maxStoredSettings) {
		model, cost := w.numbers(first, choiceColumn(r.Name, k)), w.numbers(first, choiceCostColumn(r.Name, k))
		d, _ := r.Decided.At(w.outcomesOf(p, r), k, 0)
		for i, c := range r.Decided.Choices(k) {
			model[i], cost[i] = float64(c.Model), d.Cost[i]
		}
	}
}

// outcomesOf returns the outcomes of the models that a router chooses among.
func (w *sampleColumns) outcomesOf(p *ScoredPool, r PooledRouter) pool.Outcomes {
	o := p.Outcomes
	o.Quality, o.Cost = o.Quality.Select(r.Columns), o.Cost.Select(r.Columns)
	return o
}

// The names of a router's columns: of what it predicts for a model, and of what it decides at the
// k-th setting, counted from 0.
func predictedColumn(router, model string) string { return "predicted:" + router + ":" + model }

func predictedCostColumn(router, model string) string {
	return "predicted_cost:" + router + ":" + model
}

func choiceColumn(router string, k int) string { return "choice:" + router + ":" + strconv.Itoa(k) }

func choiceCostColumn(router string, k int) string {
	return fmt.Sprintf("choice_cost:%s:%d", router, k)
}
