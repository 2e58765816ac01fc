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

func TestFromVotes(t *testing.T) {
	// x wins nine of ten battles against y, so it is the stronger model.
	table := &datasets.Table{Weight: slices.Repeat([]float64{2}, 13)}
	add := func(a, b, winner string) {
		table.ModelA, table.ModelB, table.Winner = append(table.ModelA, a), append(table.ModelB, b), append(table.Winner, winner)
		table.PromptNormSHA256 = append(table.PromptNormSHA256, fmt.Sprint(len(table.Winner)))
	}
	for range 9 {
		add("x", "y", "model_a")
	}
	add("x", "y", "model_b")
	add("y", "x", "tie")
	add("y", "x", "model_b")
	add("y", "x", "model_a") // excluded below
	s, err := FromVotes(Rows{Name: "v", SHA256: "d", Table: table, Prompts: make([]routers.Prompt, 13), Exclude: map[string]bool{"13": true}})
	if err != nil {
		t.Fatal(err)
	}
	if s.Kind != Arena || s.Name != "v" || s.SHA256 != "d" || len(s.Prompts) != 12 || len(s.Norm) != 12 || len(s.Battles) != 12 {
		t.Errorf("source %+v", s)
	}
	if want := []float64{1, 0, 0, 1}; !slices.Equal(s.Won[8:], want) {
		t.Errorf("won %v, want %v", s.Won[8:], want)
	}
	if want := []float64{1, -1, 0, 1}; !slices.Equal(s.Gain[8:], want) { // a tie is no loss
		t.Errorf("gains %v, want %v", s.Gain[8:], want)
	}
	if want := (Battle{10, "y", "x", 0.5, 2}); s.Battles[10] != want {
		t.Errorf("battle %v, want %v", s.Battles[10], want)
	}
	if label := s.Label[0] - s.Label[9]; math.Abs(label-1) > 1e-12 {
		t.Errorf("labels of a win and a loss differ by %v, want 1", label)
	}
}

func TestFromGold(t *testing.T) {
	table := &datasets.Table{
		PromptNormSHA256: []string{"p", "q", "r", "s"},
		Quality:          []datasets.Column{{Name: "s", Values: []float64{1, 0, 0, 1}}, {Name: "w", Values: []float64{0, 1, 0, 1}}},
	}
	prompts := []routers.Prompt{{ID: "p"}, {ID: "q"}, {ID: "r"}, {ID: "s"}}
	s, err := FromGold(Rows{Name: "g", Table: table, Prompts: prompts}, []int{3, 0, 1}, "s", "w")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Gain, []float64{0, 1, -1}) || !slices.Equal(s.Label, s.Gain) || !slices.Equal(s.Won, []float64{0, 1, 0}) ||
		!slices.Equal(s.Norm, []string{"s", "p", "q"}) || s.Prompts[1].ID != "p" {
		t.Errorf("source %+v", s)
	}
	if want := []Battle{{0, "s", "w", 0.5, 1}, {1, "s", "w", 1, 1}, {2, "s", "w", 0, 1}}; !slices.Equal(s.Battles, want) {
		t.Errorf("battles %v, want %v", s.Battles, want)
	}
}

