// Package gatecmd is the command gate, which holds results against a policy.
package gatecmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/gate"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/version"
	"github.com/routellm/routellm/results"
)

// options are the flags of gate.
type options struct {
	Policy, Baseline string
	JUnit, Summary   string
	Today            string
	Format           string
	Resamples        int
	Confidence       float64
	Seed             uint64
}

// New returns the command gate.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, string, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "gate --policy FILE RESULTS",
		Short: "Hold results against a policy, for CI: exit 0, 1 or 3",
		Long: `Hold the results.json that 'eval -o' wrote against the rules of a policy, and against
an older one where a rule is about a difference. A policy is YAML:

  rules:
    - mmlu.mf.apgr.lo >= 0.58
    - name: no router got worse
      check: delta.apgr.lo > -0.02
  waivers:
    - rule: no router got worse
      on: gsm8k.mf
      until: 2026-12-31
      reason: trained on other data, to be measured again

A rule is PATH OPERATOR NUMBER. PATH is BENCHMARK.ROUTER.METRIC as in the document,
with .value (default), .lo or .hi; * stands for every benchmark, or every router with a
curve. delta. is the result minus the baseline; without names it is about every benchmark
and router that both have. A difference's interval is a paired bootstrap of the
samples.parquet beside both results.

The exit code is 0 where all rules pass or are waived, 1 where one does not, 3 where none
fails but one cannot be told, 2 for bad input. What is not there fails.`,
		Example: `  routellm eval --router mf,length --bench mt-bench -o old
  routellm eval --router mf,length --bench mt-bench -o new
  routellm gate --policy policy.yaml new/results.json --baseline old/results.json --junit gate.xml --summary gate.md`,
		Args: cmdutil.ExactArgs("RESULTS"),
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args[0], o) },
	}
	f := c.Flags()
	f.StringVar(&o.Policy, "policy", "", "YAML `FILE` of rules and waivers (required)")
	f.StringVar(&o.Baseline, "baseline", "", "older results.json `FILE` that rules with delta. compare with")
	f.StringVar(&o.JUnit, "junit", "", "also write JUnit XML to `FILE`")
	f.StringVar(&o.Summary, "summary", "", "also write a Markdown summary to `FILE`")
	f.StringVar(&o.Today, "today", "", "`DAY` that waivers are valid against, as in 2026-12-31 (default today, UTC)")
	f.StringVar(&o.Format, "format", "table", "table, json, csv or markdown")
	f.IntVar(&o.Resamples, "resamples", 2000, "resamples of the paired bootstrap; 0 for no intervals of differences")
	f.Float64Var(&o.Confidence, "confidence", 0.95, "confidence of these intervals")
	f.Uint64Var(&o.Seed, "seed", 1, "seed of the paired bootstrap")
	c.ValidArgsFunction = cmdutil.FilesOf("json")
	return c
}

func (o options) check() error {
	if o.Policy == "" {
		return hint.With(errors.New("--policy is missing"), "see 'routellm gate --help'")
	}
	if err := cmdutil.CheckFormat(o.Format, "table", "json", "csv", "markdown"); err != nil {
		return err
	}
	if _, err := time.Parse(time.DateOnly, o.Today); err != nil && o.Today != "" {
		return fmt.Errorf("--today %q: want a day, as in 2026-12-31", o.Today)
	}
	if o.Resamples < 0 || o.Resamples > harness.MaxResamples {
		return fmt.Errorf("--resamples %d: want 0 to %s", o.Resamples, text.Thousands(harness.MaxResamples))
	}
	if !(o.Confidence > 0 && o.Confidence < 1) {
		return fmt.Errorf("--confidence %v: want a number between 0 and 1", o.Confidence)
	}
	return nil
}

func run(ctx context.Context, s cmdutil.Streams, path string, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	doc := &results.Gate{SchemaVersion: results.SchemaVersion, Tool: results.Tool{Name: "routellm", Version: version.String()}}
	verdicts, err := o.judge(ctx, path, doc)
	if err != nil {
		return err
	}
	fillGate(doc, verdicts)
	if err := o.writeReports(doc, verdicts); err != nil {
		return fault.Wrap(err)
	}
	if err := writeGate(s.Out, doc, o.Format); err != nil {
		return fault.Wrap(err)
	}
	return gateError(doc)
}

