package datasets

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func battlesText(t *Table) string {
	var b strings.Builder
	for i, id := range t.SampleID {
		fmt.Fprintf(&b, "%s %s %s:%s %s %v\n", id, t.Prompt[i], t.ModelA[i], t.ModelB[i], t.Winner[i], t.Weight[i])
	}
	return b.String()
}

func TestGradedBattles(t *testing.T) {
	const wide = "id,prompt,m,k,n\np1,why,8,8,5.5\np2,who,,3,\np3,when,,,\np4,why,0,10,\n"
	const battles = "p1/0001 why m:k tie 1\np1/0002 why m:nn model_a 2.5\np1/0003 why k:nn model_a 2.5\np4/0001 why m:k model_b 10\n"
	m := Mapping{ID: "id", Models: []ModelColumn{{"m", "m"}, {"k", "k"}, {"nn", "n"}}, Max: 10, Name: "g", KeepPrompt: true, Strong: "m", Weak: "k"}
	grades, _, err := ImportTable(context.Background(), fileOf(t, "g.csv", wide), m)
	if err != nil {
		t.Fatal(err)
	}
	table := grades.Measured(2).GradedWins()
	if battlesText(table) != battles {
		t.Fatalf("%s", battlesText(table))
	}
	shares := grades.Measured(2).GradedBattles(grades.QualityRange())
	if fmt.Sprint(shares.Share) != "[0.5 0.625 0.625 0]" || shares.Weight != nil || !slices.Equal(shares.Winner, table.Winner) || !slices.Equal(shares.SampleID, table.SampleID) {
		t.Errorf("shares %v, weights %v, winners %v", shares.Share, shares.Weight, shares.Winner)
	}
	if fmt.Sprint(table.Cluster) != "[p1 p1 p1 p1]" || fmt.Sprint(table.Source) != "[g g g g]" || table.Quality != nil || !math.IsNaN(table.Meta.Max) {
		t.Errorf("clusters %v, sources %v, qualities %v", table.Cluster, table.Source, table.Quality)
	}
	if table.PromptSHA256[3] != SHA256Hex("why") || table.Features[0].Values[3] != 3 {
		t.Errorf("digests %v, features %v", table.PromptSHA256, table.Features)
	}
	table = grades.Measured(1)
	want := `[p1 p2 p4] ["why" "who" "why"] [{m [8 NaN 0]} {k [8 3 10]} {nn [5.5 NaN NaN]}]`
	if got := fmt.Sprintf("%v %q %v", table.SampleID, table.Prompt, table.Quality); got != want || table.Meta.Max != 10 {
		t.Errorf("%s", got)
	}
	if _, err := tryAll(bytesOf(t, table)); err != nil {
		t.Error(err)
	}
	if grades.Rows() != 4 || grades.Measured(4).GradedBattles(10).Rows() != 0 {
		t.Error("the imported table changed, or battles without grades")
	}
}

// TestShares reads back shares that were written, and finds the length of a scale.
func TestShares(t *testing.T) {
	nan := math.NaN()
	table := &Table{Meta: NewMeta(), SampleID: []string{"a", "b"}, PromptSHA256: []string{SHA256Hex("a"), SHA256Hex("b")},
		ModelA: []string{"m", "m"}, ModelB: []string{"k", "k"}, Winner: []string{"model_a", "tie"}, Share: []float64{0.75, 0.5}}
	f, err := OpenBytes("b", bytesOf(t, table))
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Read(Select{Battles: true})
	if err != nil || !slices.Equal(got.Share, table.Share) {
		t.Errorf("shares %v, %v", got.Share, err)
	}
	if part := got.Slice(1, 2); !slices.Equal(part.Share, []float64{0.5}) || !slices.Equal(got.pick([]int{1, 0}).Share, []float64{0.5, 0.75}) {
		t.Errorf("shares of rows %v", part.Share)
	}
	for want, meta := range map[float64][2]float64{6: {nan, nan}, 9: {1, 10}, 7: {1, nan}} {
		x := &Table{Meta: NewMeta(), Quality: []Column{{"m", []float64{2, nan}}, {"k", []float64{8, 5}}}}
		x.Meta.Min, x.Meta.Max = meta[0], meta[1]
		if got := x.QualityRange(); got != want {
			t.Errorf("bounds %v: a scale of length %v, want %v", meta, got, want)
		}
	}
	for _, c := range [][4]float64{{8, 2, 6, 1}, {5, 5, 0, 0.5}, {1, 3, 8, 0.375}, {20, 0, 10, 1}, {1, 0, 0, 0.5}} {
		if got := WonShare(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("%v against %v on a scale of %v wins %v, want %v", c[0], c[1], c[2], got, c[3])
		}
	}
}
