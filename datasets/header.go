package datasets

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
)

// headerRows is the number of rows of JSON Lines that Header reads.
const headerRows = 100

// Header lists the columns of a table as [Columns] does, but reads only its beginning: the
// header of CSV, the first 100 objects of JSON Lines, and the schema of Parquet. It does not
// check the rows.
func Header(path string) ([]string, error) {
	switch strings.ToLower(filepath.Ext(strings.TrimSuffix(path, ".gz"))) {
	case ".csv":
		br, f, err := openText(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return csv.NewReader(br).Read()
	case ".jsonl", ".ndjson":
		return headerJSON(path)
	}
	src, err := parquetfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	return src.Columns(), nil
}

// headerJSON returns the keys of the first objects, in alphabetical order.
func headerJSON(path string) ([]string, error) {
	enough := errors.New("enough rows")
	keys := map[string]json.RawMessage{}
	err := eachJSONLine(path, func(row int, line []byte) error {
		if row > headerRows {
			return enough
		}
		return json.Unmarshal(line, &keys) // adds to the keys of earlier rows
	})
	if err != nil && err != enough {
		return nil, err
	}
	return slices.Sorted(maps.Keys(keys)), nil
}