// judge reads policy and results.
func (o options) judge(ctx context.Context, path string, doc *results.Gate) ([]gate.Verdict, error) {
	data, err := readInput(o.Policy, &doc.Policy)
	if err != nil {
		return nil, err
	}
	policy, err := gate.ParsePolicy(o.Policy, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	e := gate.Evidence{Today: o.Today}
	if o.Today == "" {
		e.Today = time.Now().UTC().Format(time.DateOnly)
	}
	if e.Results, err = readResults(path, &doc.Results); err != nil {
		return nil, err
	}
	if o.Baseline != "" {
		doc.Baseline = &results.Input{}
		if e.Baseline, err = readResults(o.Baseline, doc.Baseline); err != nil {
			return nil, err
		}
		if o.Resamples > 0 {
			e.Paired = o.paired(ctx, path)
		}
	} else if r := policy.FirstDelta(); r != "" {
		return nil, hint.With(fmt.Errorf("%q: rule %q needs a baseline", o.Policy, r), "--baseline FILE, an older results.json")
	}
	return policy.Judge(e), context.Cause(ctx)
}

func readResults(path string, input *results.Input) (*gate.Document, error) {
	data, err := readInput(path, input)
	if err != nil {
		return nil, err
	}
	return gate.ParseDocument(path, data)
}

// readInput reads a file and records it.
func readInput(path string, input *results.Input) ([]byte, error) {
	data, err := os.ReadFile(path)
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	*input = results.Input{Path: path, SHA256: datasets.DigestBytes(data)}
	return data, nil
}

// writeReports writes the files that the flags ask for.
func (o options) writeReports(doc *results.Gate, verdicts []gate.Verdict) error {
	for _, report := range []struct {
		path  string
		write func(*bytes.Buffer) error
	}{
		{o.JUnit, func(b *bytes.Buffer) error { return gate.WriteJUnit(b, verdicts) }},
		{o.Summary, func(b *bytes.Buffer) error { return writeGate(b, doc, "markdown") }},
	} {
		if report.path == "" {
			continue
		}
		var b bytes.Buffer
		if err := report.write(&b); err != nil {
			return err
		}
		if err := cmdutil.WriteFile(report.path, b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// gateError turns the outcome into an exit code.
func gateError(doc *results.Gate) error {
	count := func(s gate.Status) string {
		return fmt.Sprintf("%d of %d checks", doc.Count(string(s)), len(doc.Verdicts))
	}
	switch gate.Status(doc.Status) {
	case gate.Fail:
		return fault.Wrap(fmt.Errorf("gate: %s failed", count(gate.Fail)))
	case gate.Inconclusive:
		return cmdutil.Inconclusive(fmt.Errorf("gate: %s are inconclusive", count(gate.Inconclusive)))
	}
	return nil
}

// fillGate adds the verdicts, and the status of all of them, to the document.
func fillGate(g *results.Gate, all []gate.Verdict) {
	g.Status = string(gate.Overall(all))
	for _, v := range all {
		g.Verdicts = append(g.Verdicts, results.Verdict{
			Rule: v.Rule.Name, Delta: v.Rule.Delta, Target: v.Target, Value: results.Value(v.Value), Op: v.Rule.Op, Bound: results.Value(v.Rule.Bound),
			Status: string(v.Status), Reason: v.Reason,
		})
	}
}

// paired returns what makes intervals of differences between the results and the
// baseline. The samples beside both are read when the first is asked for.
func (o options) paired(ctx context.Context, path string) func(benchmark, router, metric string) (lo, hi float64, err error) {
	var now, old *harness.ScoreSet
	var unread error
	return func(benchmark, router, metric string) (float64, float64, error) {
		if now == nil && unread == nil {
			if now, unread = harness.ReadScoreSet(path, ""); unread == nil {
				old, unread = harness.ReadScoreSet(o.Baseline, "")
			}
		}
		if unread != nil {
			return 0, 0, unread
		}
		stopped := func(int, int) error { return context.Cause(ctx) }
		boot := eval.Bootstrap{Resamples: o.Resamples, Confidence: o.Confidence, Seed: o.Seed, Progress: stopped}
		return harness.DifferenceInterval(now, old, benchmark, router, metric, boot)
	}
}
