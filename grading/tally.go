package grading

import (
	"math"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// tally counts the outcomes of one model.
type tally struct {
	doc      results.GradedModel
	labels   string // the name of the labels to compare with; "" for none
	clusters map[string]int
	size     []float64 // the sum of the weights of each cluster
	sum      []float64 // the sum of the weighted values of each cluster
}

func newTally(model, labels string) *tally {
	t := &tally{doc: results.GradedModel{Model: model}, labels: labels, clusters: map[string]int{}}
	if labels != "" {
		t.doc.Agreement = &results.LabelAgreement{Labels: labels}
	}
	return t
}

// add counts the outcome of row i.
func (t *tally) add(f *answers.File, model, i int, o outcome) {
	switch o.state {
	case unreadable:
		t.doc.Unreadable++
	case missing:
		t.doc.Missing++
	case failed:
		t.doc.Failed++
	}
	if finish := f.Models[model].Finish; o.state != missing && finish != nil && finish[i] == "length" {
		t.doc.CutShort++
	}
	if math.IsNaN(o.Value) {
		return
	}
	t.doc.Graded++
	weight, cluster := 1.0, f.SampleID[i]
	if f.Weight != nil {
		weight = f.Weight[i]
	}
	if f.Cluster != nil {
		cluster = f.Cluster[i]
	}
	c, known := t.clusters[cluster]
	if !known {
		c = len(t.size)
		t.clusters[cluster], t.size, t.sum = c, append(t.size, 0), append(t.sum, 0)
	}
	t.size[c] += weight
	t.sum[c] += float64(weight * o.Value)
	if t.labels != "" {
		if l, ok := f.LabelsOf(t.labels); ok {
			t.compare(l.Values[model][i], o.Value)
		}
	}
}

// compare counts an old and a new label.
func (t *tally) compare(old, value float64) {
	a := t.doc.Agreement
	switch {
	case math.IsNaN(old):
		return
	case same(old, value):
		a.Equal++
	case value > old:
		a.Higher++
	default:
		a.Lower++
	}
	a.Both++
}

// same reports whether two values are equal but for rounding.
func same(a, b float64) bool { return math.Abs(a-b) <= 1e-9 }

// model returns the counts with the mean quality and its interval.
func (t *tally) model() results.GradedModel {
	out := t.doc
	out.Quality = meanOf(t.size, t.sum)
	if a := out.Agreement; a != nil && a.Both == 0 {
		out.Agreement = nil
	}
	return out
}

// confidence is that of the intervals of qualities.
const confidence = 0.95

// meanOf returns the mean quality with its interval. size and sum hold each cluster's weight and
// weighted sum.
func meanOf(size, sum []float64) results.Metric {
	mean, i := eval.ClusteredMean(size, sum, confidence)
	return results.Metric{Value: results.Value(mean), Lo: results.Value(i.Lo), Hi: results.Value(i.Hi)}
}
