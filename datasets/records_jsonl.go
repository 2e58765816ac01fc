package datasets

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/hint"
)

// eachJSONLine calls visit with every line that is not blank and its row, counted from 1. Lines
// may have any length; visit must not keep them.
func eachJSONLine(path string, visit func(row int, line []byte) error) error {
	br, f, err := openText(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return eachLineOf(br, path, visit)
}

// eachLineOf does what eachJSONLine does for an open file.
func eachLineOf(br *bufio.Reader, path string, visit func(row int, line []byte) error) error {
	for row := 0; ; {
		line, err := br.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return readError(path, err)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			row++
			if err := visit(row, line); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

func (rec *records) readJSON(want []string) error {
	br, f, err := openText(rec.path)
	if err != nil {
		return err
	}
	defer f.Close()
	rec.file = f
	seen := map[string]bool{}
	return eachLineOf(br, rec.path, func(row int, line []byte) error {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(line, &object); err != nil || object == nil {
			return hint.With(fmt.Errorf("%q: row %d: found %s, expected one JSON object per line", rec.path, row, quote(string(line))),
				"jq -c '.[]' FILE writes a JSON array as one object per line")
		}
		if err := rec.tick(); err != nil {
			return err
		}
		flatten(object, want)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if !seen[name] {
				seen[name] = true
				rec.columns = append(rec.columns, name)
			}
		}
		for _, name := range rec.columns {
			if wanted(name, want) {
				rec.addCell(name, jsonText(object[name]))
			}
		}
		return nil
	})
}

// wanted reports whether want holds the column's name or a prefix of it that ends in a dot.
func wanted(name string, want []string) bool {
	return slices.ContainsFunc(want, func(w string) bool {
		return name == w || strings.HasSuffix(w, ".") && strings.HasPrefix(name, w)
	})
}

// flatten adds the members of nested objects as columns of their own. If want holds "a.", the
// object {"a": {"b": 1}} gets a column "a.b".
func flatten(object map[string]json.RawMessage, want []string) {
	for _, w := range want {
		field, ok := strings.CutSuffix(w, ".")
		var inner map[string]json.RawMessage
		if !ok || json.Unmarshal(object[field], &inner) != nil {
			continue
		}
		for key, value := range inner {
			object[w+key] = value
		}
	}
}

// addCell appends a cell to a column. Earlier rows without the column get nulls.
func (rec *records) addCell(name, text string) {
	cells := rec.cells[name]
	for len(cells) < rec.rows-1 {
		cells = append(cells, parquetfile.NullText)
	}
	rec.cells[name] = append(cells, text)
}

// jsonText returns the content of a JSON string, or the JSON of any other value.
func jsonText(raw json.RawMessage) string {
	var s string
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return parquetfile.NullText
	case raw[0] == '"' && json.Unmarshal(raw, &s) == nil:
		return s
	}
	return string(raw)
}
