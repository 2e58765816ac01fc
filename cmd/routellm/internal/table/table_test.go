package table

import (
	"strings"
	"testing"
)

func sample() *Table {
	t := &Table{Header: []string{"router", "APGR", "CPT50"}}
	t.Add("random", "0.500", "50.0 %")
	t.Add(`a|b\c`, "-", "?")
	return t
}

func TestText(t *testing.T) {
	var b strings.Builder
	if err := sample().Text(&b); err != nil {
		t.Fatal(err)
	}
	want := "" +
		"router   APGR   CPT50\n" +
		"---------------------\n" +
		"random  0.500  50.0 %\n" +
		"a|b\\c       -       ?\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestMarkdownEscapes(t *testing.T) {
	var b strings.Builder
	if err := sample().Markdown(&b); err != nil {
		t.Fatal(err)
	}
	want := "" +
		"| router  |  APGR |  CPT50 |\n" +
		"|:--------|------:|-------:|\n" +
		"| random  | 0.500 | 50.0 % |\n" +
		"| a\\|b\\\\c |     - |      ? |\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestCSV(t *testing.T) {
	var b strings.Builder
	if err := sample().CSV(&b); err != nil {
		t.Fatal(err)
	}
	if want := "router,APGR,CPT50\nrandom,0.500,50.0 %\na|b\\c,-,?\n"; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

// TestControlCharacters checks that no cell reaches the terminal's controls.
func TestControlCharacters(t *testing.T) {
	table := &Table{Header: []string{"task", "n"}}
	table.Add("\x1b[31mred\a\u009b", "1")
	var b strings.Builder
	if err := table.Text(&b); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b\a\u009b") || !strings.Contains(b.String(), "[31mred") {
		t.Errorf("got %q", b.String())
	}
}
