package importers

import (
	"strings"
	"testing"
)

func TestEach(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		" \n":                          "",
		"[]":                           "",
		`{"a":1}` + "\n\n" + `{"a":2}`: "1 2 ",
		` [ {"a":1}, {"a":"x"} ] `:     "1 x ",
		`{"a":1}{"a":`:                 `1 "f": row 2: the file ends inside a JSON value, expected a complete one`,
		`[{"a":1}`:                     `1 "f": the file ends inside a JSON value, expected a complete one`,
		`{"a":1} b`:                    `1 "f": row 2: expected JSON, found at byte 9: invalid character 'b' looking for beginning of value`,
	} {
		var got strings.Builder
		err := eachIn("f", strings.NewReader(text), func(r record) error { got.WriteString(r.text("a") + " "); return nil })
		if err != nil {
			got.WriteString(err.Error())
		}
		if got.String() != want {
			t.Errorf("%q: %q, want %q", text, got.String(), want)
		}
	}
}

func TestArrays(t *testing.T) {
	const doc = `{"a": {"x": [1, 2], "y.z": 3}, "b": [{"v": "p"}, {"v": NaN}], "c": "end"}`
	var got strings.Builder
	rest, err := arraysIn("f", strings.NewReader(doc), map[string]visitor{"a.x": nil, "b": func(r record) error {
		got.WriteString(r.err("%s", r.Get("v").Raw).Error() + "; ")
		return nil
	}})
	if want := `"f": b[0]: "p"; "f": b[1]: "NaN"; `; got.String() != want || err != nil {
		t.Errorf("%q, %v, want %q", got.String(), err, want)
	}
	if want := `{"a":{"x":[],"y.z":3},"b":[],"c":"end"}`; rest.Raw != want {
		t.Errorf("%s, want %s", rest.Raw, want)
	}
	for _, doc := range []string{`{"b": {"v": 1}}`, `{"b": null}`, `{}`, `[1]`, `3`} {
		if _, err := arraysIn("f", strings.NewReader(doc), map[string]visitor{"b": nil}); err != nil {
			t.Errorf("%s: %v", doc, err)
		}
	}
	for _, doc := range []string{``, `{"b": [`, `{"b"`} {
		if _, err := arraysIn("f", strings.NewReader(doc), map[string]visitor{"b": nil}); err == nil {
			t.Errorf("%s: no error", doc)
		}
	}
}
