package datasets

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
)

// labelled returns a data set with qualities from 0 to 1 and labels from 1 to 10.
func labelled(t *testing.T, meta map[string]string) *File {
	t.Helper()
	columns := []AnyColumn{
		{Name: "sample_id", Strings: []string{"a", "b", "c"}},
		{Name: "quality:big", Floats: []float64{1, 0, 1}},
		{Name: "quality:small", Floats: []float64{0, 0, math.NaN()}},
		{Name: "judged:small", Floats: []float64{2, math.NaN(), 9}},
		{Name: "judged:big", Floats: []float64{8, 7, 10}},
		{Name: "judged:text", Strings: []string{"x", "y", "z"}},
		{Name: "cost_usd:big", Floats: []float64{1, 2, 3}},
		{Name: "answer:big", Strings: []string{"x", "y", "z"}},
	}
	var b bytes.Buffer
	if err := WriteColumns(&b, columns, meta); err != nil {
		t.Fatal(err)
	}
	f, err := OpenBytes("labels", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestUseLabels reads other labels as qualities, in their own bounds, and the qualities as extras.
func TestUseLabels(t *testing.T) {
	f := labelled(t, map[string]string{
		"routellm.min": "0", "routellm.max": "1", "routellm.unit": "accuracy",
		"routellm.labels.judged.min": "1", "routellm.labels.judged.max": "10", "routellm.labels.judged.unit": "grade",
	})
	if got := f.LabelNames(); !slices.Equal(got, []string{"quality", "judged"}) {
		t.Errorf("labels %q", got)
	}
	if err := f.UseLabels("judged"); err != nil {
		t.Fatal(err)
	}
	if got := f.Models(); !slices.Equal(got, []string{"small", "big"}) {
		t.Errorf("models %q", got)
	}
	if m := f.Meta(); m.Min != 1 || m.Max != 10 || m.Unit != "grade" {
		t.Errorf("bounds %v to %v, unit %q", m.Min, m.Max, m.Unit)
	}
	got, err := f.Read(Select{AllModels: true, Extras: true})
	if err != nil {
		t.Fatal(err)
	}
	if q, _ := got.QualityOf("small"); q[0] != 2 || !math.IsNaN(q[1]) || q[2] != 9 {
		t.Errorf("qualities %v", q)
	}
	var extras []string
	for _, c := range got.Extras {
		extras = append(extras, c.Name)
	}
	if !slices.Equal(extras, []string{"quality:big", "quality:small", "cost_usd:big"}) {
		t.Errorf("extras %q", extras)
	}
}

// TestUseLabelsBounds leaves the bounds of labels unknown that no metadata give, and refuses labels
// outside the ones that are given.
func TestUseLabelsBounds(t *testing.T) {
	f := labelled(t, map[string]string{"routellm.min": "0", "routellm.max": "1"})
	if err := f.UseLabels("judged"); err != nil {
		t.Fatal(err)
	}
	if m := f.Meta(); !math.IsNaN(m.Min) || !math.IsNaN(m.Max) {
		t.Errorf("bounds %v to %v, want none", m.Min, m.Max)
	}
	if _, err := f.Read(Select{AllModels: true}); err != nil {
		t.Error(err)
	}
	f = labelled(t, map[string]string{"routellm.labels.judged.max": "9"})
	if err := f.UseLabels("judged"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Read(Select{AllModels: true}); err == nil || !strings.Contains(err.Error(), `row 3, column "judged:big": found 10`) {
		t.Errorf("error %v", err)
	}
}

// TestUseLabelsMissing names the labels that a file has.
func TestUseLabelsMissing(t *testing.T) {
	f := labelled(t, nil)
	for name, want := range map[string]string{"judge": "no columns \"judge:MODEL\"", "cost_usd": "no columns", "a:b": "without a colon", "": "without a colon"} {
		if err := f.UseLabels(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v", name, err)
		}
	}
	if err := f.UseLabels(Quality); err != nil || !slices.Equal(f.Models(), []string{"big", "small"}) {
		t.Errorf("models %q, error %v", f.Models(), err)
	}
}
