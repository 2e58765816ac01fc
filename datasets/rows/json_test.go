package rows

import (
	"io"
	"strings"
	"testing"
)

func TestJSON(t *testing.T) {
	for _, c := range []struct {
		name, file, content string
		o                   Options
		about, rows         string
	}{
		{"list", "a.json", `[{"id": 1, "p": "x"}, {"p": "y\né", "q": 1.50, "id": 12345678901234567890}]`, Options{}, "JSON . | id/p/q",
			`1 n"1" t"x" -""` + "\n" + `2 n"12345678901234567890" t"y\né" n"1.50"`},
		{"lines", "a.jsonl", "{\"id\": 1, \"p\": null}\n\n{\"id\": true, \"p\": {\"a\": [1]}}\n", Options{}, "JSON Lines . | id/p",
			`1 n"1" -""` + "\n" + `2 b"true" j"{\"a\": [1]}"`},
		{"lines with the wrong name", "a.csv", "{\"id\": 1}\n{\"id\": 2}", Options{}, "JSON Lines . | id", `1 n"1"` + "\n" + `2 n"2"`},
		{"objects over several lines", "a.json", "{\n \"id\": 1\n}\n{\n \"id\": 2\n}\n", Options{}, "JSON Lines . | id", `1 n"1"` + "\n" + `2 n"2"`},
		{"one line with a list", "a.jsonl", `{"id": 1, "m": [{"a": 1}]}`, Options{}, "JSON Lines . | id/m", `1 n"1" j"[{\"a\": 1}]"`},
		{"list inside", "a.json", `{"version": 3, "results": {"n": [1, 2], "results": [{"id": 1}, {"id": 2}], "empty": []}}`, Options{}, `JSON . rows in "results.results" | id`, `1 n"1"` + "\n" + `2 n"2"`},
		{"chosen list", "a.json", `{"a": [{"id": 1}], "b.c": {"d": [{"id": 2}]}}`, Options{At: "b.c.d"}, `JSON . | id`, `1 n"2"`},
		{"list in a list", "a.json", `{"runs": [{"x": [{"id": 1}]}, {"x": [{"id": 2}]}]}`, Options{At: "runs[1].x"}, `JSON . | id`, `1 n"2"`},
		{"one object", "a.json", `{"id": 1, "p": "x"}`, Options{}, "JSON Lines . | id/p", `1 n"1" t"x"`},
		{"numbers that JSON lacks", "a.jsonl", `{"a": NaN, "b": -Infinity, "c": [Infinity, "NaN"], "d": "a NaN \" Infinity"}`, Options{}, "JSON Lines . | a/b/c/d",
			`1 n"NaN" n"-Infinity" j"[\"Infinity\", \"NaN\"]" t"a NaN \" Infinity"`},
		{"a key twice", "a.jsonl", `{"a": 1, "a": 2}`, Options{}, "JSON Lines . | a", `1 n"2"`},
		{"BOM", "a.json", "\ufeff[{\"a\": 1}]\n", Options{}, "JSON . | a", `1 n"1"`},
		{"surrogates", "a.jsonl", `{"a": "\ud83d\ude42\u0000"}`, Options{}, "JSON Lines . | a", `1 t"🙂\x00"`},
	} {
		path := write(t, c.file, c.content)
		if got := strings.Replace(about(t, path, c.o), ".  |", ". |", 1); got != c.about {
			t.Errorf("%s: %q, want %q", c.name, got, c.about)
		}
		if got, err := dump(t, path, c.o); err != nil || got != c.rows+"\n" {
			t.Errorf("%s: %v\n%swant\n%s", c.name, err, got, c.rows)
		}
	}
}

