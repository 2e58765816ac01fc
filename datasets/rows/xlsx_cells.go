package rows

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// maxColumns is the number of columns of the widest sheet that Excel allows.
const maxColumns = 1 << 14

// readStrings reads the strings that cells share.
func (b *workbook) readStrings() error {
	in, err := b.open("xl/sharedStrings.xml")
	if err != nil {
		return nil // a file may have none
	}
	defer in.Close()
	d := xml.NewDecoder(in)
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("sharedStrings.xml: %w", err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "si" {
			s, err := richText(d, "si")
			if err != nil {
				return err
			}
			b.strings = append(b.strings, s)
		}
	}
}

// richText joins the texts up to the end of an element, without the readings that Japanese texts
// have.
func richText(d *xml.Decoder, end string) (string, error) {
	var b strings.Builder
	inText, reading := false, false
	for {
		token, err := d.RawToken()
		if err != nil {
			return "", noEnd(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			inText, reading = t.Name.Local == "t", reading || t.Name.Local == "rPh"
		case xml.EndElement:
			if t.Name.Local == end {
				return unescapeExcel(b.String()), nil
			}
			inText, reading = false, reading && t.Name.Local != "rPh"
		case xml.CharData:
			if inText && !reading {
				b.Write(t)
			}
		}
	}
}

var excelEscape = regexp.MustCompile(`(?:_x[0-9A-Fa-f]{4}_)+`)

// unescapeExcel decodes the characters that XML cannot hold, such as _x000D_ for "\r".
func unescapeExcel(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return excelEscape.ReplaceAllStringFunc(s, func(run string) string {
		var units []uint16
		for ; run != ""; run = run[7:] {
			u, _ := strconv.ParseUint(run[2:6], 16, 16)
			units = append(units, uint16(u))
		}
		return string(utf16.Decode(units))
	})
}

// sheet reads the rows of a sheet.
type sheet struct {
	book  *workbook
	xml   *xml.Decoder
	cells []Cell // cells of the row that was read last
	rows  int
}

// next reads the next row, and reports whether there is one.
func (s *sheet) next() (bool, error) {
	s.cells = s.cells[:0]
	for {
		token, err := s.xml.RawToken()
		if err == io.EOF {
			return false, errCut // without the end of the sheet
		}
		if err != nil {
			return false, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "c" {
				if err := s.cell(t.Attr); err != nil {
					return false, err
				}
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "row":
				s.rows++
				return true, nil
			case "sheetData", "worksheet":
				return false, nil
			}
		}
	}
}

// cell reads a cell after its start.
func (s *sheet) cell(attributes []xml.Attr) error {
	ref, kind, style := "", "n", 0
	for _, a := range attributes {
		switch a.Name.Local {
		case "r":
			ref = a.Value
		case "t":
			kind = a.Value
		case "s":
			style, _ = strconv.Atoi(a.Value)
		}
	}
	column := len(s.cells)
	if ref != "" {
		column = columnIndex(ref)
	}
	if column < len(s.cells) || column >= maxColumns {
		return fmt.Errorf("cell %q is out of order", ref)
	}
	for len(s.cells) < column {
		s.cells = append(s.cells, Cell{})
	}
	value, inline, formula, err := s.content()
	if err != nil {
		return err
	}
	if formula && value == "" && kind != "str" {
		return fmt.Errorf("cell %q holds a formula without its value: open the file in a spreadsheet program and save it", ref)
	}
	c, err := s.book.cell(kind, value, inline, style)
	s.cells = append(s.cells, c)
	return err
}

// columnIndex returns the index of the column of a cell such as "AB12", or -1.
func columnIndex(ref string) int {
	n := 0
	for i := 0; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && n < maxColumns; i++ {
		n = 26*n + int(ref[i]-'A') + 1
	}
	return n - 1
}

// content reads the value of a cell, or its text if the cell holds that itself, and whether there
// is a formula.
func (s *sheet) content() (value, inline string, formula bool, err error) {
	var b strings.Builder
	inValue := false
	for {
		token, err := s.xml.RawToken()
		if err != nil {
			return "", "", false, noEnd(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			formula = formula || t.Name.Local == "f"
			inValue = t.Name.Local == "v"
			if t.Name.Local == "is" {
				if inline, err = richText(s.xml, "is"); err != nil {
					return "", "", false, err
				}
			}
		case xml.EndElement:
			if inValue = false; t.Name.Local == "c" {
				return b.String(), inline, formula, nil
			}
		case xml.CharData:
			if inValue {
				b.Write(t)
			}
		}
	}
}

// cell returns a cell by its kind in XML.
func (b *workbook) cell(kind, value, inline string, style int) (Cell, error) {
	switch {
	case kind == "inlineStr":
		return Cell{Text, inline}, nil
	case value == "" && kind != "str":
		return Cell{}, nil
	case kind == "s":
		i, err := strconv.Atoi(value)
		if err != nil || i < 0 || i >= len(b.strings) {
			return Cell{}, errors.New("a shared text is missing")
		}
		return Cell{Text, b.strings[i]}, nil
	case kind == "b":
		return Cell{Bool, strconv.FormatBool(value == "1" || value == "true")}, nil
	case kind == "n" && style >= 0 && style < len(b.dates) && b.dates[style]:
		if days, err := strconv.ParseFloat(value, 64); err == nil && days >= 0 && days < 3e6 {
			return Cell{Text, b.date(days)}, nil
		}
	case kind == "str":
		return Cell{Text, unescapeExcel(value)}, nil
	}
	if kind == "n" {
		return Cell{Number, value}, nil
	}
	return Cell{Text, value}, nil // an error such as #N/A, or a date
}

// date returns a number of days as a date, a time, or both.
func (b *workbook) date(days float64) string {
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if b.from04 {
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	whole, part := math.Modf(days)
	t := from.AddDate(0, 0, int(whole)).Add(time.Duration(math.Round(part*86_400_000)) * time.Millisecond)
	switch {
	case whole == 0 && part > 0:
		return t.Format("15:04:05.999")
	case part == 0:
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02T15:04:05.999")
}

var notFormat = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)

// isDateFormat reports whether a format such as "yyyy-mm-dd" shows a date or a time of day. A
// duration, such as "[h]:mm", stays a number.
func isDateFormat(code string) bool {
	first, _, _ := strings.Cut(strings.ToLower(code), ";")
	if strings.Contains(first, "[h") || strings.Contains(first, "[m") || strings.Contains(first, "[s") {
		return false
	}
	return strings.ContainsAny(notFormat.ReplaceAllString(first, ""), "dmyhs") && !strings.Contains(first, "general")
}
