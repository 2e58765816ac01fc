package datasetscmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/importers"
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// toolOptions holds the flags of the commands that import files of a tool.
type toolOptions struct {
	importers.Options
	Tool                        string // name of the tool, "" to recognise it
	Given                       []string
	Text, Turns, Repeat, Errors string
	Pair, Range                 string
	Name, Source, Licence       string
	Out, Decisions, Prices      string
	DropText                    bool
}

type toolRun func(context.Context, cmdutil.Streams, []string, toolOptions) error

// newCmdsImportTools returns a command for each tool, and one that recognises the tool.
func newCmdsImportTools(s cmdutil.Streams, run toolRun) []*cobra.Command {
	cs := []*cobra.Command{newCmdImportAuto(s, run)}
	for _, t := range importers.Tools() {
		cs = append(cs, newCmdImportTool(s, t, run))
	}
	return cs
}

func newCmdImportTool(s cmdutil.Streams, t importers.Tool, run toolRun) *cobra.Command {
	o := toolOptions{Tool: t.Name}
	c := &cobra.Command{
		Use:   t.Name + " FILE...",
		Short: "Import " + toolGives[t.Gives] + " from files of " + t.Title,
		Long: "Import " + toolGives[t.Gives] + " from files of " + t.Title + ".\n\n" +
			"  files     " + t.Files + "\n  read      " + t.Reads + "\n  not read  " + t.Leaves + "\n\n" + toolFiles,
		Example: "  " + t.Example,
		Args:    cmdutil.SomeArgs("FILE"),
		RunE:    func(c *cobra.Command, args []string) error { return run(c.Context(), s, args, o.given(c)) },
	}
	o.add(c, t.Gives, t.Uses)
	return c
}

// toolFiles explains the arguments of all tools' commands.
const toolFiles = `FILE is a file, plain or compressed with gzip or Zstandard, a folder with all
below it, or a quoted pattern. Notes say which files were read, what was left
out, and how many answers of each model are measured.`

// toolGives names what tools give.
var toolGives = map[importers.Gives]string{
	importers.Answers: "outcomes", importers.Votes: "battles", importers.Calls: "prompts and prices", importers.Rates: "prices",
}

func newCmdImportAuto(s cmdutil.Streams, run toolRun) *cobra.Command {
	var o toolOptions
	var names []string
	for _, t := range importers.Tools() {
		names = append(names, t.Name)
	}
	c := &cobra.Command{
		Use:   "auto FILE...",
		Short: "Import files of a tool, recognised by their content",
		Long: "Import files of an evaluation tool, which is recognised by their content.\n\n" + text.Wrap("Tools: "+strings.Join(names, ", ")+".") +
			"\n\n" + toolFiles + `

The command fails if the files are of no tool, or of more than one. A table of
your own is read by 'datasets import table'.`,
		Example: "  routellm datasets import auto logs/ --scorer match --out mine.parquet",
		Args:    cmdutil.SomeArgs("FILE"),
		RunE:    func(c *cobra.Command, args []string) error { return run(c.Context(), s, args, o.given(c)) },
	}
	var all []string
	for name := range importers.Flags() {
		all = append(all, name)
	}
	o.add(c, importers.Answers, all)
	return c
}

// toolWords lists the values of flags that take words.
var toolWords = map[string][]string{
	"repeat": {"mean"}, "errors": {"missing", "wrong"}, "turns": {"mean", "split"}, "text": {"last", "first", "users", "all"},
}

// add adds the flags that a tool heeds.
func (o *toolOptions) add(c *cobra.Command, gives importers.Gives, uses []string) {
	f := c.Flags()
	to := map[string]*string{
		"metric": &o.Metric, "filter": &o.Filter, "scorer": &o.Scorer, "score": &o.Score, "prompt-label": &o.Prompts, "prompt": &o.Prompt,
		"model": &o.Model, "split": &o.Split, "turns": &o.Turns, "text": &o.Text, "repeat": &o.Repeat, "errors": &o.Errors,
		"decisions": &o.Decisions, "prices": &o.Prices,
	}
	for _, name := range uses {
		if name == "skip-bad" {
			f.BoolVar(&o.Collect.SkipBad, name, false, importers.Flags()[name])
			continue
		}
		f.StringVar(to[name], name, "", importers.Flags()[name])
		if words := toolWords[name]; words != nil {
			_ = c.RegisterFlagCompletionFunc(name, cmdutil.Words(words...)) // fails only if it is registered already
		}
	}
	if gives == importers.Rates {
		f.StringVarP(&o.Out, "out", "o", "", "CSV `FILE` to write (required)")
		return
	}
	if gives == importers.Answers {
		f.StringVar(&o.Pair, "pair", "", "default pair of models, `STRONG,WEAK`")
		f.StringVar(&o.Range, "range", "", "lowest and highest quality, `MIN,MAX`; other values are left out and counted")
	}
	f.StringVar(&o.Name, "name", "", "name of the data set (default the name of the file)")
	f.StringVar(&o.Source, "source", "", "source of the data, to record in the file (default the tool)")
	f.StringVar(&o.Licence, "licence", "", "licence of the data, to record in the file")
	f.BoolVar(&o.DropText, "drop-text", false, dropTextUsage)
	f.StringVarP(&o.Out, "out", "o", "", "Parquet or CSV `FILE` to write (required)")
}

