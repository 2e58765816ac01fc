package rows

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/internal/hint"
)

// headerRows is the number of rows whose keys are the columns of JSON.
const headerRows = 100

// jsonTable is a file of JSON Lines, or a JSON list of objects, which may be inside of an object.
type jsonTable struct {
	file  *file
	lines bool
	at    string // path of the list; "" for a list that is the whole file
	names []string
	notes []string
}

// isJSON reports whether a file may begin with a JSON object or list.
func isJSON(head []byte) bool {
	text := strings.TrimLeft(string(head[:min(len(head), 4<<10)]), " \t\r\n")
	if text == "" || text[0] != '{' && text[0] != '[' {
		return false
	}
	next := strings.TrimLeft(text[1:], " \t\r\n")
	switch {
	case next == "":
		return true
	case text[0] == '{':
		return next[0] == '"' || next[0] == '}'
	}
	return strings.ContainsRune(`{["-0123456789tfnNI]`, rune(next[0])) && !strings.HasPrefix(next, `""`)
}

func openJSON(ctx context.Context, f *file, o Options) (part, error) {
	t := &jsonTable{file: f, at: o.At}
	if err := t.findRows(ctx, o.At); err != nil {
		return nil, t.explain(err, 0)
	}
	seen := map[string]bool{}
	enough := errors.New("enough rows")
	left := headerRows
	err := t.each(ctx, func(row string) error {
		gjson.Parse(row).ForEach(func(key, _ gjson.Result) bool {
			if !seen[key.Str] {
				seen[key.Str] = true
				t.names = append(t.names, strings.Clone(key.Str))
			}
			return true
		})
		if left--; left == 0 {
			return enough
		}
		return nil
	})
	if err != nil && err != enough {
		return nil, err
	}
	return t, nil
}

