// Package datasetscmd implements the datasets commands, which list, describe, import,
// compare and pull data sets.
//
// [New] returns the command with its subcommands. Each has a newCmd function, which parses
// the flags, and a run function, which does the work.
package datasetscmd

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// New returns the datasets command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "datasets",
		Short: "List, describe, import, compare and pull data sets",
		Long: `List, describe, import, compare and pull data sets.

A data set is a Parquet file with one row per sample and one column per model,
so pandas, DuckDB and Spark read it too. Three benchmarks are built in, and one
data set of four models with their costs.`,
		Example: `  routellm datasets list
  routellm datasets info mmlu`,
		Args: cmdutil.OnlyCommands,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	imports := &cobra.Command{
		Use:   "import",
		Short: "Convert other files into data sets",
		Long: `Convert other files into data sets: tables of your own, or the files of an
evaluation tool as it wrote them. eval and the other commands read all of these
directly. An import keeps the result, with the vector of each prompt, and
combines files.`,
		Example: `  routellm datasets import table outcomes.csv --pair big,small --out mine.parquet
  routellm datasets import auto logs/ --scorer match --out mine.parquet`,
		Args: cmdutil.OnlyCommands,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	imports.AddGroup(&cobra.Group{ID: tablesGroup, Title: "Tables of your own:"}, &cobra.Group{ID: toolsGroup, Title: "Files of a tool:"})
	imports.AddCommand(newCmdImportRouteLLM(s, runImportRouteLLM))
	addGroup(imports, tablesGroup, newCmdImportTable(s, runImportTable), newCmdImportGrades(s, runImportGrades), newCmdImportBattles(s, runImportBattles))
	addGroup(imports, toolsGroup, newCmdsImportTools(s, runImportTool)...)
	c.AddCommand(newCmdList(s, runList), newCmdInfo(s, runInfo), newCmdPull(s, runPull), newCmdOverlap(s, runOverlap), newCmdDigests(s, runDigests), imports)
	return c
}

// The groups of the commands below import.
const tablesGroup, toolsGroup = "tables", "tools"

// addGroup adds commands to a group of c.
func addGroup(c *cobra.Command, id string, commands ...*cobra.Command) {
	for _, sub := range commands {
		sub.GroupID = id
		c.AddCommand(sub)
	}
}

func newCmdList(s cmdutil.Streams, run func(cmdutil.Streams, string) error) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the built-in data sets",
		Example: "  routellm datasets list",
		Args:    cmdutil.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return run(s, format) },
	}
	c.Flags().StringVar(&format, "format", "table", "output `FORMAT`: table, csv, markdown or json")
	return c
}

func runList(s cmdutil.Streams, format string) error {
	if err := cmdutil.CheckFormat(format, "table", "csv", "markdown", "json"); err != nil {
		return err
	}
	t := &table.Table{Header: []string{"name", "rows", "models", "text", "quality", "licence"}, Left: []int{4, 5}}
	var infos []results.DatasetInfo
	for _, name := range benchmarks.AllNames() {
		info, err := describe(context.Background(), name, harness.Reading{}, harness.Feedback{})
		if err != nil {
			return fault.Wrap(err)
		}
		infos = append(infos, info)
		pulled := "no"
		if info.Text {
			pulled = "pulled"
		}
		t.Add(info.Name, text.Thousands(info.Rows), strconv.Itoa(len(info.Models)), pulled, info.Unit, info.Licence)
	}
	if format == "json" {
		return results.WriteInfos(s.Out, infos)
	}
	return render.Table(s.Out, t, format)
}

// infoOptions holds the flags of info.
type infoOptions struct {
	cmdutil.ColumnFlags
	Format string
}

