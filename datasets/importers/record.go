package importers

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/internal/values"
)

// record is a JSON value with its place. Its paths are those of gjson: "a.b", "list.0.c".
type record struct {
	gjson.Result
	file string
	row  int    // number of the line or of the element, from 1; 0 for a document
	at   string // place of the array in the document; "" for a line

	member string // member of an archive, which is the file
}

// errf returns the error about one value.
func (r record) errf(path string, found gjson.Result, expected string) error {
	what := found.Raw
	if !found.Exists() {
		what = "nothing"
	}
	if len(what) > 80 {
		what = fmt.Sprintf("%.80s...", what)
	}
	return r.err("%q: found %s, expected %s", path, what, expected)
}

// err returns an error that begins with the record's place.
func (r record) err(format string, args ...any) error {
	where := fmt.Sprintf("%q", r.file)
	switch {
	case r.member != "":
		where += ": " + r.member
	case r.at != "":
		where += fmt.Sprintf(": %s[%d]", r.at, r.row-1)
	case r.row > 0:
		where += fmt.Sprintf(": row %d", r.row)
	}
	return fmt.Errorf("%s: %w", where, fmt.Errorf(format, args...))
}

// graded returns an answer of which nothing but its place is known.
func (r record) graded() datasets.Graded {
	g := datasets.NewGraded()
	g.File, g.Row = r.file, r.row
	return g
}

// text returns a string or a number as text; "" if there is none. Like all texts of a record, it is
// a copy, so that whoever keeps it does not keep the whole record.
func (r record) text(path string) string {
	if v := r.Get(path); v.Type != gjson.Null {
		return strings.Clone(v.String())
	}
	return ""
}

// need returns a text that must be there.
func (r record) need(path, expected string) (string, error) {
	v := r.Get(path)
	if (v.Type != gjson.String && v.Type != gjson.Number) || v.String() == "" {
		return "", r.errf(path, v, expected)
	}
	return strings.Clone(v.String()), nil
}

// number returns a number, NaN if there is none.
func (r record) number(path string) (float64, error) { return r.numberOf(path, r.Get(path)) }

// numberOf returns the number that a value is: a number, true or false, or a text that package
// values reads, such as "C" or "pass".
func (r record) numberOf(path string, v gjson.Result) (float64, error) {
	switch v.Type {
	case gjson.Null:
		return math.NaN(), nil
	case gjson.True:
		return 1, nil
	case gjson.False:
		return 0, nil
	case gjson.Number:
		return v.Num, nil
	case gjson.String:
		if n, ok := (values.Parser{}).Number(strings.TrimSpace(v.Str)); ok {
			return n, nil
		}
	}
	return 0, r.errf(path, v, "a number")
}

// numbers fills numbers from paths. Of several bad ones, the error is about the first by name.
func (r record) numbers(to map[string]*float64) (err error) {
	for _, path := range slices.Sorted(maps.Keys(to)) {
		if *to[path], err = r.number(path); err != nil {
			return err
		}
	}
	return nil
}

// prompt returns the text of a prompt: a string as it is, a conversation as mode says.
func (r record) prompt(path string, mode prompttext.Mode) (string, error) {
	v := r.Get(path)
	var text string
	var err error
	switch {
	case v.Type == gjson.String:
		text, err = prompttext.FromText(v.Str, mode)
	case v.IsArray(), v.IsObject():
		text, err = prompttext.FromJSON(v.Raw, mode)
	case v.Type == gjson.Null:
		return "", nil
	default:
		return "", r.errf(path, v, "a prompt")
	}
	if err != nil {
		return "", r.err("%q: %w", path, err)
	}
	return strings.Clone(text), nil
}

// notANumber reports whether a value is null or NaN, which is read as a text.
func notANumber(v gjson.Result) bool {
	return v.Type == gjson.Null || v.Type == gjson.String && (v.Str == "" || v.Str == "NaN")
}
