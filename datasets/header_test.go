package datasets

import (
	"slices"
	"testing"
)

func TestHeader(t *testing.T) {
	for name, text := range map[string]string{
		"table.csv":   "a,\"b,c\"\n1,2\n3\n",
		"table.jsonl": `{"b,c": {"d": 1}}` + "\n" + `{"a": 1}` + "\n",
	} {
		got, err := Header(fileOf(t, name, text))
		if want := []string{"a", "b,c"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("%s has the columns %q, %v, want %q", name, got, err, want)
		}
	}
	for name, text := range map[string]string{"table.csv": "", "table.jsonl": "[1]\n", "table.parquet": "no Parquet", "table.txt": "a,b\n"} {
		if got, err := Header(fileOf(t, name, text)); err == nil {
			t.Errorf("%s: got the columns %q, want an error", name, got)
		}
	}
}
