package cmdutil

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
)

// columnFlags are the flags of the commands below "datasets import" that take the name of a
// column, or LABEL=COLUMN.
var columnFlags = []string{
	"id", "prompt", "task", "cluster", "model", "model-a", "model-b", "model-column", "models-in", "winner", "weight", "grade", "cost",
}

// importCommand reports whether c imports a file that is its argument.
func importCommand(c *cobra.Command) bool { return c.HasParent() && c.Parent().Name() == "import" }

// completeColumns completes the columns of the file that is the command's argument, after the
// label of LABEL=COLUMN.
func completeColumns(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	columns, _ := datasets.Header(args[0]) // completion is silent on errors
	label, name := splitLast(typed, "=")
	return withPrefix(label, columns, name), cobra.ShellCompDirectiveNoFileComp
}

// completePair completes STRONG,WEAK from the models that all data sets of the command have.
func completePair(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	models := modelsOf(c, args)
	strong, weak, both := strings.Cut(typed, ",")
	if both {
		models = slices.DeleteFunc(models, func(m string) bool { return m == strong })
		return withPrefix(strong+",", models, weak), cobra.ShellCompDirectiveNoFileComp
	}
	out := withPrefix("", models, strong)
	for i := range out {
		out[i] += ","
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// modelsOf returns the models that the data sets of a command have in common. A command that
// imports a table has the models of its --model flags.
func modelsOf(c *cobra.Command, args []string) []string {
	if importCommand(c) {
		var models []string
		for _, value := range valuesOf(c.Flags().Lookup("model")) {
			name, _, _ := strings.Cut(value, "=")
			models = append(models, name)
		}
		return models
	}
	var common []string
	for i, name := range dataOf(c, args) {
		models := modelsIn(name)
		if i == 0 {
			common = models
		}
		common = slices.DeleteFunc(common, func(m string) bool { return !slices.Contains(models, m) })
	}
	return common
}

// dataOf returns the names of the data sets that a command line gives: with a flag or as
// arguments, or else all benchmarks.
func dataOf(c *cobra.Command, args []string) []string {
	values := args
	for _, flag := range []string{"bench", "data", "gold"} {
		if f := c.Flags().Lookup(flag); f != nil && f.Changed {
			values = valuesOf(f)
		}
	}
	var names []string
	for _, value := range values {
		for name := range strings.SplitSeq(value, ",") {
			name, _, _ = strings.Cut(name, ":") // --gold NAME:COUNT
			if name == "all" {
				return benchmarks.Names()
			}
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return benchmarks.Names()
	}
	return names
}

// modelsIn returns the models of a built-in data set or a Parquet file, nil if it cannot be
// read.
func modelsIn(name string) []string {
	open := func() (*datasets.File, error) { return datasets.Open(name) }
	if data, ok := benchmarks.Data(name); ok {
		open = func() (*datasets.File, error) { return datasets.OpenBytes(name, data) }
	}
	f, err := open()
	if err != nil {
		return nil
	}
	defer f.Close()
	return f.Models()
}

// valuesOf returns the values of a flag, nil if the command does not have it.
func valuesOf(f *pflag.Flag) []string {
	if f == nil {
		return nil
	}
	if list, ok := f.Value.(pflag.SliceValue); ok {
		return list.GetSlice()
	}
	return []string{f.Value.String()}
}

// withPrefix returns the names that begin with what is typed, each behind a prefix.
func withPrefix(prefix string, names []string, typed string) []string {
	var out []string
	for _, name := range names {
		if strings.HasPrefix(name, typed) {
			out = append(out, prefix+name)
		}
	}
	return out
}
