package rows

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// hiveColumn is a column whose value is in the name of a folder, such as "model=gpt-4o".
type hiveColumn struct {
	name string
	cell Cell
}

// hivePartition holds what Spark and Hive write for a missing value.
const hiveNull = "__HIVE_DEFAULT_PARTITION__"

// hiveColumns returns the columns in the names of the folders between dir and a file.
func hiveColumns(dir, path string) (out []hiveColumn) {
	rel, err := filepath.Rel(dir, filepath.Dir(path))
	if err != nil {
		return nil
	}
	for _, name := range strings.Split(filepath.ToSlash(rel), "/") {
		key, value, ok := strings.Cut(name, "=")
		if !ok || key == "" {
			continue
		}
		c := hiveColumn{name: unescape(key), cell: Cell{Text, unescape(value)}}
		if value == hiveNull {
			c.cell = Cell{}
		}
		out = append(out, c)
	}
	return out
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

func (f *file) hasHive(column string) bool {
	return slices.ContainsFunc(f.hive, func(h hiveColumn) bool { return h.name == column })
}

// constants returns the cells of wanted columns that are in the names of folders and not in the
// file, by their index in want.
func (f *file) constants(want, columns []string) map[int]Cell {
	out := map[int]Cell{}
	for k, w := range want {
		for _, h := range f.hive {
			if h.name == w && !slices.Contains(columns, w) {
				out[k] = h.cell
			}
		}
	}
	return out
}
