package importers

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the table of tools in docs/importers.md")

// TestDocs compares the table of tools in the docs with the tools.
func TestDocs(t *testing.T) {
	const path = "../../docs/importers.md"
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	place := regexp.MustCompile(`(?s)(<!-- tools -->\n).*(<!-- end -->)`)
	want := place.ReplaceAllLiteralString(string(raw), "<!-- tools -->\n"+toolTable()+"<!-- end -->")
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(raw) || !place.Match(raw) {
		t.Errorf("%s does not list the tools as they are; -update rewrites it", path)
	}
}

// toolTable returns the table of tools in Markdown.
func toolTable() string {
	var b strings.Builder
	b.WriteString("| tool | files | read | not read | command |\n| --- | --- | --- | --- | --- |\n")
	cell := strings.NewReplacer("|", `\|`, "*", `\*`).Replace
	for _, t := range Tools() {
		fmt.Fprintf(&b, "| %s (`%s`) | %s | %s | %s | `%s` |\n", t.Title, t.Name, cell(t.Files), cell(t.Reads), cell(t.Leaves), t.Example)
	}
	return b.String()
}
