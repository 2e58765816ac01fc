package cmdutil

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/routers/causal"
	"github.com/routellm/routellm/routers/registry"
)

// CompleteFlags registers how the shell completes the flags that c and the commands below it
// share by name. It keeps the completion that a command has registered itself.
func CompleteFlags(c *cobra.Command) {
	flags := map[string]cobra.CompletionFunc{
		"router":      CompleteRouters,
		"bench":       CompleteData(append(benchmarks.EvalNames(), "all")...),
		"data":        CompleteData(benchmarks.AllNames()...),
		"check":       CompleteData(benchmarks.Names()...),
		"format":      completeFormat,
		"by":          Words("task"),
		"compat":      Words("routellm"),
		"labels":      Words(datasets.Quality, harness.Regraded),
		"interval":    Words("bootstrap", "influence"),
		"policy":      FilesOf("yaml", "yml"),
		"baseline":    FilesOf("json"),
		"artifact":    FilesOf("json"),
		"pair":        completePair,
		"encoder":     Words(StaticEncoder, openaiEncoder),
		"annotations": Words("github"),
		"log":         FilesOf("parquet", "csv", "jsonl", "json"),
		"llm-api":     Words(causal.Chat, causal.Completions, causal.LlamaCPP),
	}
	if importCommand(c) {
		for _, name := range columnFlags {
			flags[name] = completeColumns
		}
	}
	for name, complete := range flags {
		if c.Flags().Lookup(name) != nil {
			_ = c.RegisterFlagCompletionFunc(name, complete) // fails if the command has registered one
		}
	}
	for _, sub := range c.Commands() {
		CompleteFlags(sub)
	}
}

// completeFormat completes the formats that the command's usage of --format names.
func completeFormat(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	formats := []string{"table", "json", "csv", "markdown"}
	if c.Flags().Lookup("format").Usage == TidyUsage {
		formats = append(formats, "tidy")
	}
	return formats, cobra.ShellCompDirectiveNoFileComp
}

// Words completes one of the values.
func Words(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

// FilesOf completes files with one of the extensions.
func FilesOf(extensions ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(extensions, cobra.ShellCompDirectiveFilterFileExt)
}

// CompleteData completes the last name of a list separated by commas, or else a file.
func CompleteData(names ...string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		head, last := splitLast(typed, ",")
		return withPrefix(head, others(names, head), last), cobra.ShellCompDirectiveDefault
	}
}

// CompleteRouters completes the last router of a list separated by commas: names and kinds,
// variants after an @, files after a colon. It keeps the label of LABEL=ROUTER.
func CompleteRouters(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	if kind, arg, ok := strings.Cut(typed, ":"); ok {
		return completeArgument(kind, arg)
	}
	head, last := splitLast(typed, ",")
	label, last := splitLast(last, "=")
	var out []string
	for _, e := range registry.Entries() {
		for _, name := range namesOf(e, last) {
			if strings.HasPrefix(name, last) && (label != "" || len(others([]string{name}, head)) > 0) {
				out = append(out, head+label+name+"\t"+e.Summary)
			}
		}
	}
	return out, unfinished(out)
}

// others returns the names that the list before the last comma does not have.
func others(names []string, head string) []string {
	listed := strings.Split(head, ",")
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(listed, name) })
}

// namesOf returns the name of a router, and also its variants once the whole name is typed.
func namesOf(e registry.Entry, typed string) []string {
	names := []string{e.Name}
	if typed == e.Name || strings.HasPrefix(typed, e.Name+"@") {
		for _, v := range e.Variants {
			names = append(names, e.Name+"@"+v)
		}
	}
	return names
}

// completeArgument completes the file or folder after a kind that takes one.
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

// unfinished asks the shell to add no space if every candidate is a kind or a folder, which
// needs more text.
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

// splitLast splits text behind the last separator. Without a separator, head is empty.
func splitLast(text, separator string) (head, last string) {
	i := strings.LastIndex(text, separator) + len(separator)
	if !strings.Contains(text, separator) {
		i = 0
	}
	return text[:i], text[i:]
}
