package hint_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/routellm/routellm/internal/hint"
)

func TestWith(t *testing.T) {
	base := errors.New("base")
	err := hint.With(base, "try", "again")
	var h *hint.Error
	if !errors.Is(err, base) || err.Error() != "base" || !errors.As(err, &h) || len(h.Hints) != 2 {
		t.Errorf("%#v", err)
	}
	if hint.With(nil, "try") != nil {
		t.Error("With(nil) returned an error, want nil")
	}
}

func TestOfWrappedErrors(t *testing.T) {
	inner := hint.With(errors.New("inner"), "a", "b")
	outer := hint.With(fmt.Errorf("outer: %w", inner), "c")
	if got := hint.Of(fmt.Errorf("top: %w", outer)); fmt.Sprint(got) != "[c a b]" {
		t.Errorf("hints %q", got)
	}
	if got := hint.Of(errors.New("plain")); got != nil {
		t.Errorf("hints %q of a plain error", got)
	}
}

func TestDidYouMean(t *testing.T) {
	base := errors.New("base")
	if got := hint.Of(hint.DidYouMean(base, "mmlo", []string{"gsm8k", "mmlu"})); fmt.Sprint(got) != "[did you mean mmlu?]" {
		t.Errorf("hints %q", got)
	}
	for typed, want := range map[string]string{"evaluate": "[did you mean eval?]", "cali": "[did you mean calibrate?]", "comp": "[]", "ev": "[]"} {
		if got := hint.Of(hint.DidYouMean(base, typed, []string{"eval", "calibrate", "compare", "complete"})); fmt.Sprint(got) != want {
			t.Errorf("%q: hints %q, want %q", typed, got, want)
		}
	}
	if got := hint.DidYouMean(base, "nope", []string{"gsm8k"}); got != base {
		t.Errorf("%#v, want the error unchanged", got)
	}
	if hint.DidYouMean(nil, "mmlo", []string{"mmlu"}) != nil {
		t.Error("DidYouMean(nil) returned an error, want nil")
	}
}

func TestClosest(t *testing.T) {
	words := []string{"mt-bench", "mmlu", "gsm8k", "mf", "knn", "length"}
	for typed, want := range map[string]string{
		"mmlo": "mmlu", "mmul": "mmlu", "MMLU": "mmlu", "gsm8": "gsm8k", "mff": "mf", "mtbench": "mt-bench", "lenght": "length", "m": "mf",
		"nope": "", "": "", "a": "", "knn": "", "outcomes": "",
	} {
		if got := hint.Closest(typed, words); got != want {
			t.Errorf("%q is taken for %q, want %q", typed, got, want)
		}
	}
}
