package quiz

import (
	"bytes"
	"math"
	"slices"
	"testing"
)

// TestMake makes different questions of all tasks and levels, the same ones every time.
func TestMake(t *testing.T) {
	all := Make(1200, 1)
	if !slices.Equal(all, Make(1200, 1)) {
		t.Error("the same seed gives other questions")
	}
	prompts, kinds := map[string]bool{}, map[string]int{}
	for _, q := range all {
		prompts[q.Prompt] = true
		kinds[q.Task+" "+q.Level]++
	}
	if len(prompts) != len(all) {
		t.Errorf("%d prompts in %d questions", len(prompts), len(all))
	}
	for _, task := range tasks {
		for _, level := range []string{Easy, Hard} {
			if n := kinds[task.name+" "+level]; n < 150 || n > 250 {
				t.Errorf("%s %s: %d questions of %d", task.name, level, n, len(all))
			}
		}
	}
	if !slices.Equal(all[:100], Make(100, 1)) {
		t.Error("the first questions depend on their number")
	}
}

// TestWrite reads back what it writes.
func TestWrite(t *testing.T) {
	var b bytes.Buffer
	all := Make(50, 3)
	if err := Write(&b, all); err != nil {
		t.Fatal(err)
	}
	if back, err := Read(&b); err != nil || !slices.Equal(back, all) {
		t.Errorf("reads other questions: %v", err)
	}
}

// TestAnswer counts the right answers of both models.
func TestAnswer(t *testing.T) {
	all := Make(4000, 4)
	for _, m := range []Model{Small(), Big()} {
		right, asked := map[string]float64{}, map[string]float64{}
		for _, q := range all {
			kind := q.Task + " " + q.Level
			text, ok := m.Answer(q, 0)
			if again, _ := m.Answer(q, 0); again != text {
				t.Fatalf("%s answers %q, then %q", m.Name, text, again)
			}
			asked[kind]++
			if ok {
				right[kind]++
			}
		}
		for kind, n := range asked {
			want := m.Right[kind] * (1 - m.Silent)
			if got := right[kind] / n; math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/n) {
				t.Errorf("%s, %s: %.3f right, expected %.3f", m.Name, kind, got, want)
			}
		}
	}
}
