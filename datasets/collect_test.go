package datasets

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"
)

// answer returns an answer as "ID MODEL QUALITY" in the next row of file.
func answer(row int, id, model string, quality float64) Graded {
	g := NewGraded()
	g.File, g.Row, g.ID, g.Model, g.Quality = "a.csv", row, id, model, quality
	return g
}

// collected returns the table of answers, or the error that adding them gives.
func collected(o CollectOptions, answers ...Graded) (*Table, []Coverage, error) {
	c := NewCollector(o)
	for _, g := range answers {
		if err := c.Add(g); err != nil {
			return nil, nil, err
		}
	}
	return c.Table()
}

func TestCollectorJoins(t *testing.T) {
	other := answer(1, "q10", "small", 0.5)
	other.File, other.CostUSD, other.Prompt = "b.csv", 2, "why"
	failed := answer(3, "q2", "small", math.NaN())
	failed.File, failed.Failed = "b.csv", "timeout"
	answers := []Graded{answer(1, "q10", "big", 1), answer(2, "q2", "big", 0), answer(3, "q3", "big", 0), other, failed}
	for keep, ids := range map[bool]string{false: "[q2 q3 q10]", true: "[q10 q2 q3]"} {
		table, coverage, err := collected(CollectOptions{KeepOrder: keep}, answers...)
		if err != nil || fmt.Sprint(table.SampleID) != ids {
			t.Fatalf("%v, %v", table, err)
		}
		if want := "[{big 3 0 map[] 0} {small 1 1 map[timeout:1] 0}]"; fmt.Sprint(coverage) != want {
			t.Errorf("%v, want %s", coverage, want)
		}
		row := map[bool]int{false: 2, true: 0}[keep]
		if q, _ := table.QualityOf("small"); q[row] != 0.5 || !math.IsNaN(q[1]) {
			t.Errorf("qualities %v", q)
		}
		if len(table.Extras) != 1 || table.Extras[0].Name != "cost_usd:small" || table.Extras[0].Values[row] != 2 || table.PromptSHA256[row] != SHA256Hex("why") {
			t.Errorf("%v, %v", table.Extras, table.PromptSHA256)
		}
	}
	table, _, err := collected(CollectOptions{FailWrong: true, KeepOrder: true}, answers...)
	if q, _ := table.QualityOf("small"); err != nil || q[1] != 0 || !math.IsNaN(q[2]) {
		t.Errorf("qualities %v, %v, want a failed answer to be wrong and a missing one not measured", q, err)
	}
}

func TestCollectorRepeats(t *testing.T) {
	retry := []Graded{answer(1, "p", "m", math.NaN()), answer(2, "p", "m", 1)}
	retry[0].CostUSD, retry[1].CostUSD = 0.5, 0.25
	table, coverage, err := collected(CollectOptions{}, retry...)
	if err != nil || table.Quality[0].Values[0] != 1 || table.Extras[0].Values[0] != 0.375 || coverage[0].Repeated != 1 {
		t.Errorf("%v, %v, %v", table, coverage, err)
	}
	twice := []Graded{answer(4, "p", "m", 1), answer(7, "p", "m", 0), answer(8, "p", "m", 0.1)}
	_, _, err = collected(CollectOptions{}, twice...)
	want := `"a.csv": row 7: a second answer of model "m" to sample "p", after row 4, expected one per model and sample`
	if err == nil || err.Error() != want || !strings.Contains(hint.Of(err)[0], "--repeat mean") {
		t.Errorf("%v %v", err, hint.Of(err))
	}
	table, coverage, err = collected(CollectOptions{Repeat: RepeatMean}, twice...)
	if err != nil || math.Abs(table.Quality[0].Values[0]-1.1/3) > 1e-15 || coverage[0].Measured != 1 || coverage[0].Repeated != 2 {
		t.Errorf("%v, %v, %v", table, coverage, err)
	}
	c := NewCollector(CollectOptions{SkipBad: true})
	for _, g := range twice {
		if err := c.Add(g); err != nil {
			t.Fatal(err)
		}
	}
	if table, _, err = c.Table(); err != nil || table.Quality[0].Values[0] != 1 || c.Skipped().Rows != 2 {
		t.Errorf("%v, %v, %v", table, c.Skipped(), err)
	}
}

