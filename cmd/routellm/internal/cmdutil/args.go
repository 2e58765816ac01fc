package cmdutil

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/registry"
)

// FractionHint returns a hint for a fraction that looks like a percentage, nil if it does
// not.
func FractionHint(p float64) []string {
	if p > 1 && p <= 100 {
		return []string{fmt.Sprintf("%v %% is %v", p, p/100)}
	}
	return nil
}

// ExactArgs requires one argument per name. Its error lists the names.
func ExactArgs(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		return hint.With(
			fmt.Errorf("%s wants %s, got %s", c.CommandPath(), strings.Join(names, " "), text.Plural(len(args), "argument")),
			seeHelp(c))
	}
}

// SomeArgs requires at least one argument.
func SomeArgs(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return nil
		}
		return hint.With(fmt.Errorf("%s wants at least one %s, got none", c.CommandPath(), name), seeHelp(c))
	}
}

// NoArgs rejects arguments, for a command whose input is named by flags.
func NoArgs(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("%s takes no arguments, got %q", c.CommandPath(), args[0])
	if flag := flagFor(c, args[0]); flag != "" {
		return hint.With(err, "did you mean --"+flag+" "+args[0]+"?", seeHelp(c))
	}
	return hint.With(err, seeHelp(c))
}

// flagFor returns the flag that an argument most likely belongs to, "" if none: a data set, a
// router or, if it is neither a file nor a known name, a column.
func flagFor(c *cobra.Command, arg string) string {
	_, err := os.Stat(arg)
	name, _, isKind := strings.Cut(arg, ":")
	isRouter := func(e registry.Entry) bool { return strings.TrimSuffix(e.Name, ":") == strings.Split(name, "@")[0] }
	candidates := []string{"prompt"}
	switch {
	case isKind || slices.ContainsFunc(registry.Entries(), isRouter):
		candidates = []string{"router"}
	case err == nil || slices.Contains(benchmarks.AllNames(), arg) || strings.ContainsAny(arg, "*."):
		candidates = []string{"bench", "data"}
	}
	for _, flag := range candidates {
		if c.Flags().Lookup(flag) != nil {
			return flag
		}
	}
	return ""
}

// OnlyCommands rejects arguments, for a command that only has commands below it. An argument
// is then a misspelt command.
func OnlyCommands(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("unknown command %q for %q", args[0], c.CommandPath())
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		return hint.With(err, "did you mean "+strings.Join(near, ", ")+"?")
	}
	return hint.With(err, seeHelp(c))
}

// AtMostOneArg rejects a second argument, for a command whose argument is a text.
func AtMostOneArg(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < 2 {
			return nil
		}
		return hint.With(
			fmt.Errorf("%s takes one %s, got %s", c.CommandPath(), name, text.Plural(len(args), "argument")),
			"quote a "+name+" that has spaces", seeHelp(c))
	}
}

// FlagError adds hints to an error in the flags of c: a flag with a similar name, and where
// the flags are listed. The flags behind a misspelt command are not what is wrong.
func FlagError(c *cobra.Command, err error) error {
	if before := c.Flags().Args(); c.HasSubCommands() && len(before) > 0 {
		return OnlyCommands(c, before)
	}
	advised := hint.With(err, seeHelp(c))
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return advised
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	return hint.DidYouMean(advised, "--"+unknown.GetSpecifiedName(), names)
}

func seeHelp(c *cobra.Command) string { return "see '" + c.CommandPath() + " --help'" }

// CheckFormat rejects an output format that is not one of the known ones.
func CheckFormat(got string, known ...string) error { return CheckWord("format", got, known...) }

// CheckWord rejects the value of a flag that is not one of the known words.
func CheckWord(flag, got string, known ...string) error {
	if slices.Contains(known, got) {
		return nil
	}
	return hint.DidYouMean(fmt.Errorf("--%s %q: want one of %s", flag, got, strings.Join(known, ", ")), got, known)
}
