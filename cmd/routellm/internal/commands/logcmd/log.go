// Package logcmd implements the log command, which converts decision logs of serve into a
// table of scores.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package logcmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/prices"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// options holds log's arguments and flags.
type options struct {
	Files  []string
	Router string // "" if the logs have one router only
	SHA256 string // digest of the router's model, or the digest's beginning; "" if the logs have one only
	By     string // "request" or "prompt"
	Prices string // file of prices, or ""
	// Graded is a file of graded answers, from which requests without feedback take their quality.
	Graded   string
	Promised string // file of an artifact to compare with, or ""
	Out      string
}

// New returns the log command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "log FILE|FOLDER... --out FILE",
		Short: "Convert decision logs of serve into a table of scores",
		Long: `Convert decision logs of serve into a Parquet file, and sum them up: requests,
tokens and costs of each side or model. The file has the score of each request,
or what was predicted of each of several models, the decision and its
probability, the outcome and the feedback. Rotated logs,
folders and quoted patterns such as 'log/*.jsonl' are read too; feedback may be
in another file than its request.

With --by request, the default, the file has one row per request, with the
request's id in sample_id. With --by prompt, it has one row per prompt, for the
prompt's first request, and no sample_id: eval matches the prompts with those
of a data set and reads the file as scores:FILE or decisions:FILE.

--graded takes the quality of requests without feedback from a file of graded
answers, such as the replies that a client kept: it finds them by their prompts.
--promised compares the requests that an artifact's threshold decided with what
calibrate or fit measured on held-out samples: the share of strong calls, the
quality and the dollars. It exits 1 if the log is worse by more than luck.

The file names the router that scored, with its model's digest. calibrate with
the same --router takes the scores from it (--data, --check, --drift). eval
--log estimates from it what other thresholds would have done, and audit finds
defects in it.

Requests without a score (because they had no text or the router failed) are
left out of the file and counted. The summary has all requests.`,
		Example: `  routellm log decisions.jsonl --out traffic.parquet
  routellm calibrate --router mf --strong-fraction 0.3 --check traffic.parquet`,
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
	f.StringVar(&o.SHA256, "router-sha256", "", "`DIGEST` of the router's model, or its beginning, if the logs have several models of that router")
	f.StringVar(&o.By, "by", "request", "write one row per `UNIT`: request or prompt")
	f.StringVar(&o.Prices, "prices", "", "`FILE` of prices, as for serve: compute costs with it, also what always strong would have cost")
	f.StringVar(&o.Graded, "graded", "", "`FILE` of graded answers to the requests' prompts: their quality, for requests without feedback")
	f.StringVar(&o.Promised, "promised", "", "compare with what the artifact `FILE` of calibrate or fit promised; exit 1 if the log is worse")
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

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	costs, err := o.prices(ctx)
	if err != nil {
		return err
	}
	w, err := o.writer(ctx)
	if err != nil {
		return err
	}
	logs, err := openLogs(o.Files)
	if err != nil {
		return err
	}
	defer logs.close()
	tell := logs.watch(s.Watch(ctx, "reading"))
	if w.said, err = logs.feedback(tell); err != nil {
		return err
	}
	sum := newSummary(costs)
	defer w.abort()
	torn, err := logs.records(func(path string, r *decisionlog.Record) error {
		if o.takes(r) {
			sum.add(r)
		}
		return w.add(path, r)
	}, tell)
	if err == nil {
		err = w.graded.check()
	}
	if err == nil {
		err = w.close()
	}
	if err != nil {
		return err
	}
	return o.report(s, w, sum, torn)
}

// writer returns a writer with the files that the flags name.
func (o options) writer(ctx context.Context) (w *writer, err error) {
	w = newWriter(o)
	if o.Graded != "" {
		if w.graded, err = readGraded(ctx, o.Graded); err != nil {
			return nil, fmt.Errorf("--graded: %w", err)
		}
	}
	if o.Promised != "" {
		w.promised, err = readPromised(o.Promised)
	}
	return w, err
}

// report writes what was read, and what was left out.
func (o options) report(s cmdutil.Streams, w *writer, sum *summary, torn []string) error {
	for _, path := range torn {
		fmt.Fprintln(s.Err, text.Wrap(fmt.Sprintf("warning: %q ends with an incomplete line, which is left out", path)))
	}
	for _, note := range slices.Concat(w.notes(), w.said.notes(), w.graded.notes(), sum.notes()) {
		fmt.Fprintln(s.Err, text.Wrap("note: "+note))
	}
	summary, err := sum.text()
	if err != nil {
		return fault.Wrap(err)
	}
	compared, verdict, err := w.promised.text()
	if err != nil {
		return err
	}
	if _, err = fmt.Fprintf(s.Out, "%s: %s\n\n%s%s", o.Out, text.Plural(w.rows, "row"), summary, compared); err != nil {
		return err
	}
	return verdict
}

// prices reads the file of prices, if one is given.
func (o options) prices(ctx context.Context) (prices.Table, error) {
	if o.Prices == "" {
		return nil, nil
	}
	table, err := prices.Read(ctx, o.Prices)
	if err != nil {
		return nil, fmt.Errorf("--prices: %w", err)
	}
	return table, nil
}

// takes reports whether a record is of the router that the flags choose.
func (o options) takes(r *decisionlog.Record) bool {
	return (o.Router == "" || r.Router == o.Router) && strings.HasPrefix(r.SHA256, o.SHA256)
}
