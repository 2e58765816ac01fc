package body

import (
	"runtime"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets/prompttext"
)

// TestManyItems reads requests of many short items, none of which may take much memory.
func TestManyItems(t *testing.T) {
	const items = 1 << 18
	for name, item := range map[string]string{
		"tokens": `1`, "empty texts": `""`, "texts": `"a"`, "objects": `{}`, "lists": `[]`, "messages": `{"role":"user","content":""}`,
		"parts": `{"content":[{"a":1}]}`,
	} {
		raw := `{"model":"m","prompt":[` + strings.Repeat(item+",", items-1) + item + `]}`
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		b, err := Parse(raw, Prompt)
		if err != nil {
			t.Fatal(name, err)
		}
		o := prompttext.RequestOptions{Mode: prompttext.Users}
		_, _, opening := b.Text(o), b.FirstText(o), b.Opening()
		runtime.ReadMemStats(&after)
		if got, bound := after.TotalAlloc-before.TotalAlloc, uint64(1<<20+8*len(raw)); got > bound {
			t.Errorf("%s: %d bytes for a request of %d, with %d parts of its opening: expected at most %d", name, got, len(raw), len(opening), bound)
		}
	}
}

// TestOpeningOfTokens checks that prompts of tokens which begin alike are told apart.
func TestOpeningOfTokens(t *testing.T) {
	opening := func(last string) string {
		b, err := Parse(`{"model":"m","prompt":[`+strings.Repeat("7,", 2*maxOpening)+last+`]}`, Prompt)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(b.Opening(), "\n")
	}
	if opening("1") == opening("2") {
		t.Error("two prompts of tokens are one conversation")
	}
}
