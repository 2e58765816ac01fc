package cli

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/text"
)

// everyCommand calls visit with the root command and all commands below it.
func everyCommand(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, sub := range c.Commands() {
		everyCommand(sub, visit)
	}
}

// TestHelpWidth expects the help of every command to fit 80 columns.
func TestHelpWidth(t *testing.T) {
	var out bytes.Buffer
	root := newRoot(cmdutil.Streams{Out: &out, Err: &out})
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	commands := 0
	everyCommand(root, func(c *cobra.Command) {
		commands++
		out.Reset()
		c.InitDefaultHelpFlag()
		if err := c.Help(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > text.Width {
				t.Errorf("%s --help: %d columns, want at most %d: %s", c.CommandPath(), n, text.Width, line)
			}
		}
	})
	if commands < 30 {
		t.Errorf("%d commands checked, want at least 30", commands)
	}
}

// TestHelpGroups expects every command that users see to be in a group.
func TestHelpGroups(t *testing.T) {
	root := newRoot(cmdutil.Streams{})
	for _, c := range root.Commands() {
		if c.GroupID == "" && !c.Hidden && c.Name() != "version" && c.Name() != "help" {
			t.Errorf("%s is in no group", c.CommandPath())
		}
	}
}
