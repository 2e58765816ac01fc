// Package logcmd implements the log command, which converts decision logs of serve into a
// table of scores.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package logcmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// options holds log's arguments and flags.
type options struct {
	Files  []string
	Router string // "" if the logs have one router only
	By     string // "request" or "prompt"
	Out    string
}

// New returns the log command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "log FILE... --out FILE",
		Short: "Convert decision logs of serve into a table of scores",
		Long: `Convert decision logs of serve, including rotated ones, into a Parquet file:
the score, the decision and its probability, and the outcome of each request.

With --by request, the default, the file has one row per request, with the
request's id in sample_id; calibrate --check shows the share of strong calls
on it. With --by prompt, it has one row per prompt, for the prompt's first
request, and no sample_id: eval matches the prompts with those of a data set
and reads the file as scores:FILE or decisions:FILE. audit finds defects in
both forms.

Requests without a score (because they had no text or the router failed) are
left out and counted.`,
		Example: `  routellm log decisions.jsonl --out traffic.parquet
  routellm calibrate --router length --strong-fraction 0.5 --check traffic.parquet`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return hint.With(errors.New("no log given: want at least one file that serve --log wrote"), "see 'routellm log --help'")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			o.Files = args
			return run(c.Context(), s, o)
		},
	}
	f := c.Flags()
	f.StringVarP(&o.Router, "router", "r", "", "`ROUTER` whose decisions to take (default the only one in the logs)")
	f.StringVar(&o.By, "by", "request", "write one row per request or per prompt: request or prompt")
	f.StringVarP(&o.Out, "out", "o", "", "Parquet `FILE` to write (required)")
	return c
}

// check returns an error for flags that are missing or not valid.
func (o options) check() error {
	if o.Out == "" {
		return hint.With(errors.New("--out is required"), "for example --out traffic.parquet")
	}
	if filepath.Ext(o.Out) != ".parquet" { // scores:FILE recognises Parquet by the extension
		return fmt.Errorf("--out %q: want a name that ends in .parquet", o.Out)
	}
	if o.By != "request" && o.By != "prompt" {
		return fmt.Errorf("--by %q: want request or prompt", o.By)
	}
	return nil
}

func run(_ context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	l := logRows{options: o, seen: map[string]string{}}
	for _, path := range o.Files {
		torn, err := decisionlog.Read(path, func(r decisionlog.Record) error { return l.add(path, r) })
		if err != nil {
			return err
		}
		if torn {
			fmt.Fprintf(s.Err, "warning: %q ends with an incomplete line, which is left out\n", path)
		}
	}
	if len(l.rows) == 0 {
		return errors.New("no request with a score in the logs")
	}
	var b bytes.Buffer
	if err := datasets.WriteColumns(&b, l.columns(), datasets.ScoreMeta{Router: l.router}.Pairs()); err != nil {
		return fault.Wrap(err)
	}
	if err := cmdutil.WriteFile(o.Out, b.Bytes()); err != nil {
		return fault.Wrap(err)
	}
	if l.without > 0 {
		fmt.Fprintf(s.Err, "note: left out %s without a score\n", text.Plural(l.without, "request"))
	}
	_, err := fmt.Fprintf(s.Out, "%s: %s\n", o.Out, text.Plural(len(l.rows), "row"))
	return err
}

// logRows collects the records that become rows of the table.
type logRows struct {
	options options
	router  string
	seen    map[string]string // file by request id and, with one row per prompt, by prompt digest
	rows    []decisionlog.Record
	without int // number of requests without a score
}

// add adds a record from the log at path, or skips it. It returns an error if the request's
// id occurs twice or the router is not the one of the other rows.
func (l *logRows) add(path string, r decisionlog.Record) error {
	if other, ok := l.seen[r.ID]; ok {
		return fmt.Errorf("request %q is also in %q: give each log once", r.ID, other)
	}
	l.seen[r.ID] = path
	switch {
	case l.options.Router != "" && r.Router != l.options.Router:
		return nil
	case l.router != "" && r.Router != l.router:
		return hint.With(fmt.Errorf("found the router %q, but earlier rows are from %q: their scores are not comparable", r.Router, l.router), "--router NAME selects one of them")
	}
	l.router = r.Router
	if !r.Score.Exists() || r.PromptSHA256 == "" {
		l.without++
		return nil
	}
	if l.options.By == "prompt" {
		if _, ok := l.seen[r.PromptSHA256]; ok {
			return nil
		}
		l.seen[r.PromptSHA256] = path
	}
	l.rows = append(l.rows, r)
	return nil
}

// columns returns the columns of the table in the order of the file.
func (l *logRows) columns() []datasets.AnyColumn {
	var out []datasets.AnyColumn
	text := func(name string, of func(decisionlog.Record) string) {
		out = append(out, datasets.AnyColumn{Name: name, Strings: each(l.rows, of)})
	}
	number := func(name string, of func(decisionlog.Record) float64) {
		out = append(out, datasets.AnyColumn{Name: name, Floats: each(l.rows, of)})
	}
	if l.options.By == "request" {
		text("sample_id", func(r decisionlog.Record) string { return r.ID })
	}
	text("prompt_sha256", func(r decisionlog.Record) string { return r.PromptSHA256 })
	number("score", func(r decisionlog.Record) float64 { return float64(r.Score) })
	text("decision", func(r decisionlog.Record) string { return string(r.Side) })
	number("propensity", func(r decisionlog.Record) float64 { return r.Propensity })
	out = append(out, datasets.AnyColumn{Name: "explored", Bools: each(l.rows, func(r decisionlog.Record) bool { return r.Explored })})
	number("threshold", func(r decisionlog.Record) float64 { return float64(r.Threshold.Score) })
	text("always", func(r decisionlog.Record) string { return string(r.Always) })
	number("feature:chars", func(r decisionlog.Record) float64 { return float64(r.Chars) })
	number("time", func(r decisionlog.Record) float64 { return float64(r.Time.UnixMicro()) / 1e6 })
	text("answered", func(r decisionlog.Record) string { return string(r.Answered) })
	text("model", func(r decisionlog.Record) string { return r.AnsweredModel }) // as in tables of version 1
	number("status", func(r decisionlog.Record) float64 { return float64(r.Status) })
	text("error", func(r decisionlog.Record) string { return r.Error })
	number("latency_s", func(r decisionlog.Record) float64 { return r.LatencyS })
	number("first_byte_s", func(r decisionlog.Record) float64 { return r.FirstByteS })
	number("input_tokens", func(r decisionlog.Record) float64 { return orNaN(r.InputTokens) })
	number("output_tokens", func(r decisionlog.Record) float64 { return orNaN(r.OutputTokens) })
	return out
}

// each returns a column: one value per record.
func each[T any](rows []decisionlog.Record, of func(decisionlog.Record) T) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = of(r)
	}
	return out
}

// orNaN returns the number that x points to, NaN if x is nil.
func orNaN[T int | float64](x *T) float64 {
	if x == nil {
		return math.NaN()
	}
	return float64(*x)
}
