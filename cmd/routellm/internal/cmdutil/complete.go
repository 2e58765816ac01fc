package cmdutil

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/routers/registry"
)

// CompleteFlags says for all commands below c how the shell completes the flags that they
// share by name. A command's own word on a flag stays.
func CompleteFlags(c *cobra.Command) {
	for name, complete := range map[string]cobra.CompletionFunc{
		"router":   CompleteRouters,
		"bench":    CompleteData(append(benchmarks.Names(), "all")...),
		"data":     CompleteData(append(benchmarks.Names(), benchmarks.TrainingNames()...)...),
		"check":    CompleteData(benchmarks.Names()...),
		"format":   Words("table", "json", "csv", "markdown"),
		"by":       Words("task"),
		"compat":   Words("routellm"),
		"labels":   Words("published", harness.Regraded),
		"interval": Words("bootstrap", "influence"),
		"policy":   FilesOf("yaml", "yml"),
		"baseline": FilesOf("json"),
		"artifact": FilesOf("json"),
	} {
		if c.Flags().Lookup(name) != nil {
			_ = c.RegisterFlagCompletionFunc(name, complete) // an error is the command's own
		}
	}
	for _, sub := range c.Commands() {
		CompleteFlags(sub)
	}
}

func Words(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

// FilesOf completes files with one of the extensions.
func FilesOf(extensions ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(extensions, cobra.ShellCompDirectiveFilterFileExt)
}

// CompleteData completes the last of a list of names, or else a file.
func CompleteData(names ...string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		head, last := splitLast(typed, ",")
		var out []string
		for _, name := range names {
			if strings.HasPrefix(name, last) {
				out = append(out, head+name)
			}
		}
		return out, cobra.ShellCompDirectiveDefault
	}
}

// CompleteRouters completes the last of a list of routers: names and kinds, variants after
// an @, files after a colon. A label before = stays.
func CompleteRouters(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	if kind, arg, ok := strings.Cut(typed, ":"); ok {
		return completeArgument(kind, arg)
	}
	head, last := splitLast(typed, ",")
	label, last := splitLast(last, "=")
	var out []string
	for _, e := range registry.Entries() {
		for _, name := range namesOf(e, last) {
			if strings.HasPrefix(name, last) {
				out = append(out, head+label+name+"\t"+e.Summary)
			}
		}
	}
	return out, unfinished(out)
}

// namesOf lists a router, with its variants once its name is whole.
func namesOf(e registry.Entry, typed string) []string {
	names := []string{e.Name}
	if typed == e.Name || strings.HasPrefix(typed, e.Name+"@") {
		for _, v := range e.Variants {
			names = append(names, e.Name+"@"+v)
		}
	}
	return names
}

// completeArgument completes the file of a kind that has one.
func completeArgument(kind, typed string) ([]string, cobra.ShellCompDirective) {
	_, name := splitLast(kind, "=")
	i := slices.IndexFunc(registry.Entries(), func(e registry.Entry) bool { return e.Name == name+":" })
	if i < 0 || !slices.Contains([]string{"FILE", "DIR"}, registry.Entries()[i].Arg) {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	dir, base := filepath.Split(typed)
	entries, err := os.ReadDir(filepath.Clean(dir))
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for _, e := range entries {
		hidden := strings.HasPrefix(e.Name(), ".") && base == ""
		if !strings.HasPrefix(e.Name(), base) || hidden {
			continue
		}
		path := kind + ":" + dir + e.Name()
		if e.IsDir() {
			path += "/"
		}
		out = append(out, path)
	}
	return out, unfinished(out) | cobra.ShellCompDirectiveNoFileComp
}

// unfinished asks the shell for no space where every candidate goes on: a kind or a folder.
func unfinished(candidates []string) cobra.ShellCompDirective {
	done := func(text string) bool {
		name, _, _ := strings.Cut(text, "\t")
		return !strings.HasSuffix(name, ":") && !strings.HasSuffix(name, "/")
	}
	if len(candidates) == 0 || slices.ContainsFunc(candidates, done) {
		return cobra.ShellCompDirectiveDefault
	}
	return cobra.ShellCompDirectiveNoSpace
}

// splitLast cuts behind the last separator.
func splitLast(text, separator string) (head, last string) {
	i := strings.LastIndex(text, separator) + len(separator)
	if !strings.Contains(text, separator) {
		i = 0
	}
	return text[:i], text[i:]
}
