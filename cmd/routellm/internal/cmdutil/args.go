package cmdutil

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/internal/hint"
)

// FractionHint helps those who write per cent.
func FractionHint(p float64) []string {
	if p > 1 && p <= 100 {
		return []string{fmt.Sprintf("%v %% is %v", p, p/100)}
	}
	return nil
}

// ExactArgs wants n arguments and says which when it does not get them.
func ExactArgs(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		return hint.With(
			fmt.Errorf("%s wants %s, got %d arguments", c.CommandPath(), strings.Join(names, " "), len(args)),
			"see '"+c.CommandPath()+" --help'")
	}
}

// OnlyCommands is for a command that does nothing by itself: an argument is a
// misspelt command.
func OnlyCommands(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	advice := "see '" + c.CommandPath() + " --help'"
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		advice = "did you mean " + strings.Join(near, ", ") + "?"
	}
	return hint.With(fmt.Errorf("unknown command %q for %q", args[0], c.CommandPath()), advice)
}

// CheckFormat refuses an output format that a command does not write.
func CheckFormat(got string, known ...string) error {
	for _, k := range known {
		if got == k {
			return nil
		}
	}
	return fmt.Errorf("--format %q: want one of %s", got, strings.Join(known, ", "))
}
