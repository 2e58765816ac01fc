// Package scorecmd implements the score command, which writes a router's scores of a data
// set to a file.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package scorecmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// options holds score's flags.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	cmdutil.ColumnFlags
	Router, Data, Out string
	Compact           bool
	filterFlags
}

// New returns the score command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, io.Reader, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "score --router ROUTER",
		Short: "Write a router's score for every prompt of a data set, of files or of a stream",
		Long: `Write a router's score for every prompt: of a data set (--data), of Parquet
files (--in), or of a stream (--stream).

--data writes a Parquet file, so that a slow router runs only once: eval and
calibrate read the file as scores:FILE.

The columns are sample_id, prompt_sha256 (if the data set has it) and score. A
router that predicts several models has a column score:MODEL for each in place
of score and, if it predicts their costs, cost:MODEL.

If the router was trained on some of the prompts, the column training marks
them, and evaluations of the file leave them out. If some of the prompts are
unlike all that the router was trained on, the column unlike marks them. The
file has one row per row of the data set, contaminated samples included.

The metadata records the router as given, the digests of its model, of the
data set and of its prompts, and the encoder. The same router and data give
the same bytes. eval rejects the file if a sample's prompt has changed since
it was scored.

--in and --stream let tables of any size pass through, in constant memory:
every row and every column stays as it is, and the column score (or score:MODEL
and cost:MODEL) follows. --in takes Parquet files, folders and patterns, and
writes one file per file, of the same name, into the folder --out; of a single
file, --out may also be a name that ends in .parquet. --stream reads standard
input as an Arrow IPC stream or as one JSON object per line, and writes standard
output, or --out, in the same format.

A file appears once it is complete, and has the same bytes on every run. Input
that is cut off is an error, and so is a prompt that is null, empty or not
UTF-8; --on-error null leaves the score of such a row null, and counts them.
docs/filter.md shows how Spark, Ray, Dask and others run this.`,
		Example: `  routellm score --router mf --data mmlu --out mf.parquet
  routellm eval --router mf --router file=scores:mf.parquet --bench mmlu
  routellm score --router mf --in 'mine*.parquet' --out scored
  routellm score --router mf --stream ndjson < prompts.jsonl`,
		Args: cmdutil.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return run(c.Context(), s, s.FromTerminal(c.InOrStdin(), "a stream of rows, as --stream says"), o)
		},
	}
	f := c.Flags()
	f.StringVarP(&o.Router, "router", "r", "", "`ROUTER` that scores the prompts (required)")
	f.StringVar(&o.Data, "data", "", "data set to score: a benchmark's name or a `FILE` with prompts, or with the vectors or features that the router needs")
	f.StringVarP(&o.Out, "out", "o", "", "`FILE` or folder to write (--stream: default standard output)")
	f.BoolVar(&o.Compact, "compact", false, "write a file a tenth of the size: 32-bit scores, and one digest of all prompts instead of prompt_sha256")
	o.filterFlags.add(c)
	o.EncoderFlags.Add(c)
	o.LLMFlags.Add(c)
	o.ColumnFlags.Add(c)
	return c
}

// check returns an error for flags that are missing or not valid.
func (o options) check() error {
	if err := o.checkFilter(); err != nil || o.filters() {
		return err
	}
	if o.Router == "" || o.Data == "" || o.Out == "" {
		return hint.With(errors.New("--router, --data and --out are required"), "for example --router mf --data mmlu --out scores.parquet", "--in FILES or --stream FORMAT takes the place of --data")
	}
	if filepath.Ext(o.Out) != ".parquet" { // scores:FILE recognises Parquet by the extension
		return fmt.Errorf("--out %q: want a name that ends in .parquet", o.Out)
	}
	return o.EncoderFlags.Check()
}

func run(ctx context.Context, s cmdutil.Streams, in io.Reader, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	reading, err := o.Reading()
	if err != nil {
		return err
	}
	defer o.Close()
	options, err := o.LLMFlags.Registry(s, true)
	if err != nil {
		return err
	}
	r, err := harness.OpenOne(o.Router, options)
	if err != nil {
		return err
	}
	if o.filters() {
		return filterRows(ctx, s, in, o, r, reading)
	}
	d, err := harness.ScoreData(ctx, r, o.Data, harness.ScoreOptions{Feedback: s.Feedback(), Reading: reading, Encoder: o.Options()})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := datasets.WriteColumns(&b, d.Columns(o.Compact), d.Meta(o.Router)); err != nil {
		return fault.Wrap(err)
	}
	if err := cmdutil.WriteFile(o.Out, b.Bytes()); err != nil {
		return fault.Wrap(err)
	}
	_, err = fmt.Fprintf(s.Out, "%s: %s\n", o.Out, countOf(d))
	return err
}

// countOf says how many scores there are, and of how many models.
func countOf(d *harness.ScoredData) string {
	if d.Models == nil {
		return text.Plural(d.Rows(), "score")
	}
	return text.Plural(d.Rows(), "prediction") + " of " + text.Plural(len(d.Models), "model")
}
