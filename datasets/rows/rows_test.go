package rows

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write writes a file into a temporary folder and returns its path.
func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// dump returns a table's cells, one line per row: the wanted columns or, without any, all.
func dump(t testing.TB, path string, o Options, want ...string) (string, error) {
	t.Helper()
	table, err := Open(context.Background(), path, o)
	if err != nil {
		return "", err
	}
	defer table.Close()
	if want == nil {
		want = table.Columns()
	}
	var b strings.Builder
	err = table.Scan(context.Background(), want, func(r Row) error {
		fmt.Fprint(&b, r.Number)
		for _, c := range r.Cells {
			fmt.Fprintf(&b, " %s%q", [...]string{"-", "t", "n", "b", "j"}[c.Kind], c.Text)
		}
		b.WriteByte('\n')
		return nil
	})
	return b.String(), err
}

func TestRead(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"a.csv", "id,p\n1,\"a \"\"b\"\"\r\nc\"\n2,x\n", `1 t"1" t"a \"b\"\r\nc"` + "\n" + `2 t"2" t"x"` + "\n"},
		{"a.json", `[{"id": 1, "p": NaN}, {"id": "x", "p": {"a": [1, NaN]}}]`, `1 n"1" n"NaN"` + "\n" + `2 t"x" j"{\"a\": [1, \"NaN\"]}"` + "\n"},
	} {
		got, err := dump(t, write(t, c.name, c.content), Options{})
		if err != nil || got != c.want {
			t.Errorf("%s: %v\n%s", c.name, err, got)
		}
	}
}
