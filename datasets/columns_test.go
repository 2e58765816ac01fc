package datasets

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReadColumns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.parquet")
	var b bytes.Buffer
	err := WriteColumns(&b, []AnyColumn{
		{Name: "id", Strings: []string{"x", "y", "z"}}, {Name: "score:a", Floats: []float64{1, math.NaN(), -2.5}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	texts, numbers, err := ReadColumns(path, []string{"id"}, []string{"score:a"})
	if err != nil || !slices.Equal(texts[0], []string{"x", "y", "z"}) || numbers[0][0] != 1 || !math.IsNaN(numbers[0][1]) || numbers[0][2] != -2.5 {
		t.Errorf("%v, %v, %v", texts, numbers, err)
	}
	for _, c := range []struct {
		texts, numbers []string
		want           string
	}{
		{[]string{"name"}, nil, `column "name": missing`},
		{[]string{"score:a"}, nil, `column "score:a": found DOUBLE, expected text`},
		{nil, []string{"id"}, `expected numbers`},
	} {
		if _, _, err := ReadColumns(path, c.texts, c.numbers); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "a.parquet") {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
	if _, _, err := ReadColumns(filepath.Join(t.TempDir(), "none"), nil, nil); err == nil {
		t.Error("no error for a missing file")
	}
}
