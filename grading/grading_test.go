package grading

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/modelserver"
)

// gradeOne grades one answer and fails on an error.
func gradeOne(t *testing.T, g Grader, answer, reference string) Grade {
	t.Helper()
	out, err := g.Grade(t.Context(), Task{Answer: answer, Reference: reference})
	if err != nil {
		t.Errorf("%q, %q: %v", answer, reference, err)
	}
	return out
}

func open(t *testing.T, kind string, o Options) Grader {
	t.Helper()
	g, err := New(kind, o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// unreadReference stands for a reference that cannot be read.
const unreadReference = -1

func TestKinds(t *testing.T) {
	partial, subset := Options{Partial: true}, Options{Subset: true}
	for _, c := range []struct {
		kind, answer, reference string
		options                 Options
		want                    float64
	}{
		{"number", "so $1,234.50.", "1234.5", Options{}, 1},
		{"number", "about 3.333", "10/3", Options{Tolerance: 1e-3}, 1},
		{"number", "about 3.333", "10/3", Options{Tolerance: 1e-6}, 0},
		{"number", "5", `["4", 5]`, Options{}, 1},
		{"number", "5", "4|5", Options{Separator: "|"}, 1},
		{"number", "5", "none", Options{}, unreadReference},
		{"number", "none", "5", Options{}, 0},
		{"number", "", "5", Options{}, 0},
		{"choice", "The answer is (B).", "B", Options{}, 1},
		{"choice", "The answer is (B).", "b)", Options{}, 1},
		{"choice", "The answer is (B).", "1", Options{Choices: "0-3"}, 1},
		{"choice", "The answer is (B).", "2", Options{Choices: "1-4"}, 1},
		{"choice", "The answer is 2.", "2", Options{Choices: "1-4"}, 1},
		{"choice", "The answer is 2.", "B", Options{Choices: "1-4"}, 1},
		{"choice", "The answer is E.", "B", Options{Choices: "A-D"}, 0},
		{"choice", "B", `["A", "B"]`, Options{}, 1},
		{"choice", "B", "Z", Options{}, unreadReference},
		{"choice", "B", "7", Options{}, unreadReference},
		{"exact", "  The Hague. ", "the hague", Options{}, 1},
		{"exact", "The Hague.", "the hague", Options{Strict: true}, 0},
		{"exact", "ＡＢＣ １２", "abc 12", Options{}, 1},
		{"exact", "STRASSE", "straße", Options{}, 1},
		{"exact", "-5", "5", Options{}, 0},
		{"exact", "3.5", "35", Options{}, 0},
		{"exact", "C++", "C", Options{}, 0},
		{"exact", "?!", "?!", Options{}, 1},
		{"exact", "x", "  ", Options{}, unreadReference},
		{"exact", "**Paris**", `["Paris", "Lutetia"]`, Options{}, 1},
		{"contains", "It was Ada Lovelace, of course.", "ada lovelace", Options{}, 1},
		{"contains", "It was Adam.", "Ada", Options{}, 0},
		{"contains", "答えは東京です", "東京", Options{}, 1},
		{"contains", "in 1815, not 18150", "1815", Options{}, 1},
		{"contains", "in 18150", "1815", Options{}, 0},
		{"contains", "a well-known case", "well known", Options{}, 1},
		{"contains", "red and blue", `["red", "blue", "green"]`, Options{Several: All}, 0},
		{"contains", "red, blue, green", `["red", "blue", "green"]`, Options{Several: All}, 1},
		{"contains", "red and blue", `["red", "blue", "green", "pink"]`, Options{Several: Share}, 0.5},
		{"contains", "Red", "red", Options{Strict: true}, 0},
		{"regex", "order 66 sent", `order \d+`, Options{}, 1},
		{"regex", "order x", `order \d+`, Options{}, 0},
		{"regex", "", `^$`, Options{}, 1},
		{"regex", "ab", `["ab"]`, Options{}, 1}, // a class of characters
		{"json", `{"a": 1, "b": [1, 2]}`, `{"b": [1.0, 2], "a": 1e0}`, Options{}, 1},
		{"json", "Here:\n```json\n{\"a\": 1}\n```\nDone.", `{"a": 1}`, Options{}, 1},
		{"json", `The result is {"a": 1} as asked.`, `{"a": 1}`, Options{}, 1},
		{"json", `[1, 2]`, `[2, 1]`, Options{}, 0},
		{"json", `{"a": 1, "c": 2}`, `{"a": 1}`, Options{}, 0},
		{"json", `{"a": 1, "c": 2}`, `{"a": 1}`, subset, 1},
		{"json", `{"a": 1, "b": 3}`, `{"a": 1, "b": 2}`, partial, 0.5},
		{"json", `{"a": 1, "b": 2, "c": 3, "d": 4}`, `{"a": 1, "b": 2}`, partial, 0.5},
		{"json", `{}`, `{"a": null}`, Options{}, 0},
		{"json", `{"a": null}`, `{"a": null}`, Options{}, 1},
		{"json", `null`, `null`, Options{}, 1},
		{"json", `[]`, `{}`, Options{}, 0},
		{"json", `{"a": {"b": 1}}`, `{"a": [1]}`, Options{}, 0},
		{"json", `{"a": 1.0000001}`, `{"a": 1}`, Options{Tolerance: 1e-6}, 1},
		{"json", `{"a": 12345678901234567890}`, `{"a": 12345678901234567891}`, Options{}, 0},
		{"json", `not json`, `{"a": 1}`, Options{}, 0},
		{"json", `{"a": 1}`, `{"a": `, Options{}, unreadReference},
	} {
		got := gradeOne(t, open(t, c.kind, c.options), c.answer, c.reference)
		want := c.want
		if want == unreadReference {
			if !math.IsNaN(got.Value) || got.Why == "" {
				t.Errorf("%s: %q by %q: %+v, want NaN and a reason", c.kind, c.answer, c.reference, got)
			}
			continue
		}
		if got.Value != want {
			t.Errorf("%s: %q by %q: %+v, want %v", c.kind, c.answer, c.reference, got, want)
		}
	}
}

// TestChoiceTexts reads the texts of choices from a prompt and from columns.
func TestChoiceTexts(t *testing.T) {
	const prompt = "Which one conducts best?\nA. Iron\nB. Copper wire\nC. Glass\nD. Wood\nAnswer:"
	for _, c := range []struct {
		column, text, answer, reference string
		want                            float64
	}{
		{"", "", "Copper wire.", "B", 1},
		{"", "", "The answer is B", "copper wire", 1},
		{"", "", "E", "B", 0},
		{"options", `["Iron", "Copper", "Glass"]`, "It is copper", "Copper", 1},
		{"options", `{"A": "Iron", "B": "Copper"}`, "copper", "B", 1},
		{"options", "Iron | Copper | Glass", "copper", "1", 1},
		{"options", "", "B", "1", 1},
	} {
		g := open(t, "choice", Options{ChoicesColumn: c.column, Choices: map[bool]string{true: "A-D", false: "0-3"}[c.column == ""]})
		got, err := g.Grade(t.Context(), Task{Answer: c.answer, Reference: c.reference, Prompt: prompt, Columns: map[string]string{"options": c.text}})
		if err != nil || got.Value != c.want {
			t.Errorf("%+v: %+v, %v", c, got, err)
		}
	}
}

func TestWrongKinds(t *testing.T) {
	for _, kind := range []string{"", "numbr", "exec", "exec:", "exec:no-such-program-here", "http", "http:", "http://", "ftp://x", "http://user:pass@host/"} {
		if _, err := New(kind, Options{}); err == nil || strings.Contains(err.Error(), "pass@") {
			t.Errorf("%q: error %v", kind, err)
		}
	}
	for _, choices := range []string{"A", "D-A", "A-3", "2-5", "AB-C", "a-"} {
		if _, err := New("choice", Options{Choices: choices}); err == nil {
			t.Errorf("%q: no error", choices)
		}
	}
	_, err := open(t, "regex", Options{}).Grade(t.Context(), Task{Answer: "x", Reference: "("})
	if !errors.As(err, new(*ReferenceError)) {
		t.Errorf("a bad pattern gives %v", err)
	}
}

// TestServer grades by servers that answer, fail once, and answer nonsense.
func TestServer(t *testing.T) {
	var requests atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		body := make([]byte, 1000)
		n, _ := r.Body.Read(body)
		switch {
		case strings.Contains(string(body[:n]), `"answer":"busy"`) && requests.Load() < 2:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
		case strings.Contains(string(body[:n]), `"answer":"bad"`):
			fmt.Fprint(w, "fine")
		case strings.Contains(string(body[:n]), `"answer":"large"`):
			fmt.Fprint(w, `{"value": 2}`)
		case strings.Contains(string(body[:n]), `"answer":"null"`):
			fmt.Fprint(w, `{"value": null, "why": "no number"}`)
		case strings.Contains(string(body[:n]), `"answer":"refused"`):
			w.WriteHeader(http.StatusBadRequest)
		default:
			fmt.Fprint(w, `{"value": 0.25, "read": "x"}`)
		}
	}))
	defer s.Close()
	for _, kind := range []string{s.URL, "http:" + s.URL} {
		g := open(t, kind, Options{})
		requests.Store(0)
		for answer, want := range map[string]Grade{"ok": {Value: 0.25, Read: "x"}, "null": {Why: "no number"}} {
			if got := gradeOne(t, g, answer, "r"); got != want {
				t.Errorf("%s: %+v, want %+v", answer, got, want)
			}
		}
		requests.Store(0)
		if got := gradeOne(t, g, "busy", ""); got.Value != 0.25 || requests.Load() != 2 {
			t.Errorf("busy: %+v after %d requests", got, requests.Load())
		}
		for _, answer := range []string{"bad", "large", "refused"} {
			if got, err := g.Grade(t.Context(), Task{Answer: answer}); err == nil {
				t.Errorf("%s: %+v, want an error", answer, got)
			}
		}
	}
}

