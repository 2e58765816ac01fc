package rows

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// sniffRows bounds the number of rows that are looked at, and maxPreamble that of lines before
// the header.
const sniffRows, maxPreamble = 1000, 50

// sample is the beginning of a file as one dialect has it.
type sample struct {
	dialect
	records [][]string
	err     error // error that ended it
	bad     float64
}

// sniff finds the dialect of a CSV file from its beginning. cut says that the file goes on.
func sniff(head []byte, cut bool, o Options) (best sample, err error) {
	d := dialect{eol: '\n', decimal: o.Decimal}
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(bytes.TrimRight(head, "\r"), '\r') >= 0 {
		d.eol = '\r'
	}
	delimiters, err := delimitersOf(head, o)
	if err != nil {
		return sample{}, err
	}
	best.bad = 2
	for _, q := range []dialect{{quote: '"'}, {quote: '"', escape: '\\'}, {}, {quote: '\''}} {
		d.quote, d.escape = q.quote, q.escape
		for _, d.delimiter = range delimiters {
			if !d.possible(head) {
				continue
			}
			if s := read(head, cut, d); s.better(best) {
				best = s
			}
		}
		if best.bad == 0 && best.columns() > 1 && !best.singleQuotes() {
			break
		}
	}
	if best.decimal == 0 {
		best.decimal = best.decimalMark()
	}
	return best, nil
}

// possible reports whether a way of quoting may be tried. Cells without quotes are usual between
// tabs only; elsewhere a quote that is never closed would pass for one. Single quotes must stand
// at both ends of cells, and no double ones.
func (d dialect) possible(head []byte) bool {
	has := func(a, b byte) bool { return bytes.Contains(head, []byte{a, b}) }
	switch d.quote {
	case 0:
		return d.delimiter == '\t' || d.delimiter == '|'
	case '\'':
		return (has(d.delimiter, '\'') || has(d.eol, '\'')) && (has('\'', d.delimiter) || has('\'', d.eol) || has('\'', '\r')) && !has(d.delimiter, '"')
	}
	return true
}

// delimitersOf lists the possible delimiters: the one of the options, the one of the first line
// that Excel writes, such as "sep=;", or all.
func delimitersOf(head []byte, o Options) ([]byte, error) {
	if o.Delimiter > 0x7f || o.Delimiter == '"' || o.Delimiter == '\n' || o.Delimiter == '\r' {
		return nil, fmt.Errorf("the delimiter is %q, expected an ASCII character such as a comma, semicolon, tab or |", o.Delimiter)
	}
	if o.Delimiter != 0 {
		return []byte{byte(o.Delimiter)}, nil
	}
	if sep, ok := bytes.CutPrefix(head, []byte("sep=")); ok && len(sep) > 1 && (sep[1] == '\n' || sep[1] == '\r') {
		return sep[:1:1], nil
	}
	return []byte{',', ';', '\t', '|'}, nil
}

// read reads the sample in a dialect, finds its header, and counts how much does not fit.
func read(head []byte, cut bool, d dialect) sample {
	s := sample{dialect: d}
	r := newCSVReader(bytes.NewReader(bytes.Clone(head)), d)
	for s.err == nil && len(s.records) < sniffRows {
		if s.err = r.read(); s.err == nil && (!cut || r.start+r.next < r.end || len(s.records) == 0) {
			record := make([]string, len(r.fields))
			for i := range record {
				record[i] = string(r.field(i))
			}
			s.records = append(s.records, record)
		}
	}
	if s.err == io.EOF || cut && s.err == errUnclosed {
		s.err = nil
	}
	s.skip = s.preamble()
	s.bad = s.badShare()
	return s
}

// columns returns the number of cells of the header.
func (s sample) columns() int {
	if s.skip >= len(s.records) {
		return 0
	}
	return len(s.records[s.skip])
}

// preamble counts the lines before the header: "sep=" of Excel, comments, and titles, which
// have one cell where the rows have at least three.
func (s sample) preamble() int {
	usual := s.usual()
	i := 0
	for i < len(s.records)-1 && i < maxPreamble {
		filled := 0
		for _, cell := range s.records[i] {
			if cell != "" {
				filled++
			}
		}
		first := s.records[i][0]
		if !(i == 0 && strings.HasPrefix(first, "sep=") || strings.HasPrefix(first, "# ") || strings.HasPrefix(first, "#") && filled < usual || usual > 2 && filled <= 1) {
			break
		}
		i++
	}
	return i
}

// usual returns the most frequent number of cells of a record.
func (s sample) usual() int {
	counts, usual := map[int]int{}, 0
	for _, r := range s.records {
		n := len(r)
		if counts[n]++; counts[n] > counts[usual] || counts[n] == counts[usual] && n > usual {
			usual = n
		}
	}
	return usual
}

