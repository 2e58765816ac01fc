package rows

import (
	"context"
)

// format is a kind of file that holds a table.
type format struct {
	name       string                 // name in [About]
	extensions []string               // usual extensions, for folders
	is         func(head []byte) bool // whether a file may begin with these bytes, of which there are at most sniffSize
	open       func(ctx context.Context, f *file, o Options) (part, error)
}

// formats lists every format, in the order in which a file is tried. To add one, write a
// function that opens it, and a line here. Formats that store columns, such as Parquet, return
// byColumns(...) of a [columnar] table; text formats come last, because any text may be CSV.
func formats() []format {
	return []format{
		{"Parquet", []string{".parquet", ".pq"}, begins("PAR1"), openParquet},
		{"Arrow", []string{".arrow", ".feather", ".ipc", ".arrows"}, isArrow, openArrow},
		{"Excel", []string{".xlsx", ".xlsm"}, begins("PK\x03\x04"), openExcel},
		{"JSON", []string{".json", ".jsonl", ".ndjson"}, isJSON, openJSON},
		{"CSV", []string{".csv", ".tsv", ".txt", ".psv", ".tab"}, isText, openCSV},
	}
}
