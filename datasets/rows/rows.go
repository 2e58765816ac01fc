// Package rows reads tables from files of any kind, row by row.
//
// [Open] finds out from the content what a file is: CSV with any delimiter, a JSON array, JSON
// Lines, Parquet, Arrow or Excel, each plain or compressed with gzip or Zstandard. The path may
// also be "-" for standard input, a folder, or a glob of part files. [Table.Scan] then reads the
// wanted columns in one pass and in constant memory.
package rows

import (
	"context"
	"io"
)

// Kind says what a cell holds.
type Kind uint8

// The kinds of cells. A CSV file has only Text.
const (
	Missing Kind = iota // null, or a row without the column
	Text                // a string, which may be empty
	Number              // a number as it is written, with all its digits, or NaN, Infinity and -Infinity
	Bool                // "true" or "false"
	JSON                // an object or a list, as JSON
)

// Cell is the value of one column in one row.
type Cell struct {
	Kind Kind
	Text string // "" if the cell is Missing
}

// Row is one row of a table.
type Row struct {
	File   string // path of the file that holds the row; one of several if the table has parts
	Number int    // counted from 1 in File
	Cells  []Cell // one per wanted column; valid until visit returns
}

// Options says how tables are read. The zero value finds out everything from the content.
type Options struct {
	Delimiter rune      // between the cells of CSV; 0 finds out
	Decimal   rune      // decimal mark of CSV: '.' or ','; 0 finds out
	At        string    // JSON: dotted path of the array of rows, such as "results.results"; "" finds out
	Sheet     string    // Excel: name of the sheet; "" stands for the first
	Stdin     io.Reader // what "-" reads; nil stands for no standard input

	// Progress, if non-nil, is called once in a while with the per cent of a scan that are done,
	// of 100. Its error ends the scan.
	Progress func(done, total int) error
}

// Table is an open table. Get one from [Open], and close it after use.
type Table struct {
	impl table
}

// table holds what each format implements.
type table interface {
	columns() []string
	scan(ctx context.Context, want []string, visit func(Row) error) error
	about() About
	digest() (string, error)
	close() error
}

// About says what a table's files are.
type About struct {
	Format  string   // such as "CSV", "JSON Lines", "Parquet"
	Parts   []string // paths of the files, sorted; at least one
	Decimal rune     // decimal mark of numbers in text: '.' or ','
	Folders []string // columns that are only in the names of folders, such as "model=gpt-4o"
	Notes   []string // what was found out and is not plain, such as "semicolons between cells"
	Rows    int      // number of rows of a Parquet file, or of several; 0 for other formats, which must be scanned
}

// Columns lists the columns in the file's order: all of them, or in JSON those of the first 100
// rows.
func (t *Table) Columns() []string { return t.impl.columns() }

// About describes the table's files.
func (t *Table) About() About { return t.impl.about() }

// Digest returns the SHA-256 of the table's bytes as 64 hex digits: of the file as it is, even if
// it is compressed, or of the digests of its parts in their order.
func (t *Table) Digest() (string, error) { return t.impl.digest() }

// Scan calls visit with every row, in order. want names columns, or values inside of them by
// dotted paths, such as "doc.question", "scores.sonnet.value" or "messages[-1].content"; a
// column's own name comes first. A wanted column that no row has is an error that lists the
// columns. A table can be scanned several times. If visit returns an error, Scan stops and
// returns it.
func (t *Table) Scan(ctx context.Context, want []string, visit func(Row) error) error {
	return t.impl.scan(ctx, want, visit)
}

// Close releases the table.
func (t *Table) Close() error { return t.impl.close() }
