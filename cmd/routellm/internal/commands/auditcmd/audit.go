// Package auditcmd implements the audit command, which finds defects in data sets of
// outcomes and in files of scores or decisions.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package auditcmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/text"
)

// options holds audit's flags.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	cmdutil.ColumnFlags
	Routers []string
	Answers []string
	Pair    string
	Cosine  float64
	Rows    int
	Format  string
	Strict  bool
}

// New returns the audit command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, []string, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "audit FILE|BENCH...",
		Short: "Find defects in outcomes and scores, and their effect on metrics",
		Long: `Find defects in data sets of outcomes (built-in names or files) and in files of
scores or decisions: repeated prompts and near-duplicates,
conflicting outcomes, prompts that are in training data in the same or in
another format, labels that contradict the stored answers, missing answers
that are marked right, qualities out of range, implausible token counts and
costs, and scores that barely rank the samples.

Each finding lists its rows, counted from 1, and shows how the strong and the
weak model's quality, the gap between them and the oracle's APGR (average
performance gap recovered) change once the rows are left out or their labels
are corrected. --router adds the APGR of routers to these numbers and also
looks for the routers' training prompts.

It also shows the share of prompts that are unlike all that a router was
trained on: the routers of --router, or mf. Of prompts like those, about 5 %
are. If the share is far above that, expect little of the router on such
prompts, and let routellm fit make one from prompts of your own.

--answers names files with answers to the data set's prompts, matched by
sample_id, prompt_sha256, prompt or question. The models' answers are in
columns "answer:MODEL" or "MODEL_response", the right answers in "reference"
or "answer". Labels are checked against the final number of each answer, so
this only applies to questions whose answer is a number.

Findings do not change the exit code unless --strict is given: then a finding
of severity error makes it 1.`,
		Example: `  routellm audit mmlu gsm8k mt-bench
  routellm audit gsm8k --router mf --format json
  routellm audit gsm8k --answers gsm8k_responses.csv --answers test.jsonl
  routellm audit scores.csv route.csv --strict`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return nil
			}
			return cmdutil.ExactArgs("FILE|BENCH...")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args, o) },
	}
	f := c.Flags()
	f.StringArrayVarP(&o.Routers, "router", "r", nil, "`ROUTER` whose APGR to show and whose training prompts to look for; repeatable")
	f.StringArrayVar(&o.Answers, "answers", nil, "`FILE` with answers to the data set's prompts; repeatable")
	f.StringVar(&o.Pair, "pair", "", "models to use, `STRONG,WEAK`, instead of the data set's own pair")
	f.Float64Var(&o.Cosine, "cosine", 0.95, "cosine similarity from which prompts count as near-duplicates; 0 skips the search")
	f.IntVar(&o.Rows, "rows", 3, "number of rows to list per finding; 0 lists all")
	f.StringVar(&o.Format, "format", "table", "output `FORMAT`: table, json, csv or markdown")
	f.BoolVar(&o.Strict, "strict", false, "exit 1 if a finding has severity error")
	o.EncoderFlags.Add(c)
	o.LLMFlags.Add(c)
	o.AddLabels(c)
	o.ColumnFlags.Add(c)
	c.ValidArgsFunction = cmdutil.CompleteData(benchmarks.AllNames()...)
	return c
}

// check returns an error for flags that are out of range or do not fit together.
func (o options) check(names []string) error {
	if err := cmdutil.CheckFormat(o.Format, "table", "json", "csv", "markdown"); err != nil {
		return err
	}
	if !(o.Cosine >= 0 && o.Cosine <= 1) {
		return fmt.Errorf("--cosine %v: want a number from 0 to 1", o.Cosine)
	}
	if o.Rows < 0 {
		return fmt.Errorf("--rows %d: want 0 or more", o.Rows)
	}
	if len(o.Answers) > 0 && len(names) != 1 {
		return fmt.Errorf("--answers applies to one data set: want 1 argument, got %d", len(names))
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("%q is given twice: name each input once", name)
		}
	}
	return o.EncoderFlags.Check()
}

func run(ctx context.Context, s cmdutil.Streams, names []string, o options) error {
	if err := o.check(names); err != nil {
		return err
	}
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return err
	}
	options, err := o.LLMFlags.Registry(s, true)
	if err != nil {
		return err
	}
	var routers []harness.Router
	if len(o.Routers) > 0 {
		if routers, err = harness.Open(o.Routers, options); err != nil {
			return err
		}
	}
	reading, err := o.Reading()
	if err != nil {
		return err
	}
	defer o.Close()
	doc, err := harness.Audit(ctx, names, harness.AuditOptions{
		Feedback: s.Feedback(), Reading: reading, Encoder: o.Options(), Routers: routers, Answers: o.Answers, Pair: pair, Cosine: o.Cosine, Rows: o.Rows,
	})
	if err != nil {
		return err
	}
	if err := writeAudit(s.Out, doc, o.Format); err != nil {
		return fault.Wrap(err)
	}
	if n := doc.Count("error"); o.Strict && n > 0 {
		return fault.Wrap(fmt.Errorf("audit: found %s", text.Plural(n, "error")))
	}
	return nil
}
