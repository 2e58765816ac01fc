package datasets

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fileOf writes text to a new file with the given name, compressed if the name ends in ".gz".
func fileOf(t testing.TB, name, text string) string {
	t.Helper()
	data := []byte(text)
	if strings.HasSuffix(name, ".gz") {
		var buf bytes.Buffer
		zw := gzip.NewWriter(&buf)
		zw.Write(data)
		zw.Close()
		data = buf.Bytes()
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
func TestHeader(t *testing.T) {
	for name, text := range map[string]string{
		"table.csv":   "a,\"b,c\"\n1,2\n3\n",
		"table.tsv":   "a\tb,c\n1\t2\n",
		"table.jsonl": `{"a": 1, "b,c": {"d": 1}}` + "\n" + `{"a": 1}` + "\n",
	} {
		got, err := Header(fileOf(t, name, text))
		if want := []string{"a", "b,c"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("%s has the columns %q, %v, want %q", name, got, err, want)
		}
	}
	for name, text := range map[string]string{"table.csv": "", "table.jsonl": "[1]\n", "table.parquet": "PAR1 no Parquet"} {
		if got, err := Header(fileOf(t, name, text)); err == nil {
			t.Errorf("%s: got the columns %q, want an error", name, got)
		}
	}
}