func FuzzGrade(f *testing.F) {
	f.Add("```json\n{\"a\": [1, {\"b\": null}]}\n```", `{"a": [1.0, {"b": null}]}`)
	f.Add("The answer is (B).", `["A", "b"]`)
	f.Add("－5 ≈ 3/4", "\xff[")
	var all []Grader
	for _, kind := range []string{"number", "choice", "exact", "contains", "json"} {
		g, err := New(kind, Options{Tolerance: 1e-6, Partial: true, Several: Share})
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, g)
	}
	f.Fuzz(func(t *testing.T, answer, reference string) {
		for k, g := range all {
			got, err := g.Grade(t.Context(), Task{Answer: answer, Reference: reference, Prompt: reference})
			if err != nil || !math.IsNaN(got.Value) && !(got.Value >= 0 && got.Value <= 1) {
				t.Errorf("grader %d: %q by %q: %+v, %v", k, answer, reference, got, err)
			}
		}
	})
}

func BenchmarkGrade(b *testing.B) {
	for kind, c := range map[string][2]string{
		"number":   {strings.Repeat("She sells 16 eggs for $2 each, so she makes 16 * 2 = 32 dollars per day. ", 6) + "\n#### 32", "32"},
		"choice":   {strings.Repeat("Iron rusts, and glass does not conduct, so neither of them will do here. ", 6) + "\nThe answer is (B).", "B"},
		"contains": {strings.Repeat("It was Ada Lovelace who wrote the first program, in 1843. ", 8), "ada lovelace"},
	} {
		b.Run(kind, func(b *testing.B) {
			g, err := New(kind, Options{})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if got, err := g.Grade(b.Context(), Task{Answer: c[0], Reference: c[1]}); err != nil || got.Value != 1 {
					b.Fatal(got, err)
				}
			}
		})
	}
}

// A server that cannot be reached is no mistake of the user's files: exit code 1.
func TestUnreachableServerIsAFault(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	s := &server{closed.URL, &modelserver.Client{Timeout: time.Minute}}
	if _, err := s.Grade(t.Context(), Task{}); !fault.Is(err) || !isFatal(err) {
		t.Errorf("error %v, want one that ends the run as a fault", err)
	}
}
