package cmdutil

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/registry"
)

// DataArgs takes data sets as arguments. A router is an error, which says what the flag for it is.
func DataArgs(c *cobra.Command, args []string) error {
	for _, arg := range args {
		if isRouter(arg) {
			return hint.With(fmt.Errorf("%s takes data sets as arguments, and %q is a router", c.CommandPath(), arg), "did you mean --router "+arg+"?", seeHelp(c))
		}
	}
	return nil
}

// TakeData sets a flag to the data sets that are given as arguments, beside those that the flag
// itself gives.
func TakeData(c *cobra.Command, flag string, args []string) error {
	for _, arg := range args {
		if err := c.Flags().Set(flag, arg); err != nil {
			return err
		}
	}
	return nil
}

// AlsoCalled gives a flag a second name, for people who know it from another command.
func AlsoCalled(c *cobra.Command, other, flag string) {
	c.Flags().SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == other {
			name = flag
		}
		return pflag.NormalizedName(name)
	})
}

// IsData reports whether an argument that may be a router is a data set: a built-in one, a file or a
// pattern of files.
func IsData(arg string) bool {
	if isRouter(arg) {
		return false
	}
	return harness.HoldsData(arg)
}

// isRouter reports whether an argument is the name of a router or [LABEL=]KIND:ARGUMENT.
func isRouter(arg string) bool {
	if label, rest, ok := strings.Cut(arg, "="); ok && !strings.ContainsAny(label, `:/\`) {
		arg = rest
	}
	name, _, isKind := strings.Cut(arg, ":")
	return slices.ContainsFunc(registry.Entries(), func(e registry.Entry) bool {
		return isKind && e.Name == name+":" || !isKind && e.Name == strings.Split(name, "@")[0]
	})
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

// Hinted returns args with hints added to its errors.
func Hinted(args cobra.PositionalArgs, hints ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, given []string) error {
		if err := args(c, given); err != nil {
			return hint.With(err, hints...)
		}
		return nil
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
	if _, statErr := os.Stat(args[0]); statErr == nil && c.Name() == "import" {
		return hint.With(err, c.CommandPath()+" table "+args[0]+" reads a table", c.CommandPath()+" auto "+args[0]+" recognizes the files of a tool", seeHelp(c))
	}
	var names []string
	for _, sub := range c.Commands() {
		names = append(names, sub.Name())
	}
	return hint.DidYouMean(hint.With(err, seeHelp(c)), args[0], names)
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
	var wrong *pflag.InvalidValueError
	if errors.As(err, &wrong) {
		err = wrongValue(c, wrong)
	}
	advised := hint.With(err, seeHelp(c))
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return advised
	}
	if takesData(c) && slices.Contains([]string{"bench", "data", "file", "input"}, unknown.GetSpecifiedName()) {
		return hint.With(advised, "data are named without a flag: "+c.Parent().CommandPath()+" "+c.Use)
	}
	return hint.DidYouMean(advised, "--"+unknown.GetSpecifiedName(), flagNames(c))
}

// CheckDashes refuses a flag of c that is written with one dash, such as -bench. It would be read as
// -b with the value ench.
func CheckDashes(c *cobra.Command, args []string) error {
	for _, arg := range args {
		name, _, _ := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		switch {
		case arg == "--":
			return nil
		case len(name) < 2 || strings.HasPrefix(name, "-") || !strings.HasPrefix(arg, "-"):
		case c.Flags().Lookup(name) != nil:
			return hint.With(fmt.Errorf("unknown flag: -%s", name), "did you mean --"+name+"?", seeHelp(c))
		}
	}
	return nil
}

// takesData reports whether the first argument of a command is a data set or another file.
func takesData(c *cobra.Command) bool {
	words := strings.Fields(c.Use)
	return c.HasParent() && len(words) > 1 && !strings.HasPrefix(words[1], "-") && (strings.Contains(words[1], "FILE") || strings.Contains(words[1], "DATA"))
}

// flagNames lists the flags of a command as they are written.
func flagNames(c *cobra.Command) (names []string) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	return names
}

// wrongValue returns the error about a value that a flag does not take, in the words of the other
// errors about flags.
func wrongValue(c *cobra.Command, e *pflag.InvalidValueError) error {
	f, value := e.GetFlag(), e.GetValue()
	want := wanted[f.Value.Type()]
	if want == "" {
		if strings.Contains(e.Unwrap().Error(), strconv.Quote(value)) {
			return fmt.Errorf("--%s: %w", f.Name, e.Unwrap())
		}
		return fmt.Errorf("--%s %q: %w", f.Name, value, e.Unwrap())
	}
	err := fmt.Errorf("--%s %q: want %s", f.Name, value, want)
	if f.Name == "threshold" && strings.HasSuffix(value, "%") && c.Flags().Lookup("strong-fraction") != nil {
		return hint.With(err, "a threshold is a score; --strong-fraction "+value+" finds the one for a share of strong calls")
	}
	return err
}

// wanted says what the types of flags want.
var wanted = map[string]string{
	"bool": "true or false", "duration": "a duration such as 30s", "float64": "a number", "fraction": "a fraction such as 0.3 or 30%",
	"fractions": "fractions such as 0.3 or 30%, separated by commas", "int": "a whole number", "int64": "a whole number",
	"numbers": "numbers separated by commas", "percentages": "percentages such as 20% or 0.2, separated by commas", "uint16": "a whole number from 0 to 65535", "uint32": "a whole number of 0 or more", "uint64": "a whole number of 0 or more",
}

func seeHelp(c *cobra.Command) string { return "see '" + c.CommandPath() + " --help'" }

// TidyUsage is the usage of --format where one of the formats is a tidy table.
const TidyUsage = "output `FORMAT`: table, json, csv, tidy (CSV with one row per value) or markdown"

// CheckFormat rejects an output format that is not one of the known ones.
func CheckFormat(got string, known ...string) error { return CheckWord("format", got, known...) }

// CheckWord rejects the value of a flag that is not one of the known words.
func CheckWord(flag, got string, known ...string) error {
	if slices.Contains(known, got) {
		return nil
	}
	return hint.DidYouMean(fmt.Errorf("--%s %q: want one of %s", flag, got, strings.Join(known, ", ")), got, known)
}
