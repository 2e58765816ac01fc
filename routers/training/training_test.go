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
	measured := slices.Repeat([]float64{1}, 100)
	table.Quality = []datasets.Column{{Name: "s", Values: measured}, {Name: "w", Values: measured}}
	rows, err := DrawGold(table, "s", "w", 20, 1)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := DrawGold(table, "s", "w", 20, 1)
	other, _ := DrawGold(table, "s", "w", 20, 2)
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
	if _, err := DrawGold(table, "s", "w", 51, 1); err == nil {
		t.Error("more rows than there are prompts")
	}
}

func TestDrawGoldSkipsUnmeasuredRows(t *testing.T) {
	nan := math.NaN()
	table := &datasets.Table{
		Contaminated:     make([]bool, 6),
		PromptNormSHA256: []string{"a", "a", "b", "c", "d", "e"}, // the first copy of a is not measured
		Quality: []datasets.Column{
			{Name: "s", Values: []float64{nan, 1, 0, nan, 1, math.Inf(1)}},
			{Name: "w", Values: []float64{0, 0, 0, 1, nan, 1}},
		},
	}
	rows, err := DrawGold(table, "s", "w", 2, 1)
	if slices.Sort(rows); err != nil || !slices.Equal(rows, []int{1, 2}) {
		t.Errorf("rows %v, %v, want the only measured ones, 1 and 2", rows, err)
	}
	_, few := DrawGold(table, "s", "w", 3, 1)
	_, unknown := DrawGold(table, "s", "x", 1, 1)
	_, gold := FromGold(Rows{Name: "g", Table: table, Prompts: make([]routers.Prompt, 6)}, []int{1, 4}, "s", "w")
	for want, err := range map[string]error{
		"cannot draw 3 gold samples: without contaminated and repeated prompts, and 4 samples not measured on both models, only 2 are left": few,
		`expected outcomes of "s" and "x"`:           unknown,
		`"g": row 5 has no quality of "s" or of "w"`: gold,
	} {
		if err == nil || err.Error() != want {
			t.Errorf("error %v, want %q", err, want)
		}
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
	// The grades seen span 8: a difference of 1 wins 1/16 more than half.
	want := []Battle{{0, "s", "w", 1, 1}, {0, "s", "x", 0.5625, 1}, {0, "w", "x", 0.0625, 1}, {1, "s", "w", 0.5, 1}, {1, "s", "x", 0.4375, 1}, {1, "w", "x", 0.4375, 1}}
	if !slices.Equal(s.Battles, want) || !slices.Equal(s.Won, []float64{1, 0}) || math.Abs(s.Label[0]+1.0/3) > 1e-12 || math.Abs(s.Label[1]-1.0/3) > 1e-12 {
		t.Errorf("battles %v, won %v, labels %v", s.Battles, s.Won, s.Label)
	}
	table.Quality[0].Values[1], table.Quality[1].Values[1], table.Quality[2].Values[1] = math.NaN(), math.NaN(), math.NaN()
	if s, err = FromGrades(Rows{Name: "j", Table: table, Prompts: make([]routers.Prompt, 3)}, "s", "w"); err != nil || !slices.Equal(s.Norm, []string{"p", "r"}) {
		t.Errorf("prompts %v, %v, want those with a grade, p and r", s.Norm, err)
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
