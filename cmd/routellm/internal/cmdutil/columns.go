package cmdutil

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/importers"
	"github.com/routellm/routellm/harness"
)

// ColumnFlags are the flags that say how a data set in another format than the program's own is
// read: what its columns mean, and which of an evaluation tool's grades counts. Commands embed
// them.
type ColumnFlags struct {
	id, prompt, task, cluster, weight          string
	models, costs, latencies, inputs, outputs  []string // each [NAME=]COLUMN
	cached, reasoning                          []string // likewise
	aliases                                    []string // each OLD=NEW
	fromRest                                   bool
	nested, model, quality                     string
	repeat, qualityRange, errors, text, rowsAt string
	lower, skipBad                             bool
	null, values                               []string
	delimiter, decimal, sheet                  string
	metric, filter, scorer, score              string // what to read of tools, like the next line
	promptLabel, split, turns                  string
	outcomes                                   []string // each MODEL=FILE
	labels, gold                               string
	defined                                    *pflag.FlagSet
	files                                      *harness.Files
}

// ColumnsHeading is the heading of the flags in a command's help, which lists only their names.
const ColumnsHeading = "Columns of a file in another format"

// Add adds the flags to a command that reads data sets.
func (o *ColumnFlags) Add(c *cobra.Command) {
	AddFlagGroup(c, ColumnsHeading, func(f *pflag.FlagSet) {
		f.StringVar(&o.cluster, "cluster-column", "", clusterUsage)
		f.StringVar(&o.weight, "weight-column", "", weightUsage)
		f.StringVar(&o.quality, "quality-column", "", qualityUsage)
		o.define(f)
		for _, x := range []struct {
			name string
			to   *string
		}{
			{"metric", &o.metric}, {"filter", &o.filter}, {"scorer", &o.scorer}, {"score", &o.score},
			{"prompt-label", &o.promptLabel}, {"split", &o.split}, {"turns", &o.turns},
		} {
			f.StringVar(x.to, x.name, "", importers.Flags()[x.name])
		}
		f.StringArrayVar(&o.outcomes, "outcomes", nil, "`MODEL=FILE` with the outcomes of one model, joined with the others by id; repeatable")
	})
}

// promptFlags lists the flags that concern tables of prompts without qualities.
var promptFlags = []string{"id", "prompt", "task", "cluster-column", "weight-column", "text", "delimiter", "decimal", "sheet", "rows-at"}

// AddPrompts adds the flags that concern prompts to a command that reads no qualities. file names what
// it reads, in the heading of the flags.
func (o *ColumnFlags) AddPrompts(c *cobra.Command, file string) {
	all := &cobra.Command{}
	o.Add(all)
	AddFlagGroup(c, "Columns of "+file, func(f *pflag.FlagSet) {
		for _, name := range promptFlags {
			f.AddFlag(all.Flags().Lookup(name))
		}
		o.defined = f
	})
}

// AddImport adds the flags to a command that imports tables, whose own flags they are.
// Flags that the command has defined stay as they are.
func (o *ColumnFlags) AddImport(c *cobra.Command) {
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.StringVar(&o.cluster, "cluster", "", clusterUsage)
	f.StringVar(&o.weight, "weight", "", weightUsage)
	f.StringVar(&o.quality, "quality", "", qualityUsage)
	o.define(f)
	f.StringArrayVar(&o.outcomes, "outcomes", nil, "`MODEL=FILE` with the outcomes of one model, instead of FILE; joined with the others by id; repeatable")
	f.StringVar(&o.cluster, "cluster-column", "", clusterUsage)
	f.StringVar(&o.weight, "weight-column", "", weightUsage)
	f.StringVar(&o.quality, "quality-column", "", qualityUsage)
	f.StringVar(&o.quality, "grade", "", qualityUsage)
	for _, name := range []string{"cluster-column", "weight-column", "quality-column", "grade"} {
		f.Lookup(name).Hidden = true // other names for --cluster, --weight and --quality
	}
	f.SortFlags = false
	f.VisitAll(func(x *pflag.Flag) {
		if c.Flags().Lookup(x.Name) == nil {
			setGroup(x, columnSection(x.Name))
			c.Flags().AddFlag(x)
		}
	})
	o.defined = f
}

