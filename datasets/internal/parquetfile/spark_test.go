package parquetfile

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestReadSpark reads what scripts/write_spark_parquet.py wrote with Spark 3.5: data pages V1 and
// V2, some of which hold nulls alone, the encodings of each, the legacy format of decimals and
// lists, and INT96.
func TestReadSpark(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "spark", "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected map[string][][2]string
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join("testdata", "spark", "*.parquet"))
	if err != nil || len(paths) != 8 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, column := range f.Columns() {
			if err := compareColumn(f, column, expected[column]); err != nil {
				t.Errorf("%s, %s: %v", path, column, err)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}
