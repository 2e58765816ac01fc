package training

import (
	"math"
	"slices"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

func TestVoteLabels(t *testing.T) {
	// x beats y in nine of ten battles, so x is the stronger model.
	var a, b, winner []string
	for i := range 10 {
		a, b, winner = append(a, "x"), append(b, "y"), append(winner, "model_a")
		if i == 9 {
			winner[i] = "model_b"
		}
	}
	a, b, winner = append(a, "y", "y"), append(b, "x", "x"), append(winner, "tie", "tie_or_model_a")
	var battles []Battle
	for i := range winner {
		battles = append(battles, Battle{i, a[i], b[i], halfWins[winner[i]], 1})
	}
	label, won, err := voteLabels(battles, winner)
	if err != nil {
		t.Fatal(err)
	}
	if want := []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0}; !slices.Equal(won, want) {
		t.Errorf("won %v, want %v", won, want)
	}
	if !(label[0] > 0 && label[0] < 0.5 && label[9] < -0.5) {
		t.Errorf("labels %v", label)
	}
}

func TestDrawGold(t *testing.T) {
	table := &datasets.Table{Contaminated: make([]bool, 100)}
	for i := range 100 {
		table.PromptNormSHA256 = append(table.PromptNormSHA256, datasets.SHA256Hex(string(rune(i/2)))) // each prompt occurs twice
	}
	table.Contaminated[0] = true
	rows, err := DrawGold(table, 20, 1)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := DrawGold(table, 20, 1)
	other, _ := DrawGold(table, 20, 2)
	if !slices.Equal(rows, again) || slices.Equal(rows, other) || slices.Contains(rows, 0) {
		t.Errorf("rows %v, again %v, other seed %v", rows, again, other)
	}
	seen := map[string]bool{}
	for _, i := range rows {
		if seen[table.PromptNormSHA256[i]] {
			t.Errorf("prompt of row %d is drawn twice", i)
		}
		seen[table.PromptNormSHA256[i]] = true
	}
	if _, err := DrawGold(table, 51, 1); err == nil {
		t.Error("more rows than there are prompts")
	}
}

func TestCopies(t *testing.T) {
	prompt := func(x, y float32, chars float64) routers.Prompt {
		return routers.Prompt{Vector: []float32{x, y}, Features: routers.Features{}.With(routers.Chars, chars)}
	}
	rows := func(prefix string, prompts ...routers.Prompt) Rows {
		r := Rows{Prompts: prompts, Table: &datasets.Table{}}
		for i := range prompts {
			r.Table.PromptNormSHA256 = append(r.Table.PromptNormSHA256, prefix+string(rune('a'+i)))
		}
		return r
	}
	bench := rows("", prompt(1, 0, 100), prompt(0, 1, 100))
	data := rows("x",
		prompt(1, 0.1, 100), // near
		prompt(1, 0.1, 130), // near, but longer
		prompt(1, 1, 100),   // between the two
		prompt(0, 0, 100),   // nothing to compare
		prompt(-1, 0, 5))    // far
	data.Table.PromptNormSHA256[4] = "b" // the same digest as in the benchmark
	got := Copies(data, []Rows{bench})
	if len(got) != 2 || !got["xa"] || !got["b"] {
		t.Errorf("copies %v, want xa and b", got)
	}
}

func TestFromGrades(t *testing.T) {
	table := &datasets.Table{
		PromptNormSHA256: []string{"p", "q", "r"},
		Quality:          []datasets.Column{{Name: "s", Values: []float64{9, 5, 9}}, {Name: "w", Values: []float64{1, 5, math.NaN()}}, {Name: "x", Values: []float64{8, 6, 7}}},
	}
	s, err := FromGrades(Rows{Name: "j", Table: table, Prompts: make([]routers.Prompt, 3), Exclude: map[string]bool{"r": true}}, "s", "w")
	if err != nil {
		t.Fatal(err)
	}
	want := []Battle{{0, "s", "w", 1, 1}, {0, "s", "x", 1, 1}, {0, "w", "x", 0, 1}, {1, "s", "w", 0.5, 1}, {1, "s", "x", 0, 1}, {1, "w", "x", 0, 1}}
	if !slices.Equal(s.Battles, want) || !slices.Equal(s.Won, []float64{1, 0}) || math.Abs(s.Label[0]+1.0/3) > 1e-12 || math.Abs(s.Label[1]-1.0/3) > 1e-12 {
		t.Errorf("battles %v, won %v, labels %v", s.Battles, s.Won, s.Label)
	}
	if _, err := FromGrades(Rows{Name: "j", Table: table, Prompts: make([]routers.Prompt, 3)}, "s", "nobody"); err == nil {
		t.Error("no error for a model without grades")
	}
}

func TestModels(t *testing.T) {
	models, find := Models([]Battle{{0, "org/Model-A", "b", 1, 1}, {1, "model-a", "c", 1, 1}})
	if !slices.Equal(models, []string{"org/Model-A", "b", "c"}) || find("MODEL-a") != 0 || find("c") != 2 || find("d") != -1 {
		t.Errorf("models %v", models)
	}
}
