package quiz

import (
	"slices"
	"testing"
)

// TestShort makes different questions of all kinds, the same ones every time.
func TestShort(t *testing.T) {
	all := Short(300, 1)
	if !slices.Equal(all, Short(300, 1)) || !slices.Equal(all[:60], Short(60, 1)) {
		t.Error("the same seed gives other questions")
	}
	kinds, prompts := map[string]int{}, map[string]bool{}
	for _, q := range all {
		kinds[q.Task]++
		prompts[q.Prompt] = true
		if !q.RightShort("It is " + q.Answer + ".") {
			t.Errorf("%q: its own answer %q is not right", q.Prompt, q.Answer)
		}
	}
	if len(prompts) != len(all) {
		t.Errorf("%d prompts in %d questions", len(prompts), len(all))
	}
	for _, task := range shortTasks {
		if kinds[task.name] < 30 {
			t.Errorf("%s: %d questions of %d", task.name, kinds[task.name], len(all))
		}
	}
}

func TestRightShort(t *testing.T) {
	for _, c := range []struct {
		want, answer string
		right        bool
	}{
		{"12", "7 plus 5 is 12.", true}, {"12", "12 is 7 plus 5", false}, {"12", "", false}, {"12", "112", false}, {"12", "no idea", false},
		{"Oslo", "The capital is OSLO!", true}, {"Oslo", "Oslofjord", false}, {"barn", "in the barn", true}, {"barn", "", false},
	} {
		if got := (Question{Answer: c.want}).RightShort(c.answer); got != c.right {
			t.Errorf("%q for %q: %v", c.answer, c.want, got)
		}
	}
}
