package rows

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Open opens a table: a file, "-" for standard input, a folder, or a glob of part files. Its
// content says what it is, not its name alone. Standard input is copied into a temporary file,
// which Close removes. An error names the file, what was found and what was expected.
func Open(ctx context.Context, path string, o Options) (*Table, error) {
	paths, err := resolve(path)
	if err != nil {
		return nil, err
	}
	t := &parts{path: path, options: o}
	for _, p := range paths {
		if err := t.add(ctx, p); err != nil {
			return nil, errors.Join(err, t.close())
		}
	}
	if err := t.check(); err != nil {
		return nil, errors.Join(err, t.close())
	}
	return &Table{t}, nil
}

// parts is a table in one or more files, whose rows follow each other.
type parts struct {
	path    string
	options Options
	files   []*file
	parts   []part
	names   []string // union of the parts' columns
	folders []string // those of names that no part has
	notes   []string
}

// add opens a part.
func (t *parts) add(ctx context.Context, r resolved) error {
	f, err := r.open(ctx, t.options)
	if err != nil {
		return err
	}
	t.files = append(t.files, f)
	p, err := openPart(ctx, f, t.options)
	if err != nil {
		return err
	}
	t.parts = append(t.parts, p)
	for _, c := range p.columns() {
		if !slices.Contains(t.names, c) {
			t.names = append(t.names, c)
		}
	}
	return f.release()
}

// openPart finds the file's format and opens it.
func openPart(ctx context.Context, f *file, o Options) (part, error) {
	if err := refuse(f); err != nil {
		return nil, err
	}
	for _, format := range formats() {
		if format.is(f.head) {
			p, err := format.open(ctx, f, o)
			if err == nil && (o.At != "" && format.name != "JSON" || o.Sheet != "" && format.name != "Excel") {
				return nil, fmt.Errorf("%q: is %s: rows at a path are in JSON only, and sheets in Excel only", f.name, format.name)
			}
			return p, err
		}
	}
	return nil, hint.With(fmt.Errorf("%q: found binary data, expected a table in %s", f.name, Formats), "export the table as CSV or Parquet")
}

// check compares the parts, adds the columns of folder names, and notes what differs.
func (t *parts) check() error {
	formats := map[string][]string{}
	for i, p := range t.parts {
		name := p.about().Format
		formats[name] = append(formats[name], t.files[i].name)
	}
	if len(formats) > 1 {
		return t.mixed(formats)
	}
	if err := t.checkDecimals(); err != nil {
		return err
	}
	for i, p := range t.parts {
		for _, note := range p.about().Notes {
			if !slices.Contains(t.notes, note) {
				t.notes = append(t.notes, note)
			}
		}
		for _, h := range t.files[i].hive {
			if !slices.Contains(t.names, h.name) {
				t.names = append(t.names, h.name)
				t.folders = append(t.folders, h.name)
			}
		}
	}
	t.noteAbsent()
	return nil
}

// mixed returns the error about parts in different formats.
func (t *parts) mixed(formats map[string][]string) error {
	var list []string
	for _, f := range t.parts {
		name := f.about().Format
		if files := formats[name]; files != nil {
			list = append(list, fmt.Sprintf("%s (%s, such as %q)", name, text.Plural(len(files), "file"), files[0]))
			delete(formats, name)
		}
	}
	return hint.With(fmt.Errorf("%q: its files have different formats: %s", t.path, strings.Join(list, ", ")), `name the files of one format, such as "FOLDER/*.csv"`)
}

// checkDecimals returns an error if some parts have decimal commas and others points: one mark
// counts for the whole table, and with the wrong one numbers would be no numbers.
func (t *parts) checkDecimals() error {
	first := map[rune]string{}
	for i, p := range t.parts {
		p, _ := p.(columnParts)
		if c, ok := p.columnar.(*csvTable); ok && first[c.dialect.decimal] == "" {
			first[c.dialect.decimal] = t.files[i].name
		}
	}
	if first[','] == "" || first['.'] == "" {
		return nil
	}
	return hint.With(fmt.Errorf("%q: %q has decimal commas and %q decimal points, expected one mark in all parts", t.path, first[','], first['.']),
		"write the parts alike, or import each kind by itself")
}

// noteAbsent notes columns that some parts lack.
func (t *parts) noteAbsent() {
	for _, c := range t.names {
		lack := 0
		for i := range t.parts {
			if !slices.Contains(t.parts[i].columns(), c) && !t.files[i].hasHive(c) {
				lack++
			}
		}
		if lack > 0 {
			t.notes = append(t.notes, fmt.Sprintf("column %q is missing in %d of %d files", c, lack, len(t.parts)))
		}
	}
}

func (t *parts) columns() []string { return slices.Clone(t.names) }

func (t *parts) about() About {
	a := t.parts[0].about()
	a.Notes, a.Folders, a.Parts, a.Rows = slices.Clone(t.notes), slices.Clone(t.folders), nil, 0
	for i, f := range t.files {
		a.Rows += t.parts[i].about().Rows
		a.Parts = append(a.Parts, f.name)
		if t.parts[i].about().Decimal == ',' {
			a.Decimal = ','
		}
	}
	return a
}

func (t *parts) close() error {
	var errs []error
	for _, f := range t.files {
		errs = append(errs, f.close())
	}
	return errors.Join(errs...)
}

func (t *parts) digest() (string, error) {
	if len(t.files) == 1 {
		return t.files[0].digest()
	}
	h := sha256.New()
	for _, f := range t.files {
		d, err := f.digest()
		if err != nil {
			return "", err
		}
		h.Write([]byte(d + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
