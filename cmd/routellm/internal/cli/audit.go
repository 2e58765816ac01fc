package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
)

// auditOptions are the flags of audit.
type auditOptions struct {
	encoderOptions
	llmOptions
	Routers []string
	Answers []string
	Pair    string
	Cosine  float64
	Rows    int
	Format  string
	Strict  bool
}

// newOfAudit returns the command audit.
func newOfAudit(s streams) *cobra.Command { return newCmdAudit(s, runAudit) }

func newCmdAudit(s streams, run func(context.Context, streams, []string, auditOptions) error) *cobra.Command {
	var o auditOptions
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
			return exactArgs("FILE|BENCH...")(c, args)
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
	o.encoderOptions.add(c)
	o.llmOptions.add(c)
	c.ValidArgsFunction = completeData(append(benchmarks.Names(), benchmarks.TrainingNames()...)...)
	return c
}

func (o auditOptions) check(names []string) error {
	if err := checkFormat(o.Format, "table", "json", "csv", "markdown"); err != nil {
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
	return o.encoderOptions.check()
}

func runAudit(ctx context.Context, s streams, names []string, o auditOptions) error {
	if err := o.check(names); err != nil {
		return err
	}
	pair, err := parsePair(o.Pair)
	if err != nil {
		return err
	}
	options, err := o.llmOptions.routers(s, true)
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
		Feedback: s.feedback(), Encoder: o.encoder(), Routers: routers, Answers: o.Answers, Pair: pair, Cosine: o.Cosine, Rows: o.Rows,
	})
	if err != nil {
		return err
	}
	if err := writeAudit(s.out, doc, o.Format); err != nil {
		return fault.Wrap(err)
	}
	if n := doc.Count("error"); o.Strict && n > 0 {
		return fault.Wrap(fmt.Errorf("audit: %d findings are errors", n))
	}
	return nil
}
