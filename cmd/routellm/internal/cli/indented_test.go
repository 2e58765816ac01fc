package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// indented matches a command of a page that no test runs, with its continued lines.
var indented = regexp.MustCompile(`(?m)^    (?:go run \./cmd/)?(routellm (?:.*\\\n)*.*)$`)

// TestIndentedCommands parses the commands of pages that need the reader's models or files, and so
// are not run: each has to name a command and flags that there are.
func TestIndentedCommands(t *testing.T) {
	pages, err := filepath.Glob("../../../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	parsed := 0
	for _, path := range append(pages, "../../../../README.md") {
		page, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), func(t *testing.T) {
			for _, m := range indented.FindAllStringSubmatch(string(page), -1) {
				line := strings.Join(strings.Fields(strings.ReplaceAll(m[1], "\\\n", " ")), " ")
				for _, end := range []string{" | ", " > ", " # "} {
					line, _, _ = strings.Cut(line, end)
				}
				if strings.ContainsAny(line, "[…{$'<") || strings.Contains(line, "...") {
					continue // a form, or for a shell
				}
				parsed++
				parse(t, line)
			}
		})
	}
	if parsed < 30 {
		t.Errorf("%d commands found, want at least 30", parsed)
	}
}
