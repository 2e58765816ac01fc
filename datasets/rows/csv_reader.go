package rows

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// dialect says how a CSV file is written.
type dialect struct {
	delimiter byte
	quote     byte // 0 if cells are not quoted
	escape    byte // before a quote inside of quotes: '\\', or 0 if it is doubled
	eol       byte // '\n', which "\r" may precede, or '\r'
	skip      int  // records before the header
	decimal   rune
}

// maxRecord bounds the length of a row in bytes, so that a quote that is never closed does not
// take all memory.
const maxRecord = 1 << 30

var (
	errUnclosed = errors.New("the quote that opens here is never closed")
	errTooLong  = fmt.Errorf("is longer than %d MB, probably because of a quote that is never closed", maxRecord>>20)
)

// csvReader reads the records of a CSV file without copying them.
type csvReader struct {
	dialect
	r          io.Reader
	buf        []byte
	start, end int    // the record that is read, and what has been read after it
	err        error  // error of the last reading
	failed     error  // err, once the bytes before it are used up
	fields     []span // cells of the record, relative to start
	next       int    // length of the record with its line end
}

// span is a part of the record.
type span struct{ from, to int }

func newCSVReader(r io.Reader, d dialect) *csvReader {
	return &csvReader{r: r, dialect: d, buf: make([]byte, 1<<16)}
}

// field returns the content of a cell, which is valid until the next record is read.
func (r *csvReader) field(i int) []byte {
	s := r.fields[i]
	return r.buf[r.start+s.from : r.start+s.to]
}

// bytes returns the record as it is in the file, but for doubled quotes.
func (r *csvReader) bytes() []byte { return r.buf[r.start : r.start+r.next] }

// read reads the next record that is not a blank line. It returns io.EOF after the last one.
func (r *csvReader) read() error {
	for {
		r.start += r.next
		r.next = 0
		if err := r.record(); err != nil {
			return err
		}
		if len(r.fields) > 1 || r.fields[0].to > 0 || r.fields[0].from > 0 {
			return nil
		}
	}
}

// more reads more bytes of the record. It returns false at the end of the file or at an error.
func (r *csvReader) more() bool {
	if r.err != nil {
		r.failed = r.err
		return false
	}
	if r.start > 0 {
		copy(r.buf, r.buf[r.start:r.end])
		r.start, r.end = 0, r.end-r.start
	}
	if r.end == len(r.buf) {
		if len(r.buf) >= maxRecord {
			r.err, r.failed = errTooLong, errTooLong
			return false
		}
		r.buf = append(r.buf, make([]byte, len(r.buf))...)
	}
	for r.err == nil {
		n, err := r.r.Read(r.buf[r.end:])
		r.end, r.err = r.end+n, err
		if n > 0 {
			return true
		}
	}
	r.failed = r.err
	return false
}

// byteAt returns byte i of the record, if there is one.
func (r *csvReader) byteAt(i int) (byte, bool) {
	for r.start+i >= r.end {
		if !r.more() {
			return 0, false
		}
	}
	return r.buf[r.start+i], true
}

// record splits the next record into fields.
func (r *csvReader) record() error {
	r.fields = r.fields[:0]
	if _, ok := r.byteAt(0); !ok {
		return r.failed
	}
	for i := 0; ; {
		at, quoted := r.opening(i)
		var err error
		var s span
		if quoted {
			s, i, err = r.quoted(at + 1)
		} else {
			s, i = r.unquoted(i)
		}
		r.fields = append(r.fields, s)
		if err == nil && r.failed != nil && r.failed != io.EOF {
			err = r.failed
		}
		if err != nil {
			return err
		}
		c, ok := r.byteAt(i)
		if i++; !ok || c == r.eol {
			r.next = min(i, r.end-r.start)
			return nil
		}
	}
}

// opening returns where the quote of the field at i is, after blanks, and whether there is one.
func (r *csvReader) opening(i int) (at int, quoted bool) {
	if r.quote == 0 {
		return i, false
	}
	for {
		c, ok := r.byteAt(i)
		if !ok || c != ' ' || c == r.delimiter {
			return i, ok && c == r.quote
		}
		i++
	}
}

// unquoted returns a field without quotes, and where its delimiter or line end is.
func (r *csvReader) unquoted(from int) (span, int) {
	i := from
	for {
		b := r.buf[r.start:r.end]
		for ; i < len(b); i++ {
			if c := b[i]; c == r.delimiter || c == r.eol {
				return span{from, r.trimReturn(from, i)}, i
			}
		}
		if !r.more() {
			return span{from, r.trimReturn(from, i)}, i
		}
	}
}

// trimReturn takes the "\r" of "\r\n" off a field.
func (r *csvReader) trimReturn(from, to int) int {
	b := r.buf[r.start:r.end]
	if to > from && b[to-1] == '\r' && (to == len(b) || b[to] == r.eol) {
		return to - 1
	}
	return to
}

// quoted returns the field after a quote at from-1, and where its delimiter or line end is. It
// moves the content together where a quote was doubled.
func (r *csvReader) quoted(from int) (span, int, error) {
	i, to := from, from
	for {
		b := r.buf[r.start:r.end]
		k := r.indexQuote(b[i:])
		if k < 0 {
			to += copy(b[to:], b[i:])
			if i = len(b); !r.more() {
				return span{from, to}, i, r.unclosed()
			}
			continue
		}
		to += copy(b[to:], b[i:i+k])
		i += k
		c, ok := r.byteAt(i + 1)
		b = r.buf[r.start:r.end]
		switch {
		case !ok && b[i] == r.escape && r.escape != 0:
			return span{from, to}, i + 1, r.unclosed()
		case b[i] == r.escape && r.escape != 0 && ok && c != r.quote && c != r.escape:
			b[to] = b[i]
			to, i = to+1, i+1
		case ok && (b[i] == r.escape && r.escape != 0 || c == r.quote):
			b[to] = c
			to, i = to+1, i+2
		default:
			end, err := r.afterQuote(i + 1)
			return span{from, to}, end, err
		}
	}
}

// indexQuote returns the index of the next quote or escape, or -1.
func (r *csvReader) indexQuote(b []byte) int {
	k := bytes.IndexByte(b, r.quote)
	if r.escape == 0 {
		return k
	}
	if k >= 0 {
		b = b[:k]
	}
	if e := bytes.IndexByte(b, r.escape); e >= 0 {
		return e
	}
	return k
}

func (r *csvReader) unclosed() error {
	if r.failed == io.EOF {
		return errUnclosed
	}
	return r.failed
}

// afterQuote checks that a delimiter or line end follows a closing quote, and returns where.
func (r *csvReader) afterQuote(i int) (int, error) {
	for {
		c, ok := r.byteAt(i)
		switch {
		case !ok || c == r.delimiter || c == r.eol:
			return i, nil
		case c != ' ' && c != '\r':
			return i, fmt.Errorf("found %q after the closing quote, expected %s", c, delimiterName(r.delimiter))
		}
		i++
	}
}

// delimiterName names a delimiter in messages.
func delimiterName(d byte) string {
	switch d {
	case ',':
		return "a comma"
	case ';':
		return "a semicolon"
	case '\t':
		return "a tab"
	}
	return fmt.Sprintf("%q", d)
}
