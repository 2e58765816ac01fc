package audit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
)

var nan = math.NaN()

// table returns n samples with distinct ids, clusters and prompts, after edit has added columns.
func table(n int, edit func(*datasets.Table)) *datasets.Table {
	t := &datasets.Table{Meta: datasets.NewMeta(), Contaminated: make([]bool, n), Task: make([]string, n)}
	for i := range n {
		t.SampleID = append(t.SampleID, fmt.Sprint("s", i))
		t.PromptSHA256 = append(t.PromptSHA256, fmt.Sprint("d", i))
		t.PromptNormSHA256 = append(t.PromptNormSHA256, fmt.Sprint("n", i))
	}
	t.Cluster = slices.Clone(t.SampleID)
	edit(t)
	return t
}

func quality(name string, values ...float64) datasets.Column {
	return datasets.Column{Name: name, Values: values}
}

// repeat returns the values n times.
func repeat(n int, values ...float64) []float64 {
	var out []float64
	for range n {
		out = append(out, values...)
	}
	return out
}

func textOf(s string) *string { return &s }

// TestFindings has one defect per case and expects that defect with its rows, and nothing else.
func TestFindings(t *testing.T) {
	pair := []datasets.Column{quality("big", 1, 1, 0, 1), quality("small", 0, 1, 0, 0)}
	extra := func(name string, values ...float64) func(*datasets.Table) {
		return func(t *datasets.Table) {
			t.Quality = pair
			t.Extras = append(t.Extras, datasets.Column{Name: name, Values: values})
		}
	}
	for _, c := range []struct {
		name string
		edit func(*datasets.Table)
		more func(*Input)
		want string // severity code about rows
	}{
		{"clean", func(t *datasets.Table) { t.Quality = pair }, nil, ""},
		{"id", func(t *datasets.Table) { t.SampleID[2] = "s0" }, nil, "error repeated-id  [2]"},
		{"prompt", func(t *datasets.Table) {
			t.Quality = []datasets.Column{quality("big", 1, 1, 0, 1), quality("small", 0, 1, 0, 0)}
			t.PromptSHA256[3], t.PromptNormSHA256[3], t.Cluster[3] = "d0", "n0", "s0"
		}, nil, "note repeated-prompt  [3]"},
		{"conflict", func(t *datasets.Table) {
			t.Quality = pair
			t.PromptSHA256[1], t.PromptNormSHA256[1], t.Cluster[1] = "d0", "n0", "s0"
		}, nil, "warning conflicting-outcomes  [1]; note repeated-prompt  [1]"},
		{"no conflict with a missing quality", func(t *datasets.Table) {
			t.Quality = []datasets.Column{quality("big", 1, nan, 0, 1), quality("small", 0, 0, 0, 0.5)}
			t.PromptSHA256[1], t.PromptNormSHA256[1], t.Cluster[1] = "d0", "n0", "s0"
		}, nil, "note repeated-prompt  [1]; note not-measured big [1]"},
		{"cluster", func(t *datasets.Table) {
			t.Quality = pair
			t.PromptSHA256[3], t.PromptNormSHA256[3] = "d0", "n0"
		}, nil, "warning split-cluster  [3]; note repeated-prompt  [3]"},
		{"variant", func(t *datasets.Table) { t.PromptNormSHA256[2] = "n1" }, nil, "warning variant-prompt  [2]"},
		{"near", func(t *datasets.Table) {}, func(in *Input) { in.Near = []bool{true, false, true, false} }, "note near-prompt  [0 2]"},
		{"near-duplicates that are equal", func(t *datasets.Table) { t.PromptNormSHA256[2] = "n0" },
			func(in *Input) { in.Near = []bool{true, false, true, false} }, "warning variant-prompt  [2]"},
		{"contaminated", func(t *datasets.Table) { t.Contaminated[1] = true }, nil, "note contaminated  [1]"},
		{"training", func(t *datasets.Table) {}, func(in *Input) {
			in.Training = []Prompts{{Name: "arena", Norms: []string{"n2", "x"}, Near: []bool{true, false, true, false}}}
		}, "warning training-prompt arena [2]; note near-training arena [0]"},
		{"unlike", func(t *datasets.Table) {}, func(in *Input) {
			in.Unlike = []Unlike{{"mf", []bool{false, true, false, false}, 0.05}, {"knn", []bool{false, false, true, true}, 0.3}, {"none", make([]bool, 4), 0.05}}
		}, "note unlike-prompt mf [1]; note unlike-prompt knn [2 3]"},
		{"known bounds", func(t *datasets.Table) {
			t.Meta.Min, t.Meta.Max = 1, 10
			t.Quality = []datasets.Column{quality("big", 1, 10, 11, 0)}
		}, nil, "error quality-range big [2 3]"},
		{"unknown bounds of grades", func(t *datasets.Table) { t.Quality = []datasets.Column{quality("big", 1, 10, 9, 0)} }, nil, ""},
		{"turns", extra("quality_turn1:big", 1, 1, 0, 1), func(in *Input) {
			in.Table.Extras = append(in.Table.Extras, quality("quality_turn2:big", 1, 1, 1, nan))
		}, "error turn-mean big [2]"},
		{"empty", extra("output_chars:big", 0, 5, 0, 9), nil, "error empty-right big [0]"},
		{"null", extra("output_tokens:big", 5, nan, nan, 9), nil, "error null-right big [1]; warning missing-count big [2]"},
		{"empty text", func(t *datasets.Table) { t.Quality = pair }, func(in *Input) {
			in.Answers = &datasets.Answers{Models: []datasets.AnswerColumn{{Model: "big", Texts: []*string{textOf(" \n"), nil, textOf(""), textOf("7")}}}}
		}, "error empty-right big [0]; error null-right big [1]"},
		{"regraded answers", func(t *datasets.Table) { t.Quality = pair }, func(in *Input) {
			in.Answers = &datasets.Answers{Reference: []*string{textOf("#### 3"), textOf("4"), textOf("5"), nil},
				Models: []datasets.AnswerColumn{{Model: "small", Texts: []*string{textOf("It is $3.00."), textOf("5"), textOf("no idea"), textOf("1")}}}}
		}, "error wrong-label small [0 1]"},
		{"regraded column", extra("regraded:big", 1, nan, 1, 0), nil, "error wrong-label big [2 3]"},
		{"negative", extra("cost_usd:big", 1, 2, -1, 3), nil, "error negative-count big [2]; warning missing-price small [0 1 2 3]"},
		{"missing tokens", extra("input_tokens:big", 1, nan, 2, 3), nil, "warning missing-count big [1]"},
		{"no tokens at all", extra("output_tokens:big", nan, nan, nan, nan), nil, "warning missing-count big [0 1 2 3]"},
		{"missing cost", extra("cost_usd:big", 1, nan, 2, 3), nil, "warning missing-cost big [1]; warning missing-price small [0 1 2 3]"},
		{"zero cost", extra("cost_usd:big", 1, 0, 2, 3), nil, "warning missing-price small [0 1 2 3]; warning zero-cost big [1]"},
		{"total", extra("total_tokens:big", 5, 5, 4, nan), func(in *Input) {
			in.Table.Extras = append(in.Table.Extras, quality("input_tokens:big", 2, 2, 2, 2), quality("output_tokens:big", 3, 2, 3, 3))
		}, "error total-above-parts big [1]"},
		{"total cost", extra("cost_usd:big", .3, .4, 1, 1), func(in *Input) { // .1 + .2 is not .3
			in.Table.Extras = append(in.Table.Extras, quality("input_cost_usd:big", .1, .1, 1, 1), quality("output_cost_usd:big", .2, .2, 1, 1))
		}, "error total-above-parts big [1]; warning missing-price small [0 1 2 3]"},
		{"cached", extra("cached_input_tokens:big", 5, 6, 7, nan), func(in *Input) {
			in.Table.Extras = append(in.Table.Extras, quality("input_tokens:big", 5, 5, 9, 2))
		}, "error part-above-total big [1]"},
		{"reasoning", extra("reasoning_tokens:big", 5, 6, 7, -1), func(in *Input) {
			in.Table.Extras = append(in.Table.Extras, quality("output_tokens:big", 5, 5, 9, 2))
		}, "error negative-count big [3]; error part-above-total big [1]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Input{Table: table(4, c.edit), Strong: "big", Weak: "small"}
			if c.more != nil {
				c.more(&in)
			}
			if got := shown(Data(in)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func shown(found []Finding) string {
	var parts []string
	for _, f := range found {
		parts = append(parts, fmt.Sprintf("%s %s %s %v", f.Severity, f.Code, f.About, f.Rows))
	}
	return strings.Join(parts, "; ")
}

// inFives divides 100 rows into five tasks.
func inFives(tasks []string) {
	for i := range tasks {
		tasks[i] = fmt.Sprint("task ", i/20)
	}
}

// TestOneSidedFalseAlarms checks clean data sets, whose tasks differ in difficulty, and a
// task whose labels are all right among like ones.
func TestOneSidedFalseAlarms(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	draw := func(tasks int, spread float64) Input {
		var values []float64
		var names []string
		for k := range tasks {
			p := 1 / (1 + math.Exp(-0.8-spread*r.NormFloat64()))
			for range 10 + r.IntN(60) {
				values, names = append(values, math.Floor(r.Float64()+p)), append(names, fmt.Sprint(k))
			}
		}
		return Input{Table: &datasets.Table{Task: names, Quality: []datasets.Column{quality("big", values...)}}}
	}
	alarms, caught := 0, 0
	for range 100 {
		for _, tasks := range []int{5, 15, 57} {
			for _, spread := range []float64{0.5, 1, 2} {
				alarms += min(1, len(oneSided(draw(tasks, spread))))
			}
		}
		in := draw(15, 0)
		for i, task := range in.Table.Task {
			if task == "3" {
				in.Table.Quality[0].Values[i] = 1
			}
		}
		caught += min(1, len(oneSided(in)))
	}
	if alarms > 9 || caught < 50 { // 1 % of 900
		t.Errorf("%d false alarms in 900 clean data sets, caught %d of 100 broken tasks", alarms, caught)
	}
}

// TestManyRows tests the checks that need more than a few samples.
func TestManyRows(t *testing.T) {
	half := repeat(50, 0, 1)
	for _, c := range []struct {
		name string
		edit func(*datasets.Table)
		want string // code about count
	}{
		{"always right", func(t *datasets.Table) {
			inFives(t.Task)
			t.Quality = []datasets.Column{quality("big", append(repeat(20, 1), half[:80]...)...)}
		}, "always-right big 20"},
		{"never right", func(t *datasets.Table) {
			inFives(t.Task)
			t.Quality = []datasets.Column{quality("big", append(repeat(20, 0), half[:80]...)...)}
		}, "never-right big 20"},
		{"always right by luck", func(t *datasets.Table) {
			inFives(t.Task)
			t.Quality = []datasets.Column{quality("big", append(repeat(20, 1), append(repeat(79, 1), 0)...)...)}
		}, ""},
		{"an easy task among unequal ones", func(t *datasets.Table) {
			inFives(t.Task)
			values := repeat(100, 1)
			for k, wrong := range []int{0, 2, 10, 16, 6} { // of the 20 samples of each task
				copy(values[20*k:], repeat(wrong, 0))
			}
			t.Quality = []datasets.Column{quality("big", values...)}
		}, ""},
		{"one other task", func(t *datasets.Table) {
			copy(t.Task, slices.Repeat([]string{"law"}, 20))
			t.Quality = []datasets.Column{quality("big", append(repeat(20, 1), half[:80]...)...)}
		}, ""},
		{"too few samples", func(t *datasets.Table) {
			copy(t.Task, slices.Repeat([]string{"law"}, 9))
			t.Quality = []datasets.Column{quality("big", append(repeat(9, 1), half[:91]...)...)}
		}, ""},
		{"one value", func(t *datasets.Table) { t.Quality = []datasets.Column{quality("big", repeat(100, 1)...)} }, "constant-quality big 100"},
		{"nothing measured", func(t *datasets.Table) { t.Quality = []datasets.Column{quality("big", repeat(100, nan)...)} }, ""},
		{"outside the usual range", func(t *datasets.Table) {
			t.Quality = []datasets.Column{quality("big", append(half[:98:98], 5, -1)...)}
		}, "quality-range big 2"},
		{"constant tokens", func(t *datasets.Table) {
			t.Extras = []datasets.Column{quality("output_tokens:big", repeat(100, 256)...)}
		}, "constant-count big 100"},
		{"winners", func(t *datasets.Table) {
			t.Winner = slices.Repeat([]string{"model_a"}, 100)
			t.Winner[7] = "tie"
		}, "one-choice  99"},
		{"fair winners", func(t *datasets.Table) {
			t.Winner = append(slices.Repeat([]string{"model_a"}, 97), "tie", "tie", "tie")
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var parts []string
			for _, f := range Data(Input{Table: table(100, c.edit)}) {
				parts = append(parts, fmt.Sprintf("%s %s %d", f.Code, f.About, len(f.Rows)))
			}
			if got := strings.Join(parts, "; "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestScoreFiles(t *testing.T) {
	line := make([]float64, 100)
	for i := range line {
		line[i] = float64(i) / 100
	}
	low := make([]float64, 100)
	for i := range low {
		low[i] = float64(i) / 1000
	}
	for _, c := range []struct {
		name   string
		values []float64
		want   string
	}{
		{"fine", line, ""},
		{"few", repeat(10, 0.1, 0.2, 0.3, 0.6, 0.7, 0.8), "few-scores 60"},
		{"tied", append(repeat(30, 0.3), line[:70]...), "tied-scores 31"},
		{"lopsided", low, "one-choice 100"},
		{"not win rates", repeat(5, -40, -30, -20, -10, -5, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19), ""},
		{"too few rows", repeat(19, 1), ""},
	} {
		if got := counts(File(&datasets.Scores{Values: c.values})); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	for want, values := range map[string][]float64{"one-choice 99": append(repeat(99, 1), 0), "": repeat(50, 1, 0)} {
		if got := counts(DecisionFile(&datasets.Scores{Values: values})); got != want {
			t.Errorf("decisions: got %q, want %q", got, want)
		}
	}
}

func counts(found []Finding) string {
	var parts []string
	for _, f := range found {
		parts = append(parts, fmt.Sprintf("%s %d", f.Code, len(f.Rows)))
	}
	return strings.Join(parts, "; ")
}

// TestMeasure compares means and the APGR of a router with values computed by hand.
func TestMeasure(t *testing.T) {
	in := Input{Strong: "big", Weak: "small", Scores: []Scores{{"r", repeat(10, 4, 3, 2, 1)}}}
	in.Table = table(40, func(t *datasets.Table) {
		t.Quality = []datasets.Column{quality("big", repeat(10, 1, 1, 1, 0)...), quality("small", repeat(10, 0, 1, 0, 0)...)}
		t.Contaminated[0] = true
	})
	e, ok := Measure(in, Finding{Mend: Restore, Rows: []int{0}})
	if !ok || e.Before.Samples != 39 || e.After.Samples != 40 {
		t.Fatalf("%v, %+v", ok, e)
	}
	if e.After.Strong != 0.75 || e.After.Weak != 0.25 || e.After.Gap() != 0.5 {
		t.Errorf("means %+v", e.After)
	}
	// gains 1, 0, 1, 0 in the order of the scores: cumulated 0, 1/2, 1/2, 1, 1
	if want := (0.25 + 0.5 + 0.75 + 1) / 4; math.Abs(e.After.APGR[0]-want) > 1e-12 {
		t.Errorf("APGR %v, want %v", e.After.APGR[0], want)
	}
	corrected := repeat(10, 1, 1, 1, 1)
	if e, ok = Measure(in, Finding{Mend: Relabel, About: "big", Corrected: corrected}); !ok || e.After.Strong != 1 || e.Before.Samples != e.After.Samples {
		t.Errorf("%v, %+v", ok, e)
	}
	for name, f := range map[string]Finding{
		"does not matter": {Mend: Nothing, Rows: []int{1}}, "left out anyway": {Mend: Drop, Rows: []int{0}},
		"another model": {Mend: Relabel, About: "other", Corrected: corrected}, "nothing left": {Mend: Drop, Rows: rowsWhere(40, func(int) bool { return true })},
	} {
		if _, ok := Measure(in, f); ok {
			t.Errorf("%s: has an effect, want none", name)
		}
	}
	in.Weak = "none"
	if _, ok := Measure(in, Finding{Mend: Drop, Rows: []int{1}}); ok {
		t.Error("has an effect without a pair, want none")
	}
}

// TestRegradeIsUnsure checks that answers which cannot be graded get NaN.
func TestRegradeIsUnsure(t *testing.T) {
	a := datasets.Answers{Reference: []*string{nil, textOf("yes"), textOf("3"), textOf("3")},
		Models: []datasets.AnswerColumn{{Model: "m", Texts: []*string{textOf("3"), textOf("3"), nil, textOf("")}}}}
	got := Regrade(a)[0].Values
	if !math.IsNaN(got[0]) || !math.IsNaN(got[1]) || !math.IsNaN(got[2]) || got[3] != 0 {
		t.Errorf("%v, want NaN, NaN, NaN, 0", got)
	}
	if Regrade(datasets.Answers{Models: a.Models}) != nil {
		t.Error("graded without reference answers")
	}
}

// TestRouteLLM checks that the known defects of the benchmarks are found.
func TestRouteLLM(t *testing.T) {
	from := filepath.Join("..", "..", "..", "shared", "data")
	mmlu, gsm8k, mtBench, err := datasets.ImportRouteLLM(from, nil)
	if err != nil {
		t.Skipf("skipped: %v", err)
	}
	dir := filepath.Join(from, "routellm", "gsm8k")
	answers, err := datasets.ReadAnswers([]string{filepath.Join(dir, "gsm8k_responses.csv"), filepath.Join(dir, "test.jsonl")}, gsm8k)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		table   *datasets.Table
		answers *datasets.Answers
		want    map[string]int
	}{
		{mmlu, nil, map[string]int{"repeated-prompt": 105, "conflicting-outcomes": 4, "contaminated": 5}},
		{gsm8k, &answers, map[string]int{"contaminated": 12, "wrong-label gpt-4-1106-preview": 42, "wrong-label mistralai/Mixtral-8x7B-Instruct-v0.1": 11}},
		{mtBench, nil, map[string]int{"contaminated": 8}},
	} {
		in := Input{Table: c.table, Strong: c.table.Meta.Strong, Weak: c.table.Meta.Weak, Answers: c.answers}
		got := map[string]int{}
		for _, f := range Data(in) {
			got[strings.TrimSpace(f.Code+" "+f.About)] = len(f.Rows)
			if f.About == in.Strong && f.Code == "wrong-label" && !strings.Contains(f.Message, "mean quality 0.8567, regraded 0.8886") {
				t.Errorf("message %q", f.Message)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", c.table.Meta.Name, got, c.want)
		}
	}
}
