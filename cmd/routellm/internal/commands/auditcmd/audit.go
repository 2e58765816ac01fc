// Package auditcmd is the command audit, which finds defects of outcomes and scores.
package auditcmd

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
)

// options are the flags of audit.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	Routers []string
	Answers []string
	Pair    string
	Cosine  float64
	Rows    int
	Format  string
	Strict  bool
}

// New returns the command audit.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, []string, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "audit FILE|BENCH...",
		Short: "Find defects of outcomes and scores, and what they do to the metrics",
		Long: `Find defects of data sets of outcomes (built-in names, Parquet) and of files of
scores or decisions: repeated and nearly repeated prompts, conflicting outcomes,
prompts in training data, labels that do not follow from the answers, answers that are
missing and marked right, qualities out of range, odd token counts and costs, scores
that hardly order anything. Each comes with its rows, counted from 1, and with what
strong, weak, gap and APGR are without them, or with corrected labels.

--router adds routers, whose APGR is shown before and after; their training prompts
are looked for too. --answers are files with answers to the data set's prompts, by
sample_id, prompt_sha256, prompt or question: the models' in columns "answer:MODEL" or
"MODEL_response", right ones in "reference" or "answer". Labels are compared with what
follows from the final number of an answer: for questions whose answer is a number.

Findings do not change the exit code, unless --strict: then an error among them is a
failure.`,
		Example: `  routellm audit mmlu gsm8k mt-bench
  routellm audit gsm8k --router mf --format json
  routellm audit gsm8k --answers ../shared/data/routellm/gsm8k/gsm8k_responses.csv --answers ../shared/data/routellm/gsm8k/test.jsonl
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
	f.StringArrayVarP(&o.Routers, "router", "r", nil, "routers whose APGR to show and whose training prompts to look for")
	f.StringArrayVar(&o.Answers, "answers", nil, "`FILE` of answers to the data set's prompts; repeatable")
	f.StringVar(&o.Pair, "pair", "", "models `STRONG,WEAK` instead of the data set's own")
	f.Float64Var(&o.Cosine, "cosine", 0.95, "cosine from which prompts are near copies; 0 looks for none")
	f.IntVar(&o.Rows, "rows", 3, "how many rows of a finding to list; 0 for all")
	f.StringVar(&o.Format, "format", "table", "table, json, csv or markdown")
	f.BoolVar(&o.Strict, "strict", false, "fail if there is a finding of severity error")
	o.EncoderFlags.Add(c)
	o.LLMFlags.Add(c)
	c.ValidArgsFunction = cmdutil.CompleteData(append(benchmarks.Names(), benchmarks.TrainingNames()...)...)
	return c
}

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
		return errors.New("--answers belong to one data set: name it alone")
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("%q is named twice", name)
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
	doc, err := harness.Audit(ctx, names, harness.AuditOptions{
		Feedback: s.Feedback(), Encoder: o.Options(), Routers: routers, Answers: o.Answers, Pair: pair, Cosine: o.Cosine, Rows: o.Rows,
	})
	if err != nil {
		return err
	}
	if err := writeAudit(s.Out, doc, o.Format); err != nil {
		return fault.Wrap(err)
	}
	if n := doc.Count("error"); o.Strict && n > 0 {
		return fault.Wrap(fmt.Errorf("audit: %d findings are errors", n))
	}
	return nil
}