func newCmdInfo(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, string, infoOptions) error) *cobra.Command {
	var o infoOptions
	c := &cobra.Command{
		Use:        "info NAME|FILE",
		SuggestFor: []string{"show", "describe", "head"},
		Short:      "Describe a data set: rows, models, source, licence, digest",
		Example: `  routellm datasets info mt-bench
  routellm datasets info gsm8k --format json`,
		Args: cmdutil.ExactArgs("NAME|FILE"),
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args[0], o) },
	}
	c.Flags().StringVar(&o.Format, "format", "table", "output `FORMAT`: table or json")
	o.ColumnFlags.Add(c)
	_ = c.RegisterFlagCompletionFunc("format", cmdutil.Words("table", "json"))
	c.ValidArgsFunction = cmdutil.CompleteData(benchmarks.AllNames()...)
	return c
}

func runInfo(ctx context.Context, s cmdutil.Streams, name string, o infoOptions) error {
	if err := cmdutil.CheckFormat(o.Format, "table", "json"); err != nil {
		return err
	}
	reading, err := o.Reading()
	if err != nil {
		return err
	}
	defer o.Close()
	info, err := describe(ctx, name, reading, s.Feedback())
	if err != nil {
		return err
	}
	if o.Format == "json" {
		return results.WriteInfo(s.Out, info)
	}
	return writeInfo(s.Out, info)
}

// describe reads a data set, with all its qualities, and summarises it.
func describe(ctx context.Context, name string, r harness.Reading, f harness.Feedback) (results.DatasetInfo, error) {
	file, input, err := harness.OpenData(ctx, name, r, f)
	if err != nil {
		return results.DatasetInfo{}, err
	}
	defer file.Close()
	t, err := file.Read(datasets.Select{AllModels: true})
	if err != nil {
		return results.DatasetInfo{}, err
	}
	meta := file.Meta()
	info := results.DatasetInfo{
		Name: harness.ShortName(file), Title: meta.Title, Rows: t.Rows(), Unit: meta.Unit, Pair: results.Pair{Strong: meta.Strong, Weak: meta.Weak},
		Source: meta.Source, Licence: meta.Licence, SHA256: input.SHA256, Text: file.HasColumn("prompt") || harness.HasText(name),
		Columns: file.Columns(), Models: []results.ModelInfo{},
	}
	for i := range t.Rows() {
		if t.Contaminated != nil && t.Contaminated[i] {
			info.Contaminated++
		}
	}
	for _, c := range t.Quality {
		info.Models = append(info.Models, modelInfo(c, t.Contaminated))
	}
	return info, nil
}

// modelInfo returns the number and the mean of the qualities that an evaluation uses: those
// that are measured and not contaminated.
func modelInfo(c datasets.Column, contaminated []bool) results.ModelInfo {
	n, total := 0, 0.0
	for i, q := range c.Values {
		if q == q && (contaminated == nil || !contaminated[i]) {
			n++
			total += q
		}
	}
	return results.ModelInfo{Name: c.Name, Measured: n, Mean: results.Value(total / float64(n))}
}

// writeInfo writes the description as text, then a table of the models. Empty fields are
// omitted.
func writeInfo(w io.Writer, info results.DatasetInfo) error {
	for _, line := range [][2]string{
		{"name", info.Name}, {"title", info.Title}, {"rows", text.Thousands(info.Rows)},
		{"left out", text.Thousands(info.Contaminated) + " contaminated"}, {"quality", info.Unit},
		{"strong", info.Pair.Strong}, {"weak", info.Pair.Weak}, {"text", yesNo(info.Text)},
		{"licence", info.Licence}, {"source", info.Source}, {"sha256", info.SHA256},
	} {
		if line[1] != "" {
			fmt.Fprintf(w, "%-9s %s\n", line[0], line[1])
		}
	}
	if len(info.Models) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	t := &table.Table{Header: []string{"model", "measured", "mean quality"}}
	for _, m := range info.Models {
		t.Add(m.Name, text.Thousands(m.Measured), fmt.Sprintf("%.6f", float64(m.Mean)))
	}
	return t.Text(w)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
