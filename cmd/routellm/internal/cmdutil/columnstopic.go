package cmdutil

import "github.com/spf13/cobra"

// columnsTopic is the name of the help topic about files in other formats.
const columnsTopic = "columns"

const columnsLong = `Every command that reads data (eval, compare, plan, audit, calibrate, train,
score, embed, report, datasets info and overlap) takes files as they are: CSV
with any delimiter, JSON arrays and JSON Lines, Parquet, Arrow and Excel, plain
or compressed with gzip or Zstandard. A folder, a quoted pattern such as
'part-*.csv', and - for standard input work too, and so do the logs of
evaluation tools (see 'routellm datasets import --help'). The content of a file
says what it is, not its name.

Columns are found by their usual names, and the first line on standard error
says which, as in

  reading outcomes.csv: id = id, prompt = question, models = gpt-4o, llama

The flags below say it instead. A column may be a dotted path into JSON, such as
doc.question or messages[-1].content. A wide table has one row per prompt and one
column per model (--model, --models-from-rest, --models-in). A long one has one
row per prompt and model (--model-column, --quality-column). Files with one model
each are joined: --outcomes gpt-4o=big.csv --outcomes llama=small.csv.

The strong model of a file is that of --pair or, in a data set that names one,
of its default pair. In a file with exactly two models, it is the one whose mean
quality is significantly higher.

In 'datasets import table', --cluster-column and --quality-column are called
--cluster and --quality.`

// ColumnsTopic returns the help topic about files in other formats, with the flags of
// [ColumnFlags].
func ColumnsTopic() *cobra.Command {
	c := &cobra.Command{
		Use: columnsTopic, Short: "Files in other formats: what their columns mean", Long: columnsLong,
		Example: `  routellm eval --bench outcomes.csv --prompt question --model gpt-4o=big --model llama=small --pair gpt-4o,llama
  routellm plan answers.jsonl --model-column model --quality-column score --pair gpt-4o,llama
  routellm plan --outcomes gpt-4o=big.csv --outcomes llama=small.csv --pair gpt-4o,llama`,
	}
	new(ColumnFlags).Add(c)
	return c
}
