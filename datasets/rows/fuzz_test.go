package rows

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// scanAll opens bytes as a file and scans all columns. It returns the rows, or nil after an error.
func scanAll(t *testing.T, data string) (columns []string, cells [][]Cell) {
	table, err := Open(context.Background(), write(t, "a", data), Options{})
	if err != nil {
		return nil, nil
	}
	defer table.Close()
	columns = table.Columns()
	if len(table.About().Parts) != 1 || table.About().Format == "" {
		t.Error(table.About())
	}
	err = table.Scan(context.Background(), columns, func(r Row) error {
		if len(r.Cells) != len(columns) || r.Number != len(cells)+1 {
			t.Fatalf("row %d: %d of %d cells", r.Number, len(r.Cells), len(columns))
		}
		cells = append(cells, append([]Cell(nil), r.Cells...))
		return nil
	})
	if err != nil {
		return nil, nil
	}
	return columns, cells
}

// FuzzCSV checks that the output of encoding/csv is read back unchanged, and that any other text
// is read or is an error.
func FuzzCSV(f *testing.F) {
	f.Add("a,b\n1,2\n", "x\r\ny")
	f.Add("sep=;\na;b\n\"1;,5", "\"")
	f.Add("'a','b'\r'x''','\\'y'\r", "\\")
	f.Add("# c\na\tb\n1\t\"x\\\"\" \n", "a;b\tc|d")
	f.Fuzz(func(t *testing.T, text, cell string) {
		scanAll(t, text)
		cell = strings.ReplaceAll(strings.ToValidUTF8(cell, "?"), "\x00", "")
		var buf bytes.Buffer
		w := csv.NewWriter(&buf)
		if err := w.WriteAll([][]string{{"a", "b"}, {cell, "x"}}); err != nil {
			t.Fatal(err)
		}
		r := newCSVReader(&buf, dialect{delimiter: ',', quote: '"', eol: '\n'})
		if err := errors.Join(r.read(), r.read()); err != nil || string(r.field(0)) != cell || string(r.field(1)) != "x" {
			t.Fatalf("wrote %q, read %q", cell, r.buf[:r.end])
		}
	})
}

// FuzzJSON checks that any text is read or is an error, and that cells of JSON are valid.
func FuzzJSON(f *testing.F) {
	f.Add("{\"a\": [NaN, {\"b\": \"\\u00e9\"}]}\n{}")
	f.Add(`{"a": {"b": [{"c": 1}, {"d": -Infinity}]}}`)
	f.Add(`[{"a": 1}, {"a": "\"}"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		columns, cells := scanAll(t, text)
		for _, row := range cells {
			for _, c := range row {
				if c.Kind == JSON && !json.Valid([]byte(c.Text)) {
					t.Fatalf("columns %q: invalid JSON %q", columns, c.Text)
				}
			}
		}
	})
}

func FuzzLookup(f *testing.F) {
	f.Add(`{"a": {"b": [1, 2]}, "a.b": "[3]"}`, "a.b[-1]")
	f.Add(`[{"x": NaN}]`, `[0]["x"]`)
	f.Fuzz(func(t *testing.T, raw, path string) {
		if c, ok := Lookup(raw, path); !ok && c != (Cell{}) {
			t.Errorf("%q in %q: %v", path, raw, c)
		}
	})
}

// FuzzArrow checks that damaged Arrow files and streams are read or are an error.
func FuzzArrow(f *testing.F) {
	for _, data := range arrowSamples(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if isArrow(data) {
			scanAll(t, string(data))
		}
	})
}

// FuzzExcel checks that any XML of a sheet is read or is an error.
func FuzzExcel(f *testing.F) {
	f.Add(sheetXML, "<sst><si><t>x</t></si></sst>")
	f.Add(`<worksheet><sheetData><row><c r="XFD1" t="b"><v>1</v></c></row></sheetData></worksheet>`, "<sst/>")
	f.Fuzz(func(t *testing.T, sheet, shared string) {
		scanAll(t, excelFile(t, sheet, shared))
	})
}
