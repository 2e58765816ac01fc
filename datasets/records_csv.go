package datasets

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/routellm/routellm/internal/hint"
)

func (rec *records) readCSV(want []string) error {
	br, f, err := openText(rec.path)
	if err != nil {
		return err
	}
	defer f.Close()
	rec.file = f
	return rec.parseCSV(br, want)
}

// parseCSV reads comma-separated values. The first row is the header.
func (rec *records) parseCSV(r io.Reader, want []string) error {
	cr := csv.NewReader(&lineEnds{r: r})
	cr.ReuseRecord = true
	header, err := cr.Read()
	if err == io.EOF {
		return hint.With(fmt.Errorf("%q: empty file, expected a header and rows", rec.path), "write the file again")
	}
	if err != nil {
		return readError(rec.path, err)
	}
	rec.columns = slices.Clone(header)
	for i, name := range rec.columns {
		if slices.Contains(rec.columns[:i], name) {
			return fmt.Errorf("%q: column %q: occurs twice in the header, expected once", rec.path, name)
		}
		if slices.Contains(want, name) {
			rec.cells[name] = nil
		}
	}
	for {
		fields, err := cr.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return hint.With(fmt.Errorf("%q: row %d: %w", rec.path, rec.rows+1, err),
				"every row needs as many cells as the header: put a cell with commas, quotes or line ends in double quotes")
		}
		if err := rec.tick(); err != nil {
			return err
		}
		if err := rec.addFields(fields); err != nil {
			return err
		}
	}
}

func (rec *records) addFields(fields []string) error {
	for i, name := range rec.columns {
		if _, wanted := rec.cells[name]; !wanted {
			continue
		}
		if !utf8.ValidString(fields[i]) {
			return hint.With(cellError(rec.path, rec.rows, name, quote(fields[i]), "UTF-8 text"), "save the file in UTF-8")
		}
		rec.cells[name] = append(rec.cells[name], strings.Clone(fields[i]))
	}
	return nil
}

// lineEnds doubles the "\r" of each "\r\n" inside quotes, so that "\r\n" survives encoding/csv,
// which turns it into "\n". A prompt's digest depends on it.
type lineEnds struct {
	r      io.Reader
	in     [1 << 15]byte
	out    []byte // bytes that are translated but not yet read
	buf    []byte
	quoted bool // whether the next byte is inside quotes
	cr     bool // whether the last byte was a "\r" inside quotes
}

func (l *lineEnds) Read(p []byte) (int, error) {
	for len(l.out) == 0 {
		n, err := l.r.Read(l.in[:])
		l.buf = l.buf[:0]
		for _, c := range l.in[:n] {
			if l.cr && c == '\n' {
				l.buf = append(l.buf, '\r')
			}
			l.quoted = l.quoted != (c == '"')
			l.cr = l.quoted && c == '\r'
			l.buf = append(l.buf, c)
		}
		l.out = l.buf
		if n == 0 && err != nil {
			return 0, err
		}
	}
	n := copy(p, l.out)
	l.out = l.out[n:]
	return n, nil
}