const (
	clusterUsage = "`COLUMN` with clusters, which group samples that are not independent"
	weightUsage  = "`COLUMN` with the weight of each prompt in every number, above 0 (default weight, if there is one)"
	qualityUsage = "`COLUMN` with the quality, with one row per prompt and model"
)

// define defines the flags that have the same name in every command.
func (o *ColumnFlags) define(f *pflag.FlagSet) {
	o.defined = f
	f.StringVar(&o.id, "id", "", "`COLUMN` with unique ids (default sample_id, id and the like, else the row number)")
	f.StringVar(&o.prompt, "prompt", "", "`COLUMN` with the prompts (default prompt, input, question and the like)")
	f.StringVar(&o.task, "task", "", "`COLUMN` with the task, the unit of --by task")
	f.StringArrayVar(&o.models, "model", nil, "`[NAME=]COLUMN` with a model's quality, or a pattern such as 'org/*'; repeatable")
	f.BoolVar(&o.fromRest, "models-from-rest", false, "take every other column of numbers for a model's quality")
	f.StringVar(&o.nested, "models-in", "", "`FIELD` with an object of qualities by model, in JSON")
	f.StringVar(&o.model, "model-column", "", "`COLUMN` with the model's name, with one row per prompt and model")
	f.StringArrayVar(&o.aliases, "alias", nil, "call a model of the file by another name, or by its name in --prices: `OLD=NEW`; repeatable")
	f.StringArrayVar(&o.costs, "cost", nil, "`[NAME=]COLUMN` with a model's cost in USD; repeatable")
	f.StringArrayVar(&o.latencies, "latency", nil, "`[NAME=]COLUMN` with a model's latency in seconds; repeatable")
	f.StringArrayVar(&o.inputs, "input-tokens", nil, "`[NAME=]COLUMN` with the tokens that a model read; repeatable")
	f.StringArrayVar(&o.outputs, "output-tokens", nil, "`[NAME=]COLUMN` with the tokens that a model wrote; repeatable")
	f.StringArrayVar(&o.cached, "cached-input-tokens", nil, "`[NAME=]COLUMN` with the input tokens that came from a cache; repeatable")
	f.StringArrayVar(&o.reasoning, "reasoning-tokens", nil, "`[NAME=]COLUMN` with the output tokens that a model spent on reasoning; repeatable")
	f.StringVar(&o.text, "text", "", "`TEXT` of a conversation that is the prompt: last, first, users, all or raw (default last)")
	f.StringVar(&o.qualityRange, "range", "", "lowest and highest quality, `MIN,MAX`; other values are left out and counted")
	f.BoolVar(&o.lower, "lower-is-better", false, "lower qualities are better, as of an error rate: MIN + MAX - quality is used")
	f.StringArrayVar(&o.null, "null", nil, "`TEXT` that means not measured, besides NA, null and the like; repeatable")
	f.StringSliceVar(&o.values, "values", nil, "qualities of words, `WORD=NUMBER`, such as correct=1,incorrect=0")
	f.StringVar(&o.errors, "errors", "missing", "what answers that failed `COUNT` as: missing (not measured) or wrong (0)")
	f.StringVar(&o.repeat, "repeat", "", "`RULE` for repeated answers of a model to a prompt: mean (default an error)")
	f.BoolVar(&o.skipBad, "skip-bad", false, "leave out bad rows and count them")
	f.StringVar(&o.delimiter, "delimiter", "", "`CHARACTER` between the cells of CSV, or tab (default detected)")
	f.StringVar(&o.decimal, "decimal", "", "decimal `MARK` of CSV: . or , (default detected)")
	f.StringVar(&o.sheet, "sheet", "", "`SHEET` of an Excel file (default the first)")
	f.StringVar(&o.rowsAt, "rows-at", "", "dotted `PATH` of the rows in a JSON document, such as results.results")
}

// published is another name for the data's own qualities.
const published = "published"

