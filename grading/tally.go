package grading

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/routellm/routellm/answers"
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

// meanOf returns a weighted mean of values in [0,1] with its 95 % interval: Wilson's (1927) with
// Student's quantile, for as many independent values as tell as much as the clusters do. size and sum
// hold each cluster's weight and weighted sum.
func meanOf(size, sum []float64) results.Metric {
	n, total := 0.0, 0.0
	for c := range size {
		n, total = n+size[c], total+sum[c]
	}
	if n == 0 {
		return results.NewMetric(math.NaN())
	}
	mean, clusters, squares := total/n, float64(len(size)), 0.0
	out := results.NewMetric(mean)
	if clusters < 2 {
		return out
	}
	for c := range size {
		d := sum[c] - float64(size[c]*mean)
		squares += float64(d * d)
	}
	variance := squares / (n * n) * clusters / (clusters - 1)
	independent := clusters
	if spread := float64(mean * (1 - mean)); variance > 0 && spread > 0 {
		independent = spread / variance
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: clusters - 1}.Quantile(0.975)
	z := float64(t*t) / independent
	centre := (mean + z/2) / (1 + z)
	half := math.Sqrt(float64(mean*(1-mean))*z+float64(z*z)/4) / (1 + z)
	out.Lo, out.Hi = results.Value(max(0, centre-half)), results.Value(min(1, centre+half))
	if mean == 0 || mean == 1 { // where rounding would leave the mean outside
		out.Lo, out.Hi = min(out.Lo, out.Value), max(out.Hi, out.Value)
	}
	return out
}