// badShare returns the share of the rows that do not have as many cells as the header.
func (s sample) badShare() float64 {
	n, bad := s.columns(), 0
	rows := s.records[min(s.skip, len(s.records)):]
	for _, r := range rows {
		if !fits(r, n) {
			bad++
		}
	}
	if s.err != nil {
		bad++
	}
	return float64(bad) / float64(max(len(rows), 1))
}

// fits reports whether a row has n cells, or one more that is empty.
func fits(row []string, n int) bool {
	return len(row) == n || len(row) == n+1 && row[n] == ""
}

// better reports whether a sample fits better than another: it splits rows at all, fewer rows
// are bad, or there are more columns in the same way of quoting.
func (s sample) better(than sample) bool {
	switch {
	case than.bad == 2:
		return true
	case (s.columns() > 1) != (than.columns() > 1):
		return s.columns() > 1
	case s.quote == '\'' && s.singleQuotes() && s.bad == 0 && s.columns() > 1:
		return true
	case s.bad != than.bad:
		return s.bad < than.bad
	}
	return s.quote == than.quote && s.escape == than.escape && s.columns() > than.columns()
}

// singleQuotes reports whether every name of the header stands in single quotes.
func (s sample) singleQuotes() bool {
	for _, name := range s.records[min(s.skip, len(s.records)):][:min(1, len(s.records))] {
		for _, cell := range name {
			if s.quote != '\'' && (len(cell) < 2 || cell[0] != '\'' || cell[len(cell)-1] != '\'') {
				return false
			}
		}
	}
	return len(s.records) > s.skip
}

var (
	commaNumber    = regexp.MustCompile(`^[-+]?\d*,\d+$`)
	pointNumber    = regexp.MustCompile(`^[-+]?\d*\.\d+$`)
	groupedByComma = regexp.MustCompile(`^[-+]?[1-9]\d{0,2},\d{3}$`) // 1,234 may be a number in thousands
)

// decimalMark returns ',' if the sample has numbers with decimal commas and none with points, '.'
// if it has some with points, and else 0.
func (s sample) decimalMark() rune {
	comma := false
	for _, r := range s.records[min(s.skip+1, len(s.records)):] {
		for _, cell := range r {
			cell = strings.TrimSpace(cell)
			if len(cell) < 32 && pointNumber.MatchString(cell) {
				return '.'
			}
			comma = comma || len(cell) < 32 && commaNumber.MatchString(cell) &&
				(s.delimiter == ';' || !groupedByComma.MatchString(cell))
		}
	}
	if comma {
		return ','
	}
	return 0
}

// notes describes what is not plain about a dialect.
func (s sample) notes(o Options) (notes []string) {
	add := func(is bool, note string) {
		if is {
			notes = append(notes, note)
		}
	}
	names := map[byte]string{';': "semicolons", '\t': "tabs", '|': "|"}
	add(s.delimiter != ',' && o.Delimiter == 0 && s.columns() > 1, names[s.delimiter]+" between cells")
	add(s.decimal == ',' && o.Decimal == 0, "decimal commas")
	add(s.quote == '\'', "single quotes around cells")
	add(s.quote == 0, "no quotes around cells")
	add(s.escape != 0, "backslashes before quotes inside of cells")
	add(s.eol == '\r', `lines end with "\r"`)
	add(s.skip > 0, text.Plural(s.skip, "line")+" before the header left out")
	return notes
}

// header checks the names of the columns and returns them. Unnamed columns are "".
func (s sample) header(name string) ([]string, error) {
	if s.skip >= len(s.records) {
		return nil, fmt.Errorf("%q: %w", name, firstError(s.err, io.ErrUnexpectedEOF))
	}
	names := s.records[s.skip]
	numbers, seen := 0, map[string]int{}
	for i, n := range names {
		n = strings.TrimSpace(n)
		if bad := badText([]byte(n)); bad != "" {
			return nil, hint.With(fmt.Errorf("%q: header, column %d: found %s, expected UTF-8 text", name, i+1, bad), convertHint([]byte(n), name))
		}
		if first, again := seen[n]; again && n != "" {
			return nil, hint.With(fmt.Errorf("%q: column %q: occurs twice in the header, as columns %d and %d, expected once", name, n, first, i+1), "rename one of them")
		}
		names[i], seen[n] = n, i+1
		if isNumber(n) {
			numbers++
		}
	}
	if numbers == len(names) {
		return nil, hint.With(fmt.Errorf("%q: the first row is %s, expected a header with the columns' names", name, quoted(strings.Join(names, " "))), "add a line with the columns' names before the first row")
	}
	return names, nil
}

var numberText = regexp.MustCompile(`^[-+]?(\d+[.,]?\d*|[.,]\d+)([eE][-+]?\d+)?$`)

func isNumber(s string) bool { return numberText.MatchString(s) }
