package rows

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/routellm/routellm/internal/hint"
)

// about opens a file and describes it in one line.
func about(t testing.TB, path string, o Options) string {
	t.Helper()
	table, err := Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	a := table.About()
	return a.Format + " " + string(a.Decimal) + " " + strings.Join(a.Notes, "; ") + " | " + strings.Join(table.Columns(), "/")
}

func TestCSVDialects(t *testing.T) {
	for _, c := range []struct {
		name, content string
		o             Options
		about, rows   string
	}{
		{"comma", "id,p,big\n1,x,0.5\n", Options{}, "CSV . | id/p/big", `1 t"1" t"x" t"0.5"`},
		{"semicolons", "id;p;big\n1;a, b;0,5\n2;x;1\n", Options{}, "CSV , semicolons between cells; decimal commas | id/p/big", `1 t"1" t"a, b" t"0,5"` + "\n" + `2 t"2" t"x" t"1"`},
		{"semicolons and points", "id;p;big\n1;a, b;0.5\n", Options{}, "CSV . semicolons between cells | id/p/big", `1 t"1" t"a, b" t"0.5"`},
		{"tabs", "id\tp\n1\tx, y; z\n", Options{}, "CSV . tabs between cells | id/p", `1 t"1" t"x, y; z"`},
		{"tabs and thousands", "id\tn\n1\t1,234\n", Options{}, "CSV . tabs between cells | id/n", `1 t"1" t"1,234"`},
		{"pipes", "id|p\n1|x\n", Options{}, "CSV . | between cells | id/p", `1 t"1" t"x"`},
		{"sep=", "sep=;\r\nid;p\r\n1;x\r\n", Options{}, "CSV . semicolons between cells; 1 line before the header left out | id/p", `1 t"1" t"x"`},
		{"BOM", "\ufeffid,p\n1,x\n", Options{}, "CSV . | id/p", `1 t"1" t"x"`},
		{"CRLF stays in quotes", "id,p\r\n1,\"a\r\nb\rc\"\r\n", Options{}, "CSV . | id/p", `1 t"1" t"a\r\nb\rc"`},
		{"line ends of old Macs", "id,p\r1,x\r2,y\r", Options{}, `CSV . lines end with "\r" | id/p`, `1 t"1" t"x"` + "\n" + `2 t"2" t"y"`},
		{"single quotes", "'id','p'\n1,'a, b'\n2,'it''s'\n", Options{}, "CSV . single quotes around cells | id/p", `1 t"1" t"a, b"` + "\n" + `2 t"2" t"it's"`},
		{"apostrophes", "id,p\n1,'tis it\n2,isn't\n", Options{}, "CSV . | id/p", `1 t"1" t"'tis it"` + "\n" + `2 t"2" t"isn't"`},
		{"backslashes", "id,p\n1,\"say \\\"a, b\\\" c\\\\\"\n2,\"C:\\x\"\n", Options{}, "CSV . backslashes before quotes inside of cells | id/p", `1 t"1" t"say \"a, b\" c\\"` + "\n" + `2 t"2" t"C:\\x"`},
		{"a backslash before the end", "id,p\n1,\"a\\\"\n2,\"b\\\"\n", Options{}, "CSV . | id/p", `1 t"1" t"a\\"` + "\n" + `2 t"2" t"b\\"`},
		{"no quotes", "id\tp\n1\t\"a\" she said\n2\tb\"\n", Options{}, "CSV . tabs between cells; no quotes around cells | id/p", `1 t"1" t"\"a\" she said"` + "\n" + `2 t"2" t"b\""`},
		{"quote inside", "id,p\n1,5\" disk\n2,x\n", Options{}, "CSV . | id/p", `1 t"1" t"5\" disk"` + "\n" + `2 t"2" t"x"`},
		{"blanks before quotes", "id, p\n1, \"a, b\" \n", Options{}, "CSV . | id/p", `1 t"1" t"a, b"`},
		{"delimiter at the end", "id,p,\n1,x,\n2,y,\n", Options{}, "CSV . 1 column without a name left out | id/p", `1 t"1" t"x"` + "\n" + `2 t"2" t"y"`},
		{"delimiter at the end of rows", "id,p\n1,x,\n", Options{}, "CSV . | id/p", `1 t"1" t"x"`},
		{"index of pandas", ",id,p\n0,1,x\n", Options{}, "CSV . 1 column without a name left out | id/p", `1 t"1" t"x"`},
		{"title", "My export;;\n\nid;p;q\n1;x;2\n2;y;3\n", Options{}, "CSV . semicolons between cells; 1 line before the header left out | id/p/q", `1 t"1" t"x" t"2"` + "\n" + `2 t"2" t"y" t"3"`},
		{"comments", "# made by x, y and z\n# v1\nid,p\n1,x\n", Options{}, "CSV . 2 lines before the header left out | id/p", `1 t"1" t"x"`},
		{"one column", "prompt\nHello there\n\n\"a, b\"\n", Options{}, "CSV . | prompt", `1 t"Hello there"` + "\n" + `2 t"a, b"`},
		{"blank cells", "id,p\n1,\n2,\"\"\n", Options{}, "CSV . | id/p", `1 t"1" t""` + "\n" + `2 t"2" t""`},
		{"no line end at the end", "id,p\n1,x", Options{}, "CSV . | id/p", `1 t"1" t"x"`},
		{"quote at the end", "id,p\n1,\"x\"", Options{}, "CSV . | id/p", `1 t"1" t"x"`},
		{"given delimiter", "id:p\n1:x,y\n", Options{Delimiter: ':', Decimal: ','}, "CSV , | id/p", `1 t"1" t"x,y"`},
	} {
		path := write(t, "a.csv", c.content)
		if got := strings.ReplaceAll(about(t, path, c.o), ".  |", ". |"); strings.ReplaceAll(got, ",  |", ", |") != c.about {
			t.Errorf("%s: %q, want %q", c.name, got, c.about)
		}
		if got, err := dump(t, path, c.o); err != nil || got != c.rows+"\n" {
			t.Errorf("%s: %v\n%swant\n%s", c.name, err, got, c.rows)
		}
	}
}