// given returns the options with the names of the flags that the user gave.
func (o toolOptions) given(c *cobra.Command) toolOptions {
	c.Flags().Visit(func(f *pflag.Flag) { o.Given = append(o.Given, f.Name) })
	return o
}

func runImportTool(ctx context.Context, s cmdutil.Streams, paths []string, o toolOptions) error {
	if o.Out == "" && o.Prices == "" && o.Decisions == "" {
		return hint.With(errors.New("--out is required"), "for example --out mine.parquet")
	}
	tool, err := o.tool(paths)
	if err != nil {
		return err
	}
	if ext := filepath.Ext(o.Out); tool.Gives == importers.Rates && o.Out != "" && ext != ".csv" {
		return hint.With(fmt.Errorf("--out %s: found a name that ends with %q, expected .csv: %s gives prices, not a data set", o.Out, ext, tool.Title), "for example --out prices.csv")
	}
	if err := o.complete(tool, paths); err != nil {
		return err
	}
	o.Progress = s.Watch(ctx, "importing")
	o.Notef = func(format string, args ...any) { note(s, fmt.Sprintf(format, args...)) }
	out, sum, err := importers.Import(ctx, tool, paths, o.Options)
	if err != nil {
		return err
	}
	noteSummary(s, tool, sum)
	skipped := out.Answers.Skipped()
	for _, line := range skipped.Notes(text.Sample(sum.Files)) {
		note(s, line)
	}
	return o.write(ctx, s, tool, out)
}

// tool returns the named tool, or the one whose files the paths hold.
func (o *toolOptions) tool(paths []string) (importers.Tool, error) {
	if o.Tool != "" {
		return importers.Find(o.Tool)
	}
	tool, err := importers.DetectAll(paths)
	if err != nil {
		return tool, err
	}
	for _, name := range o.Given {
		if _, special := importers.Flags()[name]; special && !slices.Contains(tool.Uses, name) {
			return tool, fmt.Errorf("--%s: %s has no such choice", name, tool.Name)
		}
	}
	return tool, nil
}

// complete fills in the importer's options from the flags.
func (o *toolOptions) complete(t importers.Tool, paths []string) (err error) {
	if o.Text != "" { // each tool has a default of its own
		if o.Options.Text, err = prompttext.ParseMode(o.Text, false); err != nil {
			return fmt.Errorf("--text: %w", err)
		}
	}
	o.Options.Turns = importers.Turns(o.Turns)
	o.Collect = datasets.CollectOptions{Repeat: datasets.Repeat(o.Repeat), FailWrong: o.Errors == "wrong", SkipBad: o.Collect.SkipBad, KeepPrompt: true}
	for _, f := range [][2]string{{"errors", o.Errors}, {"repeat", o.Repeat}, {"turns", o.Turns}} {
		if words := toolWords[f[0]]; f[1] != "" && !slices.Contains(words, f[1]) {
			return fmt.Errorf("--%s: found %q, expected %s", f[0], f[1], strings.Join(words, " or "))
		}
	}
	if o.Name == "" {
		o.Name = harness.NameOf(paths[0])
	}
	return nil
}

// meta returns what the data set's file says of the data.
func (o *toolOptions) meta(t importers.Tool) (datasets.Meta, error) {
	m := t.Meta()
	m.Name, m.Title, m.Licence = o.Name, o.Name, o.Licence
	if o.Source != "" {
		m.Source = o.Source
	}
	if o.Range != "" {
		var err error
		if m.Min, m.Max, err = cmdutil.ParseRange(o.Range); err != nil {
			return m, err
		}
	}
	pair, err := cmdutil.ParsePair(o.Pair)
	m.Strong, m.Weak = pair.Strong, pair.Weak
	return m, err
}
