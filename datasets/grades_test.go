package datasets

import (
	"context"
	"fmt"
	"math"
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
	table := grades.Measured(2).GradedBattles()
	if battlesText(table) != battles {
		t.Fatalf("%s", battlesText(table))
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
	if grades.Rows() != 4 || grades.Measured(4).GradedBattles().Rows() != 0 {
		t.Error("the imported table changed, or battles without grades")
	}
}
