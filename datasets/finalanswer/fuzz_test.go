package finalanswer

import (
	"errors"
	"strings"
	"testing"
)

// FuzzReadChoice expects a choice that exists, or an error that says why there is none.
func FuzzReadChoice(f *testing.F) {
	for _, seed := range []string{"The answer is (B).", `\boxed{\text{(B) }12}`, "A, B or C", "<think>x</think>\n\n**b) red**", "答案：B", "not A, so B isn't"} {
		f.Add(seed, "red|blue|A dog")
	}
	f.Fuzz(func(t *testing.T, answer, texts string) {
		for _, c := range []Choices{Letters(10), {N: 4, First: 1, Texts: strings.Split(texts, "|")}, {N: 4, First: 0}} {
			if len(c.Texts) > c.N {
				c.N = len(c.Texts)
			}
			i, err := c.Read(answer)
			known := errors.Is(err, ErrNone) || errors.Is(err, ErrAmbiguous) || errors.Is(err, ErrEmpty) || errors.Is(err, ErrThinking)
			if err == nil && (i < 0 || i >= c.N) || err != nil && !known {
				t.Errorf("%q: %d, %v", answer, i, err)
			}
			if i, err := c.Reference(texts); err == nil && (i < 0 || i >= c.N) {
				t.Errorf("reference %q: %d", texts, i)
			}
		}
		InPrompt(answer)
	})
}

// TestInPrompt reads the choices that prompts list.
func TestInPrompt(t *testing.T) {
	for prompt, want := range map[string]string{
		"Which?\nA. red\nB. blue\nC. a dog\nAnswer:":                      "red|blue|a dog",
		"Which?\n(a) red\n(b) blue":                                       "red|blue",
		"Which?\n1) red\n2) blue":                                         "red|blue",
		"Which?\n - A: red\n - B: blue\r\n":                               "red|blue",
		"Example\nA. x\nB. y\nAnswer: A\n\nWhich?\nA. red\nB. blue\nC. c": "red|blue|c",
		"Which?\nA. red\nC. blue":                                         "",
		"A. Smith wrote it.":                                              "",
		"":                                                                "",
	} {
		if got := strings.Join(InPrompt(prompt), "|"); got != want {
			t.Errorf("%q: %q, want %q", prompt, got, want)
		}
	}
}