func TestUnusableTables(t *testing.T) {
	table := &datasets.Table{Quality: []datasets.Column{{Name: "s"}}}
	_, votes := FromVotes(Rows{Name: "d", Table: table})
	_, gold := FromGold(Rows{Name: "d", Table: table}, nil, "s", "w")
	_, grades := FromGrades(Rows{Name: "d", Table: table}, "s", "w")
	for want, err := range map[string]error{
		`"d" has no battles: expected the columns "model_a", "model_b" and "winner"`: votes,
		`"d": expected outcomes of "s" and "w"`:                                      gold,
		`"d" has grades of 1 model, expected at least 2`:                             grades,
	} {
		if err == nil || err.Error() != want {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestOutcomesThatAreNotKnown(t *testing.T) {
	nan := math.NaN()
	if got := []float64{better(2, 1), better(1, 2), better(1, 1)}; !slices.Equal(got, []float64{1, 0, 0}) {
		t.Errorf("outcomes %v", got)
	}
	if !math.IsNaN(better(nan, 1)) || !math.IsNaN(better(1, nan)) {
		t.Error("an unknown quality has a known outcome")
	}
}

// labelled returns a source of n prompts that Check accepts.
func labelled(n int) *Source {
	s := &Source{Kind: Gold, Name: "s"}
	for range n {
		p := routers.NewPrompt("p", "a text")
		p.Vector = []float32{1, 0}
		s.Prompts, s.Label, s.Won = append(s.Prompts, p), append(s.Label, 1), append(s.Won, 1)
	}
	return s
}

func TestCheck(t *testing.T) {
	if err := Check([]*Source{labelled(20), labelled(21)}); err != nil {
		t.Error(err)
	}
	change := func(f func(p *routers.Prompt)) []*Source {
		s := labelled(20)
		f(&s.Prompts[7])
		return []*Source{labelled(20), s}
	}
	nan := labelled(20)
	nan.Label[7] = math.NaN()
	unlabelled := labelled(20)
	unlabelled.Label = nil
	unknown := labelled(20)
	unknown.Won = slices.Repeat([]float64{math.NaN()}, 20)
	for want, sources := range map[string][]*Source{
		`"s": sample "p": the label is NaN, expected a finite number`:              {nan},
		`"s": 0 labels and 20 outcomes of 20 prompts, expected one of each`:        {unlabelled},
		`"s": no prompt has a known outcome of both models`:                        {labelled(20), unknown},
		"no sources to train on":                                                   nil,
		`"s" has 19 labelled prompts, expected at least 20`:                        {labelled(20), labelled(19)},
		`"s": sample "p": the vector has 0 components, the first prompt's has 2`:   change(func(p *routers.Prompt) { p.Vector = nil }),
		`"s": sample "p": component 2 of the vector is NaN, expected a finite`:     change(func(p *routers.Prompt) { p.Vector = []float32{0, float32(math.NaN())} }),
		`"s": sample "p": "feature:numbers" is missing, and there is no prompt te`: change(func(p *routers.Prompt) { p.HasText, p.Features = false, p.Features.With(routers.Numbers, math.NaN()) }),
	} {
		if err := Check(sources); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestChatPrefersGrades(t *testing.T) {
	votes, grades, gold := &Source{Kind: Arena}, &Source{Kind: Judge}, &Source{Kind: Gold}
	for _, c := range []struct {
		sources []*Source
		want    *Source
	}{{[]*Source{gold, votes, grades}, grades}, {[]*Source{gold, votes}, votes}, {[]*Source{gold}, nil}} {
		if got := Chat(c.sources); got != c.want {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
}

func TestFolds(t *testing.T) {
	norm := make([]string, 1000)
	for i := range norm {
		norm[i] = datasets.SHA256Hex(fmt.Sprint(i / 2)) // each prompt occurs twice
	}
	first, second := FoldsOf(norm, 0), FoldsOf(norm, 1)
	size, moved := make([]int, Folds), 0
	for i, fold := range first {
		size[fold]++
		if first[i] != first[i/2*2] {
			t.Errorf("row %d: the same prompt is in folds %d and %d", i, first[i], first[i/2*2])
		}
		if fold != second[i] {
			moved++
		}
	}
	if slices.Min(size) < 60 || moved < 800 {
		t.Errorf("folds of %v rows, %d rows in another fold when divided again", size, moved)
	}
}

func TestSmallest(t *testing.T) {
	norm := []string{"d", "a", "c", "b", "a"}
	if got := Smallest(norm, 3); !slices.Equal(got, []int{1, 4, 3}) {
		t.Errorf("rows %v", got)
	}
	if got := Smallest(norm, 9); len(got) != 5 {
		t.Errorf("rows %v of 5", got)
	}
}

// TestCopiesOfUnknownLength checks that a prompt without a count is compared with
// prompts of every length, on both sides.
func TestCopiesOfUnknownLength(t *testing.T) {
	rows := func(norm string, chars float64) Rows {
		p := routers.Prompt{Vector: []float32{1, 0}, Features: routers.Features{}.With(routers.Chars, chars)}
		return Rows{Prompts: []routers.Prompt{p}, Table: &datasets.Table{PromptNormSHA256: []string{norm}}}
	}
	for _, c := range []struct {
		row, bench float64
		want       int
	}{{10, 10, 1}, {10, 20, 0}, {math.NaN(), 20, 1}, {10, math.NaN(), 1}, {math.NaN(), math.NaN(), 1}} {
		if got := Copies(rows("x", c.row), []Rows{rows("y", c.bench)}); len(got) != c.want {
			t.Errorf("lengths %v and %v: copies %v, want %d", c.row, c.bench, got, c.want)
		}
	}
}

// TestVotesWithShares learns from the share that each model won, and not from the winner alone.
func TestVotesWithShares(t *testing.T) {
	table := &datasets.Table{PromptNormSHA256: []string{"p", "q", "r"}, ModelA: []string{"x", "x", "x"}, ModelB: []string{"y", "y", "y"},
		Winner: []string{"model_a", "model_a", "model_b"}, Share: []float64{1, 0.75, 0.4}}
	s, err := FromVotes(Rows{Name: "v", Table: table, Prompts: make([]routers.Prompt, 3)})
	if err != nil {
		t.Fatal(err)
	}
	if s.Battles[1].Won != 0.75 || s.Battles[2].Won != 0.4 || !slices.Equal(s.Won, []float64{1, 1, 0}) {
		t.Errorf("battles %v, won %v", s.Battles, s.Won)
	}
	for k, want := range []float64{1, 0.5, -0.2} {
		if math.Abs(s.Gain[k]-want) > 1e-12 {
			t.Errorf("gain %d is %v, want %v", k, s.Gain[k], want)
		}
	}
	if a, b := s.Label[0]-s.Label[1], s.Label[1]-s.Label[2]; math.Abs(a-0.25) > 1e-12 || math.Abs(b-0.35) > 1e-12 {
		t.Errorf("labels %v: differences %v and %v, want those of the shares", s.Label, a, b)
	}
}
