package nearcopy_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets/nearcopy"
)

// some returns n of the texts at equal distances.
func some(texts []string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = texts[i*(len(texts)/n)]
	}
	return out
}

var fourChoices = regexp.MustCompile(`(?s)^(.*)\nA\. (.*)\nB\. (.*)\nC\. (.*)\nD\. (.*)\nAnswer:$`)

// withChoices returns how to write a question with four choices in another format.
func withChoices(write func(question string, choices []string) string) func(string, int) string {
	return func(prompt string, _ int) string {
		m := fourChoices.FindStringSubmatch(prompt)
		if m == nil {
			return prompt
		}
		return write(m[1], m[2:])
	}
}

// TestFormatsOfOriginals counts the built-in training prompts that are found in other
// formats. docs/data.md has these numbers.
func TestFormatsOfOriginals(t *testing.T) {
	if os.Getenv("ROUTELLM_NIGHTLY") != "1" {
		t.Skip("skipped: expensive, ROUTELLM_NIGHTLY=1 runs it")
	}
	all := originals(t)
	arena, mmlu, gsm8k := all[0].texts, some(all[2].texts, 1500), some(all[3].texts, 300)
	var known []nearcopy.Signature
	for _, texts := range [][]string{arena, all[1].texts, mmlu, gsm8k} {
		for _, text := range texts {
			known = append(known, nearcopy.Of(text).AtMost(nearcopy.Kept))
		}
	}
	index := nearcopy.NewIndex(known)
	frame := func(prompt string, _ int) string {
		return "You are a helpful assistant that answers questions with care.\n\nUser question:\n" + prompt + "\n\nThink step by step, then write the final answer after ####."
	}
	inline := func(prompt string, _ int) string {
		return "Please answer the following as well as you can. " + prompt + " Be brief and do not explain."
	}
	examples := func(prompt string, i int) string {
		var b strings.Builder
		for k := range 5 {
			fmt.Fprintf(&b, "Question: In round %d, ship %d carried %d barrels of salt to port. How many are left?\n%d\n\n", i, k, 7*i+k, i)
		}
		return b.String() + "Question: " + prompt
	}
	reversed := withChoices(func(q string, c []string) string {
		return fmt.Sprintf("Answer this multiple choice question. The last line should be 'ANSWER: LETTER'.\n\n%s\n(A) %s (B) %s (C) %s (D) %s ", q, c[3], c[2], c[1], c[0])
	})
	numbered := withChoices(func(q string, c []string) string {
		return fmt.Sprintf("%s Choices: 1) %s; 2) %s; 3) %s; 4) %s; Reply with the number.", q, c[1], c[2], c[3], c[0])
	})
	alone := withChoices(func(q string, _ []string) string { return q })
	for _, c := range []struct {
		name  string
		texts []string
		write func(prompt string, i int) string
		want  int
	}{
		{"arena in a frame", arena, frame, 8823}, {"arena within a line", arena, inline, 8315},
		{"mmlu in a frame", mmlu, frame, 1489}, {"mmlu reversed", mmlu, reversed, 1483}, {"mmlu numbered", mmlu, numbered, 1483},
		{"mmlu without choices", mmlu, alone, 1387}, {"mmlu behind examples", mmlu, examples, 1489}, {"gsm8k behind examples", gsm8k, examples, 300},
	} {
		var prompts []nearcopy.Signature
		for i, text := range c.texts {
			prompts = append(prompts, nearcopy.Of(c.write(text, i)))
		}
		found := 0
		for _, of := range index.Search(prompts) {
			if len(of) > 0 {
				found++
			}
		}
		if found != c.want {
			t.Errorf("%s: found %d of %d, want %d", c.name, found, len(c.texts), c.want)
		}
	}
}