// AddLabels adds the flag --labels to a command that reads outcomes.
func (o *ColumnFlags) AddLabels(c *cobra.Command) {
	c.Flags().StringVar(&o.labels, "labels", datasets.Quality, "`LABELS` that are the qualities: those of the columns LABELS:MODEL")
}

// Labels returns the name of the labels that are the qualities.
func (o *ColumnFlags) Labels() string { return o.labels }

// LabelsFlag returns the flag, with a space before it, that makes a command read the labels of a name,
// "" if it reads them anyway.
func LabelsFlag(name string) string {
	if name == datasets.Quality {
		return ""
	}
	return " --labels " + ShellWord(name)
}

// AddGoldPart adds the flag --gold-part to a command with --labels that can correct them.
func (o *ColumnFlags) AddGoldPart(c *cobra.Command) {
	c.Flags().StringVar(&o.gold, "gold-part", "", "correct the labels by the `GOLD` ones that a random part of the samples has: the name of labels, such as quality, or a file")
}

// GoldPart returns the name of the gold labels, or their file; "" for none.
func (o *ColumnFlags) GoldPart() string { return o.gold }

// Reading returns how the flags say that data sets are read. Standard input is read from for the
// data set "-". Call Close when the command ends.
func (o *ColumnFlags) Reading() (harness.Reading, error) {
	m, err := o.Mapping()
	if err != nil {
		return harness.Reading{}, err
	}
	m.Rows.Stdin = Stdin("a table or lines of JSON")
	r := harness.Reading{Columns: m, Given: o.given(), Tool: importers.Options{
		Metric: o.metric, Filter: o.filter, Scorer: o.scorer, Score: o.score, Prompts: o.promptLabel, Split: o.split, Turns: importers.Turns(o.turns),
	}}
	if err := CheckWord("turns", o.turns, "", "mean", "split"); err != nil {
		return harness.Reading{}, err
	}
	if o.files == nil {
		o.files = harness.NewFiles()
	}
	r.Files, r.Labels = o.files, o.labels
	if o.labels == published {
		r.Labels = ""
	}
	r.Outcomes, err = o.Outcomes()
	return r, err
}

// Close removes what was made of the files that were read.
func (o *ColumnFlags) Close() {
	if o.files != nil {
		o.files.Close()
	}
}

// Outcomes returns the files of --outcomes.
func (o *ColumnFlags) Outcomes() ([]harness.ModelFile, error) {
	var out []harness.ModelFile
	for _, text := range o.outcomes {
		model, path, ok := strings.Cut(text, "=")
		if !ok || model == "" || path == "" {
			return nil, fmt.Errorf("--outcomes %q: want MODEL=FILE, such as gpt-4o=big.csv", text)
		}
		out = append(out, harness.ModelFile{Model: model, Path: path})
	}
	if len(out) == 1 {
		return nil, fmt.Errorf("--outcomes %q: want at least two files, one per model", o.outcomes[0])
	}
	return out, nil
}

// Joined returns names, or the data set that the files of --outcomes make together if they are
// given and names are not.
func (o *ColumnFlags) Joined(names []string, given bool) ([]string, error) {
	switch {
	case len(o.outcomes) == 0:
		return names, nil
	case given && !slices.Contains(names, harness.JoinedOutcomes):
		return nil, fmt.Errorf("--outcomes takes the place of the data set %q: give one of them", strings.Join(names, ","))
	}
	return []string{harness.JoinedOutcomes}, nil
}

// HasOutcomes reports whether --outcomes was given.
func (o *ColumnFlags) HasOutcomes() bool { return len(o.outcomes) > 0 }

// given lists the flags on the command line that change how columns are read.
func (o *ColumnFlags) given() []string {
	var names []string
	if o.defined == nil { // the zero value gives none
		return nil
	}
	o.defined.VisitAll(func(f *pflag.Flag) {
		if f.Changed && f.Name != "outcomes" && (f.Name != "alias" || len(o.aliases) > 0) {
			names = append(names, "--"+f.Name)
		}
	})
	return names
}