func TestCollectorRefusesDisagreement(t *testing.T) {
	first := answer(2, "p", "m", 1)
	first.Prompt, first.Check, first.Task = "why", "1a", "maths"
	for want, change := range map[string]func(*Graded){
		`"b.csv": row 5: the prompt of sample "p" differs from that in "a.csv", row 2, expected the same in both`:     func(g *Graded) { g.Prompt = "who" },
		`"b.csv": row 5: the content of sample "p" differs from that in "a.csv", row 2, expected the same in both`:    func(g *Graded) { g.Check = "2b" },
		`"b.csv": row 5: task "law", but sample "p" has task "maths" in "a.csv", row 2, expected one task per sample`: func(g *Graded) { g.Task = "law" },
		`"b.csv": row 5: no model, expected a model name`:                                                             func(g *Graded) { g.Model = " " },
		`"b.csv": row 5: neither an id nor a prompt, expected one of them`:                                            func(g *Graded) { g.ID, g.Prompt = "", "" },
		`"b.csv": row 5: cost_usd:n: found +Inf, expected a finite number`:                                            func(g *Graded) { g.CostUSD = math.Inf(1) },
	} {
		second := first
		second.File, second.Row, second.Model = "b.csv", 5, "n"
		change(&second)
		if _, _, err := collected(CollectOptions{}, first, second); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, _, err := collected(CollectOptions{}); err == nil {
		t.Error("no error without answers")
	}
}

func TestCollectorTasks(t *testing.T) {
	var answers []Graded
	for row, task := range []string{"b", "a", "b"} {
		g := answer(row+1, "1", "m", float64(row))
		g.Task, g.Prompt = task, "question of "+task
		if row == 2 {
			g.Model = "n"
		}
		answers = append(answers, g)
	}
	for _, o := range []CollectOptions{{TaskInID: true}, {taskIfNeeded: true}} {
		table, _, err := collected(o, answers...)
		if err != nil || fmt.Sprint(table.SampleID, table.Quality) != "[a/1 b/1] [{m [1 0]} {n [NaN 2]}]" {
			t.Errorf("%v, %v", table, err)
		}
	}
	answers[1].Prompt = "question of b"
	if _, _, err := collected(CollectOptions{taskIfNeeded: true}, answers...); err == nil {
		t.Error("no error for one prompt in two tasks")
	}
}

func TestCollectorByPrompt(t *testing.T) {
	byPrompt := func(row int, prompt, id, model string) Graded {
		g := answer(row, id, model, float64(row))
		g.Prompt = prompt
		return g
	}
	table, _, err := collected(CollectOptions{KeepPrompt: true, KeepOrder: true}, byPrompt(1, "why", "", "m"), byPrompt(2, "who", "x", "m"),
		byPrompt(3, "who", "", "n"), byPrompt(4, "why", "y", "n"), byPrompt(5, "why", "z", "n"))
	want := `["y" "x" "z"] ["y" "x" "y"] ["why" "who" "why"] [{m [1 2 NaN]} {n [4 3 5]}]`
	if err != nil || fmt.Sprintf("%q %q %q %v", table.SampleID, table.Cluster, table.Prompt, table.Quality) != want {
		t.Errorf("%v, %v", table, err)
	}
	second := byPrompt(1, "who", "", "m")
	second.File = "b.csv"
	table, _, err = collected(CollectOptions{KeepOrder: true}, byPrompt(1, "why", "", "m"), byPrompt(3, "when", "", "m"), second)
	if err != nil || fmt.Sprint(table.SampleID) != "[row/0000001 row/0000003 row/0000004]" {
		t.Errorf("%v, %v", table, err)
	}
}

func TestCollectorBatches(t *testing.T) {
	const n = 3*storeRows + 7
	c := NewCollector(CollectOptions{KeepOrder: true})
	for i := range 2 * n {
		g := answer(i+1, fmt.Sprint("s", i%n), []string{"m", "n"}[i/n], float64(i)/3)
		if i%n > 2*storeRows {
			g.Prompt = fmt.Sprint("prompt ", i%n%2)
		}
		if err := c.Add(g); err != nil {
			t.Fatal(err)
		}
	}
	whole, _, err := c.Table()
	if err != nil {
		t.Fatal(err)
	}
	row := 0
	if _, err := c.Batches(1000, func(b *Table) error {
		for i, id := range b.SampleID {
			if id != whole.SampleID[row] || b.Cluster[i] != whole.Cluster[row] || b.Quality[1].Values[i] != float64(row+n)/3 || b.PromptSHA256[i] != whole.PromptSHA256[row] {
				t.Fatalf("row %d: %s", row, id)
			}
			row++
		}
		return nil
	}); err != nil || row != n {
		t.Errorf("%d rows, %v", row, err)
	}
}

func TestCompareNatural(t *testing.T) {
	order := strings.Fields("1 01 2 10 a a1 a1b a02b a3 a10 a10x b")
	for i, a := range order {
		for k, b := range order {
			got := compareNatural(a, b)
			if want := i - k; got < 0 != (want < 0) && a != "1" && b != "1" || got == 0 != (want == 0) {
				t.Errorf("%s, %s: %d", a, b, got)
			}
		}
	}
}
