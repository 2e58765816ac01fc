package rows

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// alien is a kind of file that holds no table that can be read.
type alien struct {
	is           func(head []byte) bool
	what, advice string
}

// aliens lists them.
func aliens() []alien {
	pandas := func(reader string) string {
		return fmt.Sprintf("export it: python3 -c 'import pandas; pandas.%s(\"FILE\").to_parquet(\"FILE.parquet\")'", reader)
	}
	return []alien{
		{begins("SQLite format 3\x00"), "an SQLite database", "export a table: sqlite3 -header -csv FILE 'SELECT * FROM TABLE' > FILE.csv"},
		{at(8, "DUCK"), "a DuckDB database", "export a table: duckdb FILE \"COPY TABLE TO 'FILE.parquet'\""},
		{isPickle, "a Python pickle, which may run programs when it is read", "export it, if you trust it: " + strings.TrimPrefix(pandas("read_pickle"), "export it: ")},
		{begins("FEA1"), "Feather version 1", pandas("read_feather")},
		{begins("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an old Excel or Word file", "save it as CSV or .xlsx"},
		{begins("%PDF"), "a PDF", "save the table as CSV"},
		{begins("{\\rtf"), "a Word document", "save the table as CSV"},
		{begins("\x93NUMPY"), "a NumPy array", "export it with names of columns, as CSV or Parquet"},
		{begins("\x89HDF\r\n\x1a\n"), "HDF5", pandas("read_hdf")},
		{begins("Obj\x01"), "Avro", "convert it: duckdb -c \"INSTALL avro; LOAD avro; COPY (FROM read_avro('FILE')) TO 'FILE.parquet'\""},
		{begins("ORC"), "ORC", pandas("read_orc")},
		{begins("BZh"), "compressed with bzip2", "decompress it: bunzip2 FILE"},
		{begins("\xfd7zXZ\x00"), "compressed with xz", "decompress it: unxz FILE"},
		{begins("\x04\x22\x4d\x18"), "compressed with LZ4", "decompress it: unlz4 FILE"},
		{begins("7z\xbc\xaf\x27\x1c"), "a 7-Zip archive", "unpack it"},
		{at(257, "ustar"), "a tar archive", "unpack it: tar -xf FILE"},
		{begins("\xff\xfe\x00\x00"), "text in UTF-32", "convert it: iconv -f UTF-32 -t UTF-8 FILE > FILE.utf8"},
		{begins("\x00\x00\xfe\xff"), "text in UTF-32", "convert it: iconv -f UTF-32 -t UTF-8 FILE > FILE.utf8"},
		{begins("version https://git-lfs"), "a pointer of Git LFS to a file that was not downloaded", "git lfs pull"},
		{isHTML, "a page of a web site, such as the error message of a failed download", "download the file again, and look at what the server says"},
		{isXML, "XML", "export the table as CSV"},
	}
}

// refuse returns an error for a file that holds no table.
func refuse(f *file) error {
	if len(bytes.TrimSpace(f.head)) == 0 && !f.cut {
		return hint.With(fmt.Errorf("%q: empty file, expected a header and rows", f.name), "write the file again")
	}
	for _, a := range aliens() {
		if a.is(f.head) {
			return hint.With(fmt.Errorf("%q: is %s, expected a table in %s", f.name, a.what, Formats), strings.ReplaceAll(a.advice, "FILE", shellName(f.name)))
		}
	}
	return nil
}

func begins(magic string) func([]byte) bool { return at(0, magic) }

func at(offset int, magic string) func([]byte) bool {
	return func(head []byte) bool {
		return len(head) >= offset+len(magic) && string(head[offset:offset+len(magic)]) == magic
	}
}

// isPickle knows the protocols 2 to 5, which begin with their number; older ones look like text.
func isPickle(head []byte) bool {
	return len(head) > 2 && head[0] == 0x80 && head[1] >= 2 && head[1] <= 5
}

func isHTML(head []byte) bool {
	text := strings.ToLower(string(bytes.TrimSpace(head[:min(len(head), 512)])))
	return strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html") || strings.HasPrefix(text, "<head")
}

func isXML(head []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(head), []byte("<?xml")) }

// refuseZIP returns the error for an archive that is not an Excel file.
func refuseZIP(f *file, archive *zip.Reader) error {
	var names []string
	for _, m := range archive.File {
		names = append(names, m.Name)
	}
	what, advice := "a ZIP archive", "unpack it: unzip FILE"
	switch {
	case slices.Contains(names, "word/document.xml"):
		what, advice = "a Word document", "save the table as CSV"
	case slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, "ppt/") }):
		what, advice = "a PowerPoint file", "save the table as CSV"
	case slices.Contains(names, "content.xml"):
		what, advice = "an OpenDocument file", "save it as CSV or .xlsx"
	case slices.Contains(names, "header.json") || slices.Contains(names, "_journal/start.json"):
		what, advice = "a log of Inspect", "routellm datasets import inspect FILE"
	case len(names) > 0 && strings.HasSuffix(names[0], ".npy"):
		what, advice = "a NumPy archive", "export it with names of columns, as CSV or Parquet"
	}
	return hint.With(fmt.Errorf("%q: is %s, expected a table in %s", f.name, what, Formats), strings.ReplaceAll(advice, "FILE", shellName(f.name)))
}
