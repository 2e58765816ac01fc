package rows

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// Open opens a table: a file, "-" for standard input, a folder, or a glob of part files. Its
// content says what it is, not its name alone. An error names the file and what was expected.
func Open(ctx context.Context, path string, o Options) (*Table, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	m := &memory{path: path, data: data}
	if text := strings.TrimSpace(string(data)); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		err = m.json(text)
	} else {
		err = m.csv(text)
	}
	return &Table{m}, err
}

// memory is an interim table in memory.
type memory struct {
	path  string
	data  []byte
	names []string
	rows  []map[string]Cell
}

func (m *memory) csv(text string) error {
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(all) == 0 {
		return fmt.Errorf("%q: %w", m.path, errors.Join(err, io.ErrUnexpectedEOF))
	}
	m.names = all[0]
	for _, fields := range all[1:] {
		row := map[string]Cell{}
		for i, f := range fields {
			row[m.names[i]] = Cell{Text, f}
		}
		m.rows = append(m.rows, row)
	}
	return nil
}

func (m *memory) json(text string) error {
	var objects []map[string]json.RawMessage
	if text[0] == '[' {
		if err := json.Unmarshal([]byte(text), &objects); err != nil {
			return fmt.Errorf("%q: %w", m.path, err)
		}
	} else {
		d := json.NewDecoder(bufio.NewReader(strings.NewReader(text)))
		for d.More() {
			var o map[string]json.RawMessage
			if err := d.Decode(&o); err != nil {
				return fmt.Errorf("%q: %w", m.path, err)
			}
			objects = append(objects, o)
		}
	}
	for _, o := range objects {
		row := map[string]Cell{}
		for _, k := range slices.Sorted(maps.Keys(o)) {
			row[k] = CellOf(o[k])
			if !slices.Contains(m.names, k) {
				m.names = append(m.names, k)
			}
		}
		m.rows = append(m.rows, row)
	}
	return nil
}

// CellOf returns the cell that a JSON value is.
func CellOf(raw json.RawMessage) Cell {
	var s string
	switch {
	case len(raw) == 0 || raw[0] == 'n':
		return Cell{}
	case raw[0] == '"' && json.Unmarshal(raw, &s) == nil:
		return Cell{Text, s}
	case raw[0] == 't' || raw[0] == 'f':
		return Cell{Bool, string(raw)}
	case raw[0] == '{' || raw[0] == '[':
		return Cell{JSON, string(raw)}
	}
	return Cell{Number, string(raw)}
}

func (m *memory) columns() []string { return m.names }
func (m *memory) about() About      { return About{Format: "text", Parts: []string{m.path}, Decimal: '.'} }
func (m *memory) close() error      { return nil }

func (m *memory) digest() (string, error) {
	sum := sha256.Sum256(m.data)
	return hex.EncodeToString(sum[:]), nil
}

func (m *memory) scan(ctx context.Context, want []string, visit func(Row) error) error {
	for _, w := range want {
		if !slices.Contains(m.names, w) {
			return fmt.Errorf("%q: column %q: missing", m.path, w)
		}
	}
	cells := make([]Cell, len(want))
	for i, r := range m.rows {
		for k, w := range want {
			cells[k] = r[w]
		}
		if err := visit(Row{m.path, i + 1, cells}); err != nil {
			return err
		}
	}
	return ctx.Err()
}
