package datasets

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestEmbeddingsAndBattlesRoundTrip(t *testing.T) {
	table := &Table{
		Meta: NewMeta(), SampleID: []string{"a", "b"},
		ModelA: []string{"x", "y"}, ModelB: []string{"y", "x"}, Winner: []string{"model_a", "tie_or_model_b"},
	}
	table.SetEmbeddings("static", strings.Repeat("0", 64), 0.5, [][]int8{{1, -2, 127}, {0, -128, 3}})
	var b bytes.Buffer
	if err := table.Write(&b); err != nil {
		t.Fatal(err)
	}
	f, err := OpenBytes("b.parquet", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Read(Select{Embedding: true, Battles: true})
	if err != nil {
		t.Fatal(err)
	}
	v := make([]float32, got.Dim())
	got.Vector(v, 1)
	if !slices.Equal(v, []float32{0, -64, 1.5}) || got.Meta.Encoder != "static" || !slices.Equal(got.Winner, table.Winner) || !slices.Equal(got.ModelB, table.ModelB) {
		t.Errorf("read %v, %+v", v, got)
	}
	if got, err := f.Read(Select{}); err != nil || got.Embedding != nil || got.Winner != nil {
		t.Errorf("%v, columns that were not selected: %+v", err, got)
	}
	table.Winner[1] = "both"
	if err := table.Write(&b); err == nil || !strings.Contains(err.Error(), `row 2, column "winner": found "both"`) {
		t.Errorf("error %v", err)
	}
	table.Winner[1], table.Embedding[1] = "tie", "xx"
	if err := table.Write(&b); err == nil || !strings.Contains(err.Error(), "found 2 bytes, expected 3") {
		t.Errorf("error %v", err)
	}
}