func TestJSONErrors(t *testing.T) {
	for _, c := range []struct {
		name, content string
		o             Options
		want, hint    string
	}{
		{"cut off", "{\"a\": 1}\n{\"a\": 2, \"b\": \"x", Options{}, "row 2: the file is cut off here", "copy or write the file again"},
		{"list cut off", `[{"a": 1}, {"a": 2}`, Options{}, "row 3: the file is cut off here", "again"},
		{"line cut off", "{\"a\": 1}\n{\"a\": \"x\n{\"a\": 3}\n", Options{}, "row 2: a string is not closed on its line", "JSON Lines"},
		{"no object", "{\"a\": 1}\n[1]\n", Options{}, "expected another one", ""},
		{"number in a list", `[{"a": 1}, 3]`, Options{}, "row 2: found a number, expected an object", ""},
		{"rows as lists", `[["id", "p"], [1, "x"]]`, Options{}, "row 1: found a list, expected an object", ""},
		{"two lists", `{"a": [{"id": 1}], "b": {"c": [{"id": 2}]}}`, Options{}, "several lists of objects", "a, b.c"},
		{"no such list", `{"a": [{"id": 1}]}`, Options{At: "b"}, `no list at "b"`, ""},
		{"columns", `{"id": [1, 2], "p": ["x", "y"]}`, Options{}, "holds columns, expected rows", `orient="records"`},
		{"columns of pandas", `{"id": {"0": 1, "1": 2}, "p": {"0": "x", "1": "y"}}`, Options{}, "holds columns", `orient="records"`},
		{"rows by id", `{"q1": {"p": "x"}, "q2": {"p": "y"}}`, Options{}, "one object whose members are objects", "jq '[.[]]'"},
		{"after the list", `[{"a": 1}] {"a": 2}`, Options{}, "found '{' after the end of the list", ""},
		{"no comma", `[{"a": 1} {"a": 2}]`, Options{}, "found '{', expected a comma", ""},
		{"bad number", `[{"a": 1x}]`, Options{}, "row 1: invalid character 'x'", ""},
		{"latin1", "{\"a\": \"gr\xfc\"}\n", Options{}, "row 1: found text that is not UTF-8", "iconv -f ISO-8859-1"},
		{"deep", `[{"a": ` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + "}]", Options{}, "row 1: nested deeper than 1000 levels", ""},
		{"no rows", "[]", Options{}, "no rows", ""},
		{"column", `[{"a": 1}]`, Options{}, `column "b": missing`, `columns in the file: "a"`},
	} {
		want := []string(nil)
		if c.name == "column" {
			want = []string{"b"}
		}
		_, err := dump(t, write(t, "a.json", c.content), c.o, want...)
		checkError(t, c.name, err, c.want, c.hint)
	}
}

// TestColumnsThatComeLate wants a column that the first rows lack.
func TestColumnsThatComeLate(t *testing.T) {
	content := strings.Repeat("{\"a\": 1}\n", 200) + "{\"b\": {\"c\": 2}}\n"
	got, err := dump(t, write(t, "a.jsonl", content), Options{}, "b.c")
	if err != nil || !strings.HasSuffix(got, "200 -\"\"\n201 n\"2\"\n") {
		t.Error(err, got)
	}
}

func TestLookup(t *testing.T) {
	const raw = `{"doc": {"question": "q", "a.b": 1, "a": {"b": 2, "c": 3}}, "doc.question": "flat", "messages": [{"content": "first"}, {"content": "last"}],
		"s": "{\"x\": [\"y\"]}", "turns": "[\"one\", \"two\"]", "null": null, "nan": NaN, "org/m-1.5": {"score": 0.5}, "d": {"k": 1, "k": 2}}`
	for _, c := range []struct {
		path string
		want Cell
		ok   bool
	}{
		{"doc.question", Cell{Text, "flat"}, true},
		{`["doc"].question`, Cell{Text, "q"}, true},
		{"doc.a.b", Cell{Number, "1"}, true},
		{`doc["a"].b`, Cell{Number, "2"}, true},
		{"doc.a.c", Cell{Number, "3"}, true},
		{"messages[0].content", Cell{Text, "first"}, true},
		{"messages[-1].content", Cell{Text, "last"}, true},
		{"messages.1.content", Cell{Text, "last"}, true},
		{"messages[2].content", Cell{}, false},
		{"messages[-3]", Cell{}, false},
		{"messages[x]", Cell{}, false},
		{"messages[0", Cell{}, false},
		{"s.x[0]", Cell{Text, "y"}, true},
		{"turns[0]", Cell{Text, "one"}, true},
		{"null", Cell{}, true},
		{"null.x", Cell{}, false},
		{"nan", Cell{Number, "NaN"}, true},
		{"org/m-1.5.score", Cell{Number, "0.5"}, true},
		{"d.k", Cell{Number, "2"}, true},
		{"doc.", Cell{}, false},
		{"", Cell{JSON, ""}, true},
	} {
		got, ok := Lookup(raw, c.path)
		if c.path == "" {
			got.Text = ""
		}
		if got != c.want || ok != c.ok {
			t.Errorf("%q: %v %v, want %v %v", c.path, got, ok, c.want, c.ok)
		}
		line, err := dump(t, write(t, "a.jsonl", strings.ReplaceAll(raw, "\n", " ")), Options{}, c.path)
		if c.path != "" && (err == nil) != c.ok {
			t.Errorf("%q in a file: %s %v", c.path, line, err)
		}
	}
}

func TestLenientJSON(t *testing.T) {
	const in, want = `{"a": NaN, "b": [-Infinity, Infinity,-1], "c": "NaN \" NaN \\", "d": NaN}`, `{"a": "NaN", "b": ["-Infinity", "Infinity",-1], "c": "NaN \" NaN \\", "d": "NaN"}`
	for size := 1; size < 12; size++ {
		got, err := io.ReadAll(LenientJSON(&slowReader{in, size}))
		if err != nil || string(got) != want {
			t.Errorf("in blocks of %d bytes: %v %s", size, err, got)
		}
	}
}

// slowReader reads a text in small blocks.
type slowReader struct {
	text string
	size int
}

func (s *slowReader) Read(p []byte) (int, error) {
	if s.text == "" {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), s.size)], s.text)
	s.text = s.text[n:]
	return n, nil
}
