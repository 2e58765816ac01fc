package rows

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// excelTable is a sheet of an Excel file.
type excelTable struct {
	file  *file
	book  *workbook
	sheet string // member of the archive
	names []string
	skip  int // rows before the header, blank ones not counted
	notes []string
	bytes int64 // number of decompressed bytes that the running scan has read
}

// workbook holds what the cells of all sheets refer to.
type workbook struct {
	archive *zip.Reader
	sheets  []sheetName
	strings []string
	dates   []bool // whether each style shows a number as a date or time
	from04  bool   // days are counted from 1904
}

// sheetName is a sheet's name and its member of the archive.
type sheetName struct{ name, member string }

func openExcel(ctx context.Context, f *file, o Options) (part, error) {
	size, err := f.random(ctx)
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return nil, hint.With(fmt.Errorf("%q: damaged ZIP archive: %w", f.name, err), "copy or save the file again")
	}
	if !slices.ContainsFunc(archive.File, func(m *zip.File) bool { return strings.HasPrefix(m.Name, "xl/") }) {
		return nil, refuseZIP(f, archive)
	}
	t := &excelTable{file: f, book: &workbook{archive: archive}}
	if err := t.book.read(); err != nil {
		return nil, t.damaged(err)
	}
	if err := t.choose(o.Sheet); err != nil {
		return nil, err
	}
	return byColumns(t), t.readHeader(ctx)
}

func (t *excelTable) damaged(err error) error {
	return hint.With(fmt.Errorf("%q: damaged Excel file: %w", t.file.name, err), "save the sheet as CSV")
}

// choose finds the wanted sheet: the first if no name is given.
func (t *excelTable) choose(name string) error {
	var names []string
	for _, s := range t.book.sheets {
		if names = append(names, s.name); t.sheet == "" && (name == "" || s.name == name) {
			t.sheet = s.member
		}
	}
	if t.sheet == "" {
		return hint.With(fmt.Errorf("%q: sheet %q: missing", t.file.name, name), "sheets in the file: "+text.Quoted(names, 20))
	}
	if name == "" && len(names) > 1 {
		t.notes = append(t.notes, fmt.Sprintf("sheet %q, the first of %d", names[0], len(names)))
	}
	return nil
}

// readHeader finds the header among the first rows.
func (t *excelTable) readHeader(ctx context.Context) error {
	var s sample
	enough := errors.New("enough rows")
	err := t.each(ctx, func(cells []Cell) error {
		record := make([]string, len(cells))
		for i, c := range cells {
			record[i] = c.Text
		}
		if s.records = append(s.records, record); len(s.records) == headerRows {
			return enough
		}
		return nil
	})
	if err != nil && err != enough {
		return err
	}
	if len(s.records) == 0 {
		return fmt.Errorf("%q: empty sheet, expected a header and rows", t.file.name)
	}
	s.skip = s.preamble()
	t.skip = s.skip
	if t.names, err = s.header(t.file.name); err == nil && t.skip > 0 {
		t.notes = append(t.notes, text.Plural(t.skip, "row")+" before the header left out")
	}
	return err
}

func (t *excelTable) columns() []string {
	return slices.DeleteFunc(slices.Clone(t.names), func(n string) bool { return n == "" })
}

func (t *excelTable) about() About {
	return About{Format: "Excel", Decimal: '.', Notes: t.notes}
}

func (t *excelTable) done() float64 {
	for _, m := range t.book.archive.File {
		if m.Name == t.sheet {
			return float64(t.bytes) / float64(max(m.UncompressedSize64, 1))
		}
	}
	return 0
}

func (t *excelTable) scan(ctx context.Context, columns []string, visit func([]Cell) error) error {
	out, row := make([]Cell, len(columns)), -t.skip-1
	at := make([]int, len(columns))
	for k, name := range columns {
		at[k] = slices.Index(t.names, name)
	}
	return t.each(ctx, func(cells []Cell) error {
		if row++; row <= 0 {
			return nil
		}
		for i := len(t.names); i < len(cells); i++ {
			if cells[i].Kind != Missing {
				return fmt.Errorf("%q: row %d: found a cell in column %d, expected %d columns, as in the header", t.file.name, row, i+1, len(t.names))
			}
		}
		for k, i := range at {
			if out[k] = (Cell{}); i < len(cells) {
				out[k] = cells[i]
			}
		}
		return visit(out)
	})
}

// each calls visit with the cells of every row of the sheet that is not blank.
func (t *excelTable) each(ctx context.Context, visit func([]Cell) error) error {
	in, err := t.book.open(t.sheet)
	if err != nil {
		return t.damaged(err)
	}
	defer in.Close()
	t.bytes = 0
	s := &sheet{book: t.book, xml: xml.NewDecoder(&counter{ctx, in, &t.bytes})}
	for {
		more, err := s.next()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return t.damaged(fmt.Errorf("after row %d of the sheet: %w", s.rows, err))
		case !more:
			return nil
		}
		if slices.ContainsFunc(s.cells, func(c Cell) bool { return c.Text != "" }) {
			if err := visit(s.cells); err != nil {
				return err
			}
		}
	}
}

// open opens a member of the archive.
func (b *workbook) open(name string) (io.ReadCloser, error) {
	for _, m := range b.archive.File {
		if strings.EqualFold(m.Name, name) {
			return m.Open()
		}
	}
	return nil, fmt.Errorf("%s is missing", name)
}

// read reads everything but the sheets.
func (b *workbook) read() error {
	var book struct {
		Properties struct {
			From04 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		Links []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := errors.Join(b.decode("xl/workbook.xml", &book), b.decode("xl/_rels/workbook.xml.rels", &links)); err != nil {
		return err
	}
	b.from04 = book.Properties.From04 == "1" || book.Properties.From04 == "true"
	for _, s := range book.Sheets {
		for _, l := range links.Links {
			if member := strings.TrimPrefix(path.Join("xl", l.Target), "xl/xl/"); l.ID == s.ID {
				if strings.HasPrefix(l.Target, "/") {
					member = l.Target[1:]
				}
				b.sheets = append(b.sheets, sheetName{s.Name, member})
			}
		}
	}
	return errors.Join(b.readStyles(), b.readStrings())
}

func (b *workbook) decode(member string, v any) error {
	in, err := b.open(member)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := xml.NewDecoder(in).Decode(v); err != nil {
		return fmt.Errorf("%s: %w", member, err)
	}
	return nil
}

// readStyles finds out which styles show dates.
func (b *workbook) readStyles() error {
	var styles struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if _, err := b.open("xl/styles.xml"); err != nil {
		return nil // a file without styles has no dates
	}
	if err := b.decode("xl/styles.xml", &styles); err != nil {
		return err
	}
	dates := map[int]bool{}
	for _, id := range []int{14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 47} {
		dates[id] = true
	}
	for _, f := range styles.Formats {
		dates[f.ID] = isDateFormat(f.Code)
	}
	for _, c := range styles.Cells {
		b.dates = append(b.dates, dates[c.Format])
	}
	return nil
}
