package parquetfile

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestReadFixtures reads what scripts/write_spark_parquet.py wrote with Spark 3.5 and
// scripts/write_parquet.py with pyarrow: data pages V1 and V2, some of which hold nulls alone, the
// encodings of each, all types, Spark's legacy format of decimals and lists, and INT96.
func TestReadFixtures(t *testing.T) {
	for folder, n := range map[string]int{"spark": 8, "pyarrow": 2} {
		text, err := os.ReadFile(filepath.Join("testdata", folder, "expected.json"))
		if err != nil {
			t.Fatal(err)
		}
		var expected map[string][][2]string
		if err := json.Unmarshal(text, &expected); err != nil {
			t.Fatal(err)
		}
		paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.parquet"))
		if err != nil || len(paths) != n {
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
}
