// Package gatecmd implements the gate command, which checks results against a policy in
// continuous integration.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package gatecmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/gate"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/version"
	"github.com/routellm/routellm/results"
)

// options holds gate's flags.
type options struct {
	cmdutil.ProjectFlags
	Policy, Baseline string // paths
	JUnit, Summary   string // paths to write to, "" for none
	Annotations      string // "github" or "" for none
	Today            string // 2026-12-31, "" for the current day
	Format           string
	Resamples        int
	Confidence       float64
	Seed             uint64
}

// New returns the gate command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, string, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "gate --policy FILE RESULTS",
		Short: "Check results against a policy, for CI: exit 0, 1 or 3",
		Long: `Check a results.json that 'eval -o' wrote, or that of a folder, against the rules of a policy. Rules
about a difference also need an older results.json, the baseline. A policy is
YAML:

  rules:
    - mmlu.mf.apgr.lo >= 0.58
    - name: no router got worse
      check: delta.apgr.lo > -0.02
  waivers:
    - rule: no router got worse
      on: gsm8k.mf
      until: 2026-12-31
      reason: trained on other data, to be measured again

A rule is PATH OPERATOR NUMBER. PATH is BENCHMARK.ROUTER.METRIC as in
results.json, followed by .value (the default), .lo or .hi. * stands for every
benchmark, or for every router with a curve. The prefix delta. means the
result minus the baseline; without names, the rule covers every benchmark and
router that both have. The interval of a difference comes from a paired
bootstrap, which needs samples.parquet beside both results, or for results of
'eval --summary', whose BENCHMARK is summary, summaries.parquet.

A rule such as delta.apgr.hi >= 0 fails only on evidence that a router got worse.
If it covers several numbers, their intervals are widened until all of them hold
at once with --confidence, so that more routers do not mean more false alarms.
A rule such as delta.apgr.lo > -0.02 asks for evidence instead, for every
number, and needs no such correction. Neither corrects for gates that are run
again until they pass.

Results of 'eval --models' have the metrics lift, log_lift, area, cost_for.95 and
usd_per_1k: the cost of 1,000 prompts where the router chooses by predicted
quality alone, the last row of its table, or with .SETTING at a setting of a
router that makes decisions. Optimistic figures (aiq, qnc, peak_quality,
RouterArena's) are refused: they are chosen on the evaluated prompts.

The exit code is 0 if every check passes or is waived, 1 if a check fails, 3
if no check fails but one is inconclusive, and 2 for bad input. A rule about a
number that does not exist fails.`,
		Example: `  routellm eval --router mf,length --bench mt-bench -o old
  routellm eval --router mf,length --bench mt-bench -o new
  routellm gate --policy policy.yaml new --baseline old --junit gate.xml --summary gate.md`,
		Args: cmdutil.Hinted(cmdutil.ExactArgs("RESULTS"), "for example: routellm gate new --policy policy.yaml, after: routellm eval -o new"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.ApplyConfig(c, false); err != nil {
				return err
			}
			o.NoteConfig(s)
			return run(c.Context(), s, args[0], o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Policy, "policy", "", "YAML `FILE` with rules and waivers (required)")
	f.StringVar(&o.Baseline, "baseline", "", "older results.json `FILE`, or its folder, for rules with delta.")
	f.StringVar(&o.JUnit, "junit", "", "also write JUnit XML to `FILE`")
	f.StringVar(&o.Summary, "summary", "", "also write a Markdown summary to `FILE`")
	f.StringVar(&o.Annotations, "annotations", "", "also mark failed rules on stderr for a CI `SYSTEM`: github")
	f.StringVar(&o.Today, "today", "", "`DAY` on which waivers must be valid, such as 2026-12-31 (default today, UTC)")
	f.StringVar(&o.Format, "format", "table", "output `FORMAT`: table, json, csv or markdown")
	f.IntVar(&o.Resamples, "resamples", 2000, "number of paired bootstrap resamples; 0 computes no intervals of differences")
	o.Confidence = 0.95
	f.Var((*num.Fraction)(&o.Confidence), "confidence", "confidence of the intervals of differences")
	f.Uint64Var(&o.Seed, "seed", 1, "seed for drawing the resamples")
	o.AddConfig(c)
	c.ValidArgsFunction = cmdutil.FilesOf("json")
	return c
}