func TestUTF16(t *testing.T) {
	text := "id;prompt\r\n1;Grüße 🙂\r\n"
	for _, big := range []bool{false, true} {
		for _, mark := range []string{"", "\ufeff"} {
			var b []byte
			for _, u := range utf16.Encode([]rune(mark + text)) {
				if big {
					b = append(b, byte(u>>8), byte(u))
				} else {
					b = append(b, byte(u), byte(u>>8))
				}
			}
			if got, err := dump(t, write(t, "a.csv", string(b)), Options{}); err != nil || got != `1 t"1" t"Grüße 🙂"`+"\n" {
				t.Errorf("big-endian %v, mark %q: %v %s", big, mark, err, got)
			}
		}
	}
}

func TestCSVErrors(t *testing.T) {
	for _, c := range []struct{ name, content, want, hint string }{
		{"latin1", "id,prompt\n1,x\n2,gr\xfc\xdfe\n", `row 2, column "prompt": found "gr\xfc\xdfe", expected UTF-8`, "iconv -f ISO-8859-1 -t UTF-8"},
		{"windows", "id,prompt\n1,it\x92s\n", `row 1, column "prompt"`, "iconv -f WINDOWS-1252"},
		{"latin1 in the header", "id,gr\xfc\n1,x\n", "header, column 2", "iconv -f ISO-8859-1"},
		{"zero byte", "id,prompt\n1,abcdefghijklmnopqrstuvwxyzabcdefghijklmnop\x00x\n", `row 1, column "prompt": found a zero byte`, "zero bytes"},
		{"short row", "id,p,q\n1,x,y\n2,x\n", "row 2: found 2 cells, expected 3, as in the header", "in double quotes"},
		{"long row", "id,p,q\n1,x,y\n2,x,y,z\n", "row 2: found 4 cells, expected 3", "in double quotes"},
		{"row names of R", "\"a\",\"b\"\n\"1\",2,3\n\"2\",2,3\n", "row 1: found 3 cells, expected 2", "first column has no name"},
		{"no header", "1,0.5,2\n2,0.25,3\n", "the first row is \"1 0.5 2\", expected a header", "columns' names"},
		{"twice", "id,p,p\n1,2,3\n", `column "p": occurs twice in the header, as columns 2 and 3`, "rename"},
		{"unclosed", "id,p\n1,x\n2,\"abc\n3,y\n", `row 2, column "p": the quote that opens here is never closed`, "twice"},
		{"text after a quote", "id,p\n1,x\n2,\"a\"b\n3,y\n4,\"z\"\n5,\"c\"\"d\"\n", `row 2, column "p": found 'b' after the closing quote, expected a comma`, "twice"},
		{"no rows", "id,p\n", "no rows, expected at least one", ""},
		{"empty", "", "empty file", "write the file again"},
		{"blank", " \n\n", "empty file", "write the file again"},
		{"missing column", "id,promt\n1,x\n", `column "prompt": missing`, "did you mean promt?"},
		{"value without a name", "id,p,\n1,x,y\n", "", ""},
	} {
		_, err := dump(t, write(t, "a.csv", c.content), Options{}, wantedOf(c.name)...)
		checkError(t, c.name, err, c.want, c.hint)
	}
}