// findRows finds out where the rows are.
func (t *jsonTable) findRows(ctx context.Context, at string) error {
	in, err := t.file.text(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	r := newJSONReader(in)
	c, err := r.peek()
	if err != nil || at != "" || c == '[' {
		return noEnd(err)
	}
	if t.lines = linesName(t.file.name); t.lines {
		return nil
	}
	lists, err := r.findLists("", 0)
	if err != nil {
		return err
	}
	c, err = r.peek()
	switch {
	case err == nil && c == '{', err == io.EOF && len(lists) == 0:
		t.lines = true
		if err == io.EOF {
			return t.checkOneRow(ctx)
		}
	case err == nil:
		return fmt.Errorf("found %q after the first object, expected another one", c)
	case err != io.EOF:
		return err
	case len(lists) > 1:
		return hint.With(fmt.Errorf("it has several lists of objects, and any of them may be the rows"), "name one with --rows-at: "+strings.Join(lists, ", "))
	default:
		t.at = lists[0]
		t.notes = []string{fmt.Sprintf("rows in %q", t.at)}
	}
	return nil
}

// linesName reports whether a file's name says that every object in it is a row.
func linesName(name string) bool {
	name = strings.ToLower(name)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	return slices.Contains([]string{".jsonl", ".ndjson"}, filepath.Ext(name))
}

// checkOneRow refuses a file with a single object that holds columns, or rows by their ids.
func (t *jsonTable) checkOneRow(ctx context.Context) error {
	members, lists, objects, numbered := 0, 0, 0, false
	err := t.each(ctx, func(row string) error {
		gjson.Parse(row).ForEach(func(_, v gjson.Result) bool {
			members++
			switch {
			case v.IsArray():
				lists++
			case v.IsObject():
				objects++
				v.ForEach(func(key, _ gjson.Result) bool { numbered = key.Str == "0"; return false })
			}
			return true
		})
		return nil
	})
	switch {
	case err != nil || members < 2:
		return err
	case lists == members || objects == members && numbered:
		return hint.With(errors.New("it holds columns, expected rows"), `in pandas: to_json(FILE, orient="records", lines=True)`)
	case objects == members:
		return hint.With(errors.New("it is one object whose members are objects, expected a list of objects"), "jq '[.[]]' "+shellName(t.file.name)+" > rows.json")
	}
	return nil
}

// each calls visit with every row as JSON, and explains errors.
func (t *jsonTable) each(ctx context.Context, visit func(row string) error) error {
	in, err := t.file.text(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	r := newJSONReader(in)
	row := 0
	next := func() (bool, error) { return r.nextLine() }
	if !t.lines {
		if err := r.openList(t.at); err != nil {
			return t.explain(err, 0)
		}
		next = func() (bool, error) { return r.nextElement(row == 0, t.at == "") }
	}
	for {
		more, err := next()
		if err == nil && !more {
			return nil
		}
		var raw string
		if err == nil {
			raw, err = r.row()
		}
		if row++; err != nil {
			return t.explain(err, row)
		}
		if err := visit(raw); err != nil {
			return err
		}
	}
}

// nextLine reports whether another value follows.
func (r *jsonReader) nextLine() (bool, error) {
	_, err := r.peek()
	if err == io.EOF {
		return false, nil
	}
	return err == nil, err
}

// openList reads up to the first element of the list at a path.
func (r *jsonReader) openList(at string) error {
	found, err := r.goTo("", at)
	if err == nil && !found {
		err = fmt.Errorf("no list at %q", at)
	}
	if err == nil {
		_, err = r.take()
	}
	return err
}

// nextElement reads up to the next element of a list, and reports whether there is one. whole
// says that nothing may follow the list.
func (r *jsonReader) nextElement(first, whole bool) (bool, error) {
	c, err := r.peek()
	if err != nil || first && c != ']' {
		return err == nil, noEnd(err)
	}
	if c, err = r.take(); err != nil || c == ',' {
		return err == nil, err
	}
	if c != ']' {
		return false, fmt.Errorf("found %q, expected a comma or the end of the list", c)
	}
	if !whole {
		return false, nil
	}
	if c, err = r.peek(); err == nil {
		return false, fmt.Errorf("found %q after the end of the list", c)
	}
	if err == io.EOF {
		err = nil
	}
	return false, err
}

// explain adds the file, the row if it is above 0, and advice to an error.
func (t *jsonTable) explain(err error, row int) error {
	var encoding errNotUTF8
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &encoding):
		err = hint.With(err, convertHint(encoding.text, t.file.name))
	case len(hint.Of(err)) == 0 && !errors.Is(err, errCut):
		err = hint.With(err, "expected one JSON object per row: a list of objects, or JSON Lines")
	case errors.Is(err, errCut):
		err = hint.With(err, "copy or write the file again")
	}
	if row > 0 {
		return fmt.Errorf("%q: row %d: %w", t.file.name, row, err)
	}
	return fmt.Errorf("%q: %w", t.file.name, err)
}

func (t *jsonTable) columns() []string { return t.names }

func (t *jsonTable) about() About {
	name := "JSON"
	if t.lines {
		name = "JSON Lines"
	}
	return About{Format: name, Decimal: '.', Notes: t.notes}
}

func (t *jsonTable) done() float64 { return t.file.share() }

func (t *jsonTable) scan(ctx context.Context, want []string, visit func([]Cell) error) ([]bool, error) {
	p := &paths{want: want, found: make([]bool, len(want)), cells: make([]Cell, len(want)), longest: make([]int, len(want))}
	return p.found, t.each(ctx, func(row string) error {
		p.fill(row)
		return visit(p.cells)
	})
}

// paths looks up wanted columns and paths in objects.
type paths struct {
	want    []string
	found   []bool // whether some row has it
	cells   []Cell
	longest []int // length of the key that led to the cell
}

// fill looks up every path in one pass over the object's members.
func (p *paths) fill(row string) {
	for k := range p.want {
		p.cells[k], p.longest[k] = Cell{}, -1
	}
	gjson.Parse(row).ForEach(func(key, value gjson.Result) bool {
		for k, w := range p.want {
			rest, ok := pathAfter(w, key.Str)
			if !ok || len(key.Str) < p.longest[k] {
				continue
			}
			if v, has := find(value, rest); has {
				p.cells[k], p.longest[k], p.found[k] = cellOf(v), len(key.Str), true
			}
		}
		return true
	})
}
