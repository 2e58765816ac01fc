package decisionlog

import (
	"path/filepath"
	"testing"
)

// TestCut leaves a part of a line in new and in opened logs, as a full disk does, and expects it
// to go away without a new file.
func TestCut(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "d.jsonl")
	for range 2 {
		l, err := Open(path, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"a", "b"} {
			if err := l.Write(record(id)); err != nil {
				t.Fatal(err)
			}
			n, err := l.file.Write([]byte(`{"schema_`))
			if err != nil {
				t.Fatal(err)
			}
			l.cut(n)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ids := ""
	torn, err := Read(path, func(r Record) error { ids += r.ID; return nil })
	if files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl")); err != nil || torn || ids != "abab" || len(files) != 1 {
		t.Errorf("%v, torn %v, records %q, %d files, expected one", err, torn, ids, len(files))
	}
}
