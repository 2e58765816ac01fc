package answers

import (
	"fmt"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
)

// notAsked stands in the column error:MODEL of questions for which the budget was too small.
const notAsked = "not asked: the budget is spent"

// batchRows is the number of rows of the prompts file that are written at a time.
const batchRows = 512

// Write writes the answers, which it takes from the store: it keeps a small number of them in
// memory. Call it once, after [Run.Ask].
func (r *Run) Write(w *Writer) error {
	for from := 0; from < r.prompts.Rows(); from += batchRows {
		n := min(batchRows, r.prompts.Rows()-from) * r.samples
		questions := make([]int, n)
		rows := make([]int, n)
		for i := range questions {
			questions[i], rows[i] = from*r.samples+i, from+i/r.samples
		}
		f := r.batch(rows, questions)
		for _, m := range r.models {
			if err := r.fill(&f.Models[r.modelOf(m)], m, questions); err != nil {
				return err
			}
		}
		r.countComplete(f)
		if err := w.Write(f); err != nil {
			return err
		}
	}
	return w.Close()
}

// countComplete counts the rows with an answer of every model that was asked.
func (r *Run) countComplete(f *File) {
	for i := range f.SampleID {
		complete := true
		for _, m := range r.models {
			complete = complete && f.Models[r.modelOf(m)].Text[i] != nil
		}
		if complete {
			r.complete++
		}
	}
}

// modelOf returns the number of a model in the file, behind those that have answers already.
func (r *Run) modelOf(m *modelRun) int {
	k := len(r.prompts.Models)
	for _, x := range r.models {
		if x == m {
			break
		}
		k++
	}
	return k
}

// batch returns a file of some rows, with empty columns for the models to fill.
func (r *Run) batch(rows, questions []int) *File {
	f := r.prompts.Pick(rows)
	f.Name, f.Meta = r.prompts.Name, r.meta()
	if r.samples > 1 {
		cluster := f.Cluster
		if cluster == nil {
			cluster = f.SampleID
		}
		f.SampleID, f.Cluster = make([]string, len(rows)), make([]string, len(rows))
		for i, q := range questions {
			f.SampleID[i], f.Cluster[i] = r.id(rows[i], q%r.samples), cluster[i]
		}
	}
	for _, m := range r.models {
		f.Models = append(f.Models, r.columns(m, len(rows)))
	}
	for k := range f.Labels {
		for range r.models {
			f.Labels[k].Values = append(f.Labels[k].Values, num.NaNs(len(rows)))
		}
	}
	return f
}

// columns returns the columns of a model, without values.
func (r *Run) columns(m *modelRun, n int) Model {
	out := Model{Name: m.Label, Text: make([]*string, n), Err: make([]string, n), Finish: make([]string, n),
		Input: num.NaNs(n), Output: num.NaNs(n), Cost: num.NaNs(n), Latency: num.NaNs(n)}
	if m.logprobs {
		out.LogprobMean, out.LogprobMin, out.FirstEntropy = num.NaNs(n), num.NaNs(n), num.NaNs(n)
	}
	if r.samples > 1 {
		out.Agreement = num.NaNs(n)
	}
	if m.Asked.True {
		out.True, out.TrueCost, out.TrueLatency = num.NaNs(n), num.NaNs(n), num.NaNs(n)
	}
	return out
}

// fill fills in the answers of a model.
func (r *Run) fill(to *Model, m *modelRun, questions []int) error {
	for i, q := range questions {
		first := r.equal[q]
		if why, failed := m.failed[first]; failed {
			to.Err[i] = why
			m.stats.Failed++
			continue
		}
		request, err := r.request(q)
		if err != nil {
			return err
		}
		a, ok, err := m.Asker.Known(request)
		if err != nil {
			return fmt.Errorf("%q: %w", m.Label, err)
		}
		if !ok {
			to.Err[i] = notAsked
			m.stats.NotAsked++
			continue
		}
		to.set(i, a)
		m.stats.add(a)
		if err := to.setTrue(i, m, request, a); err != nil {
			return err
		}
	}
	if to.Agreement != nil {
		for i := 0; i < len(questions); i += r.samples {
			copy(to.Agreement[i:], Agreement(to.Text[i:i+r.samples]))
		}
	}
	return nil
}

// set fills in one answer.
func (m *Model) set(i int, a chat.Answer) {
	text := validUTF8(a.Text)
	m.Text[i], m.Finish[i] = &text, a.Finish
	m.Input[i], m.Output[i], m.Cost[i], m.Latency[i] = a.InputTokens, a.OutputTokens, a.CostUSD, a.Latency
	if s := signalsOf(a); s != nil && m.LogprobMean != nil {
		m.LogprobMean[i], m.LogprobMin[i], m.FirstEntropy[i] = s.Mean, s.Min, s.FirstEntropy
	}
}

// Pick returns a file of the rows with the given numbers, in their order. It shares their values
// with f.
func (f *File) Pick(rows []int) *File {
	out := *f
	out.SampleID, out.Cluster, out.Task = pick(f.SampleID, rows), pick(f.Cluster, rows), pick(f.Task, rows)
	out.Prompt, out.Messages, out.Weight = pick(f.Prompt, rows), pick(f.Messages, rows), pick(f.Weight, rows)
	out.Contaminated, out.Vectors = pick(f.Contaminated, rows), pick(f.Vectors, rows)
	out.Passed, out.Numbers, out.Models, out.Labels = nil, nil, nil, nil
	for _, c := range f.Passed {
		out.Passed = append(out.Passed, TextColumn{c.Name, pick(c.Values, rows)})
	}
	for _, c := range f.Numbers {
		out.Numbers = append(out.Numbers, datasets.Column{Name: c.Name, Values: pick(c.Values, rows)})
	}
	for i := range f.Models {
		out.Models = append(out.Models, f.Models[i].pick(rows))
	}
	for _, l := range f.Labels {
		values := make([][]float64, len(l.Values))
		for k := range values {
			values[k] = pick(l.Values[k], rows)
		}
		out.Labels = append(out.Labels, Labels{l.Name, values})
	}
	return &out
}

func (m *Model) pick(rows []int) Model {
	out := Model{Name: m.Name, Text: pick(m.Text, rows)}
	for _, k := range wordKinds {
		*k.of(&out) = pick(*k.of(m), rows)
	}
	for _, k := range numberKinds {
		*k.of(&out) = pick(*k.of(m), rows)
	}
	return out
}

func pick[T any](values []T, rows []int) []T {
	if values == nil {
		return nil
	}
	return slicesx.Pick(values, rows)
}