func wantedOf(name string) []string {
	if name == "missing column" {
		return []string{"prompt"}
	}
	return nil
}

func checkError(t *testing.T, name string, err error, want, advice string) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return
	}
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %v, want %s", name, err, want)
	}
	if hints := strings.Join(hint.Of(err), "\n"); !strings.Contains(hints, advice) {
		t.Errorf("%s: hints %q, want %q", name, hints, advice)
	}
}

// TestLongCells reads cells that are longer than every buffer.
func TestLongCells(t *testing.T) {
	long := strings.Repeat("Say \"a, b\".\r\n", 100_000)
	content := "id,p,q\n1,\"" + strings.ReplaceAll(long, `"`, `""`) + "\",x\n2," + strings.Repeat("y", 300_000) + ",z\n"
	table, err := Open(context.Background(), write(t, "a.csv", content), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	want := [][]string{{"x", long}, {"z", strings.Repeat("y", 300_000)}}
	err = table.Scan(context.Background(), []string{"q", "p"}, func(r Row) error {
		if w := want[r.Number-1]; r.Cells[0].Text != w[0] || r.Cells[1].Text != w[1] {
			t.Errorf("row %d: %d bytes, want %d", r.Number, len(r.Cells[1].Text), len(w[1]))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestCSVKeepsLineEnds reads prompts with every kind of line end, one byte at a time. The digests
// of prompts depend on them.
func TestCSVKeepsLineEnds(t *testing.T) {
	want := []string{"a\r\nb", "\r\n", "a\nb\r\nc\rd", "x\r\r\ny", "quo\"te\r\n", "plain"}
	for _, end := range []string{"\n", "\r\n"} {
		text := ""
		for _, p := range want {
			text += `"` + strings.ReplaceAll(p, `"`, `""`) + `",z` + end
		}
		r := newCSVReader(iotest.OneByteReader(strings.NewReader(text)), dialect{delimiter: ',', quote: '"', eol: '\n'})
		for _, p := range want {
			if err := r.read(); err != nil || string(r.field(0)) != p || string(r.field(1)) != "z" {
				t.Fatalf("end %q: %q, want %q: %v", end, r.field(0), p, err)
			}
		}
		if err := r.read(); err != io.EOF {
			t.Error(err)
		}
	}
}