// check returns an error for flags that are missing or out of range.
func (o options) check() error {
	if o.Policy == "" {
		return hint.With(errors.New("--policy is required"), "for example --policy policy.yaml, with the line: - mmlu.mf.apgr.lo >= 0.58", "see 'routellm gate --help'")
	}
	if err := cmdutil.CheckFormat(o.Format, "table", "json", "csv", "markdown"); err != nil {
		return err
	}
	if o.Annotations != "" && o.Annotations != "github" {
		return fmt.Errorf("--annotations %q: want github", o.Annotations)
	}
	if _, err := time.Parse(time.DateOnly, o.Today); err != nil && o.Today != "" {
		return fmt.Errorf("--today %q: want a day such as 2026-12-31", o.Today)
	}
	if o.Resamples < 0 || o.Resamples > harness.MaxResamples {
		return fmt.Errorf("--resamples %d: want 0 to %s", o.Resamples, text.Thousands(harness.MaxResamples))
	}
	if !(o.Confidence > 0 && o.Confidence < 1) {
		return hint.With(fmt.Errorf("--confidence %v: want a number above 0 and below 1", o.Confidence), hint.Fraction(o.Confidence)...)
	}
	return nil
}

func run(ctx context.Context, s cmdutil.Streams, path string, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	doc := &results.Gate{SchemaVersion: results.SchemaVersion, Tool: results.Tool{Name: "routellm", Version: version.String()}}
	verdicts, err := o.judge(ctx, s, path, doc)
	if err != nil {
		return err
	}
	fillGate(doc, verdicts)
	doc.Settings = o.Settings()
	if err := o.writeReports(doc, verdicts); err != nil {
		return fault.Wrap(err)
	}
	if err := writeGate(s.Out, doc, o.Format); err != nil {
		return fault.Wrap(err)
	}
	if o.Annotations != "" {
		if err := gate.WriteAnnotations(s.Err, filepath.ToSlash(o.Policy), verdicts); err != nil {
			return fault.Wrap(err)
		}
	}
	return gateError(doc)
}

// judge reads the policy, the results and the baseline, records them in the document and
// returns the verdicts.
func (o options) judge(ctx context.Context, s cmdutil.Streams, path string, doc *results.Gate) ([]gate.Verdict, error) {
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
		for _, name := range e.Results.Without(e.Baseline) {
			fmt.Fprintf(s.Err, "note: %s is not in the baseline: rules about differences leave it out\n", name)
		}
		if o.Resamples > 0 {
			e.Paired = o.paired(ctx, path, e.Results)
		}
	} else if r := policy.FirstDelta(); r != "" {
		return nil, hint.With(fmt.Errorf("%q: rule %q needs a baseline", o.Policy, r), "--baseline FILE names an older results.json")
	}
	return policy.Judge(e), context.Cause(ctx)
}

// readResults reads a results.json and records it in input.
func readResults(path string, input *results.Input) (*gate.Document, error) {
	path, err := harness.FindResults(path)
	if err != nil {
		return nil, err
	}
	data, err := readInput(path, input)
	if err != nil {
		return nil, err
	}
	d, err := gate.ParseDocument(path, data)
	return d, harness.HintResults(path, err)
}

// readInput reads a file and records its path and digest in input.
func readInput(path string, input *results.Input) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, fault.Cause(err))
	}
	*input = results.Input{Path: path, SHA256: datasets.DigestBytes(data)}
	return data, nil
}

// writeReports writes the JUnit file and the summary if the flags name them.
func (o options) writeReports(doc *results.Gate, verdicts []gate.Verdict) error {
	var files []cmdutil.File
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
		files = append(files, cmdutil.File{Name: report.path, Data: b.Bytes()})
	}
	return cmdutil.WriteFiles("", files)
}

// gateError returns the error for the document's status, nil if the gate passes.
func gateError(doc *results.Gate) error {
	count := func(s gate.Status) string {
		return fmt.Sprintf("%d of %s", doc.Count(string(s)), text.Plural(len(doc.Verdicts), "check"))
	}
	switch gate.Status(doc.Status) {
	case gate.Fail:
		return fault.Wrap(fmt.Errorf("gate: %s failed", count(gate.Fail)))
	case gate.Inconclusive:
		n := doc.Count(string(gate.Inconclusive))
		return cmdutil.Inconclusive(fmt.Errorf("gate: %s %s inconclusive", count(gate.Inconclusive), text.Agree(n, "is", "are")))
	}
	return nil
}

// fillGate adds the verdicts and the overall status to the document.
func fillGate(g *results.Gate, all []gate.Verdict) {
	g.Status = string(gate.Overall(all))
	for _, v := range all {
		g.Verdicts = append(g.Verdicts, results.RuleVerdict{
			Rule: v.Rule.Name, Delta: v.Rule.Delta, Target: v.Target, Value: results.Value(v.Value), Op: v.Rule.Op, Bound: results.Value(v.Rule.Bound),
			Status: string(v.Status), Reason: v.Reason,
		})
	}
}
