package training

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// wide returns a table of n rows in which the model "b" has no quality on every third row.
func wide(n int) Rows {
	t := &datasets.Table{Meta: datasets.NewMeta(), Contaminated: make([]bool, n)}
	a, b := make([]float64, n), make([]float64, n)
	r := Rows{Name: "made", Table: t}
	for i := range n {
		t.SampleID, t.Task = append(t.SampleID, fmt.Sprint(i)), append(t.Task, "")
		t.Cluster = append(t.Cluster, fmt.Sprint(i))
		t.PromptNormSHA256 = append(t.PromptNormSHA256, datasets.SHA256Hex(fmt.Sprint(i)))
		a[i], b[i] = float64(i), 1
		if i%3 == 0 {
			b[i] = math.NaN()
		}
		r.Prompts = append(r.Prompts, routers.Prompt{ID: fmt.Sprint(i), Vector: []float32{1}, Features: routers.FeaturesOf("x")})
	}
	t.Quality = []datasets.Column{{Name: "a", Values: a}, {Name: "b", Values: b}}
	return r
}

func TestOutcomesOf(t *testing.T) {
	o := OutcomesOf(wide(9), []int{2, 3}, []string{"b", "c", "a"}, [][]float64{make([]float64, 9), make([]float64, 9), {0, 0, 7, 8, 0, 0, 0, 0, 0}})
	if got := fmt.Sprint(o.Quality.Values, o.Cost.Column(2)); got != "[1 NaN 2 NaN NaN 3] [7 8]" {
		t.Errorf("outcomes %s", got)
	}
	if got := o.Measured(); !slices.Equal(got, []int{1, 0, 2}) {
		t.Errorf("measured %v", got)
	}
	o.Append(OutcomesOf(wide(9), []int{4}, []string{"b", "c", "a"}, nil))
	if len(o.Prompts) != 3 || o.Quality.Rows() != 3 || len(o.Sources) != 2 {
		t.Errorf("after appending: %d prompts, %d rows, %d sources", len(o.Prompts), o.Quality.Rows(), len(o.Sources))
	}
}

// TestDivide keeps repeats and clusters together, does not depend on the order of the rows, and
// makes parts of about the same number of groups.
func TestDivide(t *testing.T) {
	r := wide(103)
	r.Table.PromptNormSHA256[50] = r.Table.PromptNormSHA256[3] // a repeat
	r.Table.Cluster[50], r.Table.Cluster[80] = "joint", "joint"
	rows := make([]int, 103)
	for i := range rows {
		rows[i] = i
	}
	d := Divide(OutcomesOf(r, rows, []string{"a"}, nil))
	if d.Parts != Folds || d.Of[3] != d.Of[50] || d.Of[50] != d.Of[80] || d.Group[3] != d.Group[80] {
		t.Errorf("parts %d, rows that belong together are in %d, %d and %d", d.Parts, d.Of[3], d.Of[50], d.Of[80])
	}
	size := make([]int, d.Parts)
	for _, part := range d.Of {
		size[part]++
	}
	if slices.Min(size) < 10 || slices.Max(size) > 13 {
		t.Errorf("sizes %v", size)
	}
	slices.Reverse(rows)
	reversed := Divide(OutcomesOf(r, rows, []string{"a"}, nil))
	for k, i := range rows {
		if reversed.Of[k] != d.Of[i] {
			t.Fatalf("row %d is in part %d, in another order in %d", i, d.Of[i], reversed.Of[k])
		}
	}
	three := wide(20)
	for i := range three.Table.Cluster {
		three.Table.Cluster[i] = fmt.Sprint(i % 3)
	}
	if d := Divide(OutcomesOf(three, rows[83:], []string{"a"}, nil)); d.Parts != 3 {
		t.Errorf("%d parts of three clusters", d.Parts)
	}
}

func TestDrawOutcomes(t *testing.T) {
	r := wide(30)
	if rows, err := DrawOutcomes(r.Table, []string{"b"}, 20, 1); err != nil || len(rows) != 20 || slices.ContainsFunc(rows, func(i int) bool { return i%3 == 0 }) {
		t.Errorf("drew %v, error %v", rows, err)
	}
	if _, err := DrawOutcomes(r.Table, []string{"b"}, 21, 1); err == nil || !strings.Contains(err.Error(), "10 samples not measured on any model, only 20 are left") {
		t.Errorf("error %v", err)
	}
}

// TestHeldOutCosts expects each part's costs to be the means of the other parts.
func TestHeldOutCosts(t *testing.T) {
	r, cost := wide(40), make([]float64, 40)
	rows := make([]int, 40)
	for i := range cost {
		cost[i], rows[i] = float64(i), i
	}
	o := OutcomesOf(r, rows, []string{"a"}, [][]float64{cost})
	d := Divide(o)
	got := o.HeldOutCosts(d)
	for i := range rows {
		sum, n := 0.0, 0.0
		for j := range rows {
			if d.Of[j] != d.Of[i] {
				sum, n = sum+cost[j], n+1
			}
		}
		if math.Abs(got.At(i, 0)-sum/n) > 1e-12 {
			t.Fatalf("row %d: %v, want %v", i, got.At(i, 0), sum/n)
		}
	}
	if o.Cost.Values = nil; o.HeldOutCosts(d).Rows() != 0 || o.MeanCosts() != nil {
		t.Error("there are costs without any")
	}
}
