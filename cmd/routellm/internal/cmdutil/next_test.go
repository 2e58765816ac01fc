package cmdutil

import (
	"bytes"
	"testing"
)

// Commands to paste are for people: whoever reads a pipe gets none.
func TestNext(t *testing.T) {
	var b bytes.Buffer
	Streams{Out: &b, Err: &b}.Next("routellm fit")
	if b.Len() > 0 {
		t.Errorf("a pipe got %q", b.String())
	}
	if got, want := nextLines([]string{"a", "b"}), "\nnext:\n  a\n  b\n"; got != want {
		t.Errorf("lines %q, want %q", got, want)
	}
}

func TestShellWord(t *testing.T) {
	for word, want := range map[string]string{"a/b-1.parquet": "a/b-1.parquet", "my file": "'my file'", "it's": `'it'\''s'`, "$x": "'$x'", "": "''"} {
		if got := ShellWord(word); got != want {
			t.Errorf("%q: %s, want %s", word, got, want)
		}
	}
}
