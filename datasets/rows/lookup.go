package rows

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// CellOf returns the cell that a JSON value is.
func CellOf(raw json.RawMessage) Cell { return cellOf(gjson.Parse(string(raw))) }

func cellOf(v gjson.Result) Cell {
	switch v.Type {
	case gjson.String:
		if strings.IndexByte(v.Raw, '\\') < 0 {
			return Cell{Text, strings.Clone(v.Str)} // which would otherwise keep the whole row in memory
		}
		return Cell{Text, v.Str}
	case gjson.Number:
		return Cell{Number, strings.Clone(v.Raw)}
	case gjson.True, gjson.False:
		return Cell{Bool, v.String()}
	case gjson.JSON:
		return Cell{JSON, string(lenient([]byte(v.Raw)))}
	}
	return Cell{}
}

// Lookup returns the value at a path in a JSON value, and whether there is one. A path has keys
// separated by dots and indexes in brackets, which count from the end if they are negative:
// "choices[0].message.content", "messages[-1].content". A key may have dots in it: the longest key that leads to a value comes
// first, and ["a.b"] stands for exactly that key. Strings that hold JSON are looked into. Of a
// key that occurs twice in one object, the last counts, as in Python and JavaScript.
func Lookup[T ~string | ~[]byte](raw T, path string) (Cell, bool) {
	v, ok := find(gjson.Parse(string(raw)), path)
	if !ok {
		return Cell{}, false
	}
	return cellOf(v), true
}

// find returns the value at a path.
func find(v gjson.Result, path string) (gjson.Result, bool) {
	if path == "" {
		return v, v.Exists()
	}
	if v.Type == gjson.String {
		if v = gjson.Parse(v.Str); !v.IsObject() && !v.IsArray() {
			return v, false
		}
	}
	switch {
	case v.IsObject():
		return findKey(v, path)
	case v.IsArray():
		return findIndex(v, path)
	}
	return v, false
}

// findKey tries every key of an object with which the path may begin, the longest first.
func findKey(v gjson.Result, path string) (found gjson.Result, ok bool) {
	longest := -1
	v.ForEach(func(key, value gjson.Result) bool {
		if after, matches := pathAfter(path, key.Str); matches && len(key.Str) >= longest {
			if inner, has := find(value, after); has {
				found, ok, longest = inner, true, len(key.Str)
			}
		}
		return true
	})
	return found, ok
}

// pathAfter returns what follows a key at the beginning of a path, where it may stand as ["key"].
func pathAfter(path, key string) (rest string, ok bool) {
	if inner, quoted := strings.CutPrefix(path, `["`); quoted {
		if inner, ok = strings.CutPrefix(inner, key); ok {
			rest, ok = strings.CutPrefix(inner, `"]`)
		}
		return strings.TrimPrefix(rest, "."), ok
	}
	rest, ok = strings.CutPrefix(path, key)
	switch {
	case !ok || rest == "" || rest[0] == '[':
		return rest, ok
	case rest[0] == '.' && len(rest) > 1:
		return rest[1:], true
	}
	return "", false
}

// findIndex looks up the element of a list that the path begins with, such as [0], [-1] or 0.
func findIndex(v gjson.Result, path string) (found gjson.Result, ok bool) {
	i, rest, ok := index(path)
	if !ok {
		return v, false
	}
	if i < 0 {
		v.ForEach(func(_, _ gjson.Result) bool { i++; return true })
		if i < 0 {
			return v, false
		}
	}
	ok = false
	v.ForEach(func(_, value gjson.Result) bool {
		if i == 0 {
			found, ok = value, true
		}
		i--
		return !ok
	})
	if !ok {
		return v, false
	}
	return find(found, rest)
}

func index(path string) (i int, rest string, ok bool) {
	number := path
	if strings.HasPrefix(path, "[") {
		if number, rest, ok = strings.Cut(path[1:], "]"); !ok {
			return 0, "", false
		}
		rest = strings.TrimPrefix(rest, ".")
	} else if k := strings.IndexAny(path, ".["); k >= 0 {
		number, rest = path[:k], strings.TrimPrefix(path[k:], ".")
	}
	i, err := strconv.Atoi(number)
	return i, rest, err == nil
}

// plan says which columns the wanted values are in, and where.
type plan struct {
	columns []string // columns to read, without repeats
	at      []int    // index in columns of each wanted value, or -1
	rest    []string // path inside of the column
	found   []bool   // whether some row has it
}

// newPlan resolves the wanted columns and paths: a column's own name first, then the longest
// column with which the path begins.
func newPlan(columns, want []string) *plan {
	p := &plan{at: make([]int, len(want)), rest: make([]string, len(want)), found: make([]bool, len(want))}
	place := map[string]int{}
	for i, w := range want {
		column, rest, ok := columnOf(columns, w)
		if !ok {
			p.at[i] = -1
			continue
		}
		if _, known := place[column]; !known {
			place[column] = len(p.columns)
			p.columns = append(p.columns, column)
		}
		p.at[i], p.rest[i], p.found[i] = place[column], rest, rest == ""
	}
	return p
}

// columnOf splits a path into a column and the path inside of it.
func columnOf(columns []string, want string) (column, rest string, ok bool) {
	longest := -1
	for _, c := range columns {
		if after, matches := pathAfter(want, c); matches && len(c) > longest {
			column, rest, ok, longest = c, after, true, len(c)
		}
	}
	return column, rest, ok
}

// fill sets the wanted values of a row.
func (p *plan) fill(out, cells []Cell) {
	for i, at := range p.at {
		switch {
		case at < 0:
			out[i] = Cell{}
		case p.rest[i] == "":
			out[i] = cells[at]
		case cells[at].Kind == JSON || cells[at].Kind == Text:
			v, ok := find(gjson.Parse(cells[at].Text), p.rest[i])
			if out[i] = cellOf(v); !ok {
				out[i] = Cell{}
			}
			p.found[i] = p.found[i] || ok
		default:
			out[i] = Cell{}
		}
	}
}
