package cli

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// TestCommandTable compares the table of docs/commands.md with the commands of the program.
func TestCommandTable(t *testing.T) {
	page, err := os.ReadFile("../../../../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `routellm ([a-z]+)` \\|").FindAllStringSubmatch(string(page), -1) {
		shown[m[1]] = true
	}
	root := newRoot(cmdutil.Streams{Out: io.Discard, Err: io.Discard})
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "help" || c.IsAdditionalHelpTopicCommand() {
			continue
		}
		if !shown[c.Name()] && !c.Hidden {
			t.Errorf("docs/commands.md has no row for routellm %s (%s)", c.Name(), c.Short)
		}
		delete(shown, c.Name())
	}
	for name := range shown {
		t.Errorf("docs/commands.md has a row for routellm %s, which is no command", name)
	}
}

// TestReadmeIsShort holds the README to a length that people read.
func TestReadmeIsShort(t *testing.T) {
	page, err := os.ReadFile("../../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(page), "\n"); n >= 200 {
		t.Errorf("README.md has %d lines, want fewer than 200: move details into docs/", n)
	}
}
