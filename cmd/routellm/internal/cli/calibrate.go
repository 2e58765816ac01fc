package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers/registry"
)

// calibrateOptions are the flags of calibrate.
type calibrateOptions struct {
	encoderOptions
	llmOptions
	Router    string
	Fractions []float64
	Data      string
	Check     string
	Format    string
}

const calibrateLong = `Find the threshold for a wanted share of strong-model calls: the score that
exactly that share of the reference prompts reaches.

The share on further prompts differs by luck; its 95 %% interval is a Beta
distribution and assumes that they are like the reference prompts
(exchangeable). Equal scores can make a share unreachable: the table then shows
what the threshold really calls.

Reference prompts are %d Chatbot Arena prompts, built in, or --data: a benchmark's
name or a Parquet file with prompts or features. With --router scores:FILE the
scores of FILE are the reference. A Parquet file of scores is read as a stream,
whatever its size.`

// arenaPrompts is the number of built-in reference prompts.
const arenaPrompts = 9286

func newCmdCalibrate(s streams, run func(context.Context, streams, calibrateOptions) error) *cobra.Command {
	var o calibrateOptions
	c := &cobra.Command{
		Use:   "calibrate",
		Short: "Find the threshold for a wanted share of strong-model calls",
		Long:  fmt.Sprintf(calibrateLong, arenaPrompts),
		Example: `  routellm calibrate --router length --strong-fraction 0.5
  routellm calibrate --router length --strong-fraction 0.2,0.5 --check mmlu
  routellm calibrate --router length --strong-fraction 0.5 --data gsm8k --format json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return run(c.Context(), s, o) },
	}
	f := c.Flags()
	f.StringVarP(&o.Router, "router", "r", "", "router to calibrate (required)")
	f.Var((*numbers)(&o.Fractions), "strong-fraction", "wanted shares of strong calls, in [0,1] (required)")
	f.StringVar(&o.Data, "data", "", "reference prompts: a benchmark or Parquet `FILE` (default the Arena prompts)")
	f.StringVar(&o.Check, "check", "", "also show the share on other prompts: a benchmark or `FILE`")
	f.StringVar(&o.Format, "format", "table", "table, json, csv or markdown")
	o.encoderOptions.add(c)
	o.llmOptions.add(c)
	return c
}

func (o calibrateOptions) check() error {
	if o.Router == "" {
		return datasets.WithHint(errors.New("--router is missing"), "for example --router length")
	}
	if len(o.Fractions) == 0 {
		return datasets.WithHint(errors.New("--strong-fraction is missing"), "for example --strong-fraction 0.5")
	}
	for _, p := range o.Fractions {
		if !(p >= 0 && p <= 1) {
			return datasets.WithHint(fmt.Errorf("--strong-fraction %v: want a share in [0,1]", p), fractionHint(p)...)
		}
	}
	if err := o.encoderOptions.check(); err != nil {
		return err
	}
	return checkFormat(o.Format, "table", "json", "csv", "markdown")
}

// fractionHint helps those who write per cent.
func fractionHint(p float64) []string {
	if p > 1 && p <= 100 {
		return []string{fmt.Sprintf("%v %% is %v", p, p/100)}
	}
	return nil
}

func runCalibrate(ctx context.Context, s streams, o calibrateOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	options, err := o.llmOptions.routers(s, true)
	if err != nil {
		return err
	}
	n, err := openCalibrated(o.Router, options)
	if err != nil {
		return err
	}
	e := newEncoders(s, o.encoderOptions)
	reference, err := openScoreSource(ctx, s, e, n, o.Data, false)
	if err != nil {
		return err
	}
	thresholds, err := eval.Calibrate(reference.stream, o.Fractions)
	if err != nil {
		return fmt.Errorf("%s: %w", reference.name, err)
	}
	doc := &result.Calibration{
		SchemaVersion: result.SchemaVersion, Tool: result.Tool{Name: "routellm", Version: toolVersion()},
		Router: n.spec.Label, Reference: reference.input, Prompts: thresholds[0].N, Warnings: []string{},
	}
	for _, t := range thresholds {
		doc.Thresholds = append(doc.Thresholds, result.NewThreshold(t))
		if t.Tied() {
			doc.Warnings = append(doc.Warnings, fmt.Sprintf("%.4g %% falls among equal scores, %v; with all of them it is %.4g %%",
				100*t.Fraction, t.Threshold, 100*t.Observed()))
		}
	}
	if o.Check != "" {
		if err := checkThresholds(ctx, s, e, doc, n, thresholds, o.Check); err != nil {
			return err
		}
	}
	return writeCalibration(s.out, doc, o.Format)
}

// openCalibrated opens the one router of --router. A score file is left to
// fileSource, which does not hold it in memory.
func openCalibrated(value string, o registry.Options) (entrant, error) {
	specs, err := registry.ParseSpecs([]string{value})
	if err != nil {
		return entrant{}, err
	}
	if len(specs) != 1 {
		return entrant{}, fmt.Errorf("--router %q names %d routers, want one", value, len(specs))
	}
	n := entrant{spec: specs[0]}
	if !n.isScoreFile() {
		n.router, err = registry.Open(n.spec, o)
	}
	return n, err
}

// checkThresholds fills what each threshold does on other prompts.
func checkThresholds(ctx context.Context, s streams, e *encoders, doc *result.Calibration, n entrant, thresholds []eval.Threshold, data string) error {
	other, err := openScoreSource(ctx, s, e, n, data, true)
	if err != nil {
		return err
	}
	doc.Check = &other.input
	for i, t := range thresholds {
		share, count, err := eval.FractionAbove(other.stream, t.Threshold)
		if err != nil {
			return fmt.Errorf("%s: %w", other.name, err)
		}
		doc.Thresholds[i].Check = &result.Checked{Prompts: count, StrongFraction: result.Value(share)}
	}
	return nil
}

func writeCalibration(w io.Writer, doc *result.Calibration, format string) error {
	if format == "json" {
		return doc.Write(w)
	}
	t := calibrationTable(doc, format == "csv")
	switch format {
	case "csv":
		return t.CSV(w)
	case "markdown":
		if err := t.Markdown(w); err != nil {
			return err
		}
	default:
		fmt.Fprintf(w, "%s on %s reference prompts (%s)\n\n", doc.Router, thousands(int(doc.Prompts)), inputName(doc.Reference))
		if err := t.Text(w); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	for _, warning := range doc.Warnings {
		fmt.Fprintln(w, wrap("warning: "+warning))
	}
	_, err := fmt.Fprintln(w, "future: 95 % interval, if prompts stay like the reference (exchangeable)")
	return err
}

func calibrationTable(doc *result.Calibration, raw bool) *table.Table {
	show := func(v result.Value) string { return fmt.Sprintf("%.2f %%", 100*float64(v)) }
	header := []string{"strong calls", "threshold", "on reference", "future", "check"}
	if raw {
		show = cell
		header = []string{"wanted_fraction", "threshold", "strong_fraction", "future_lo", "future_hi", "check_strong_fraction"}
	}
	t := &table.Table{Header: header}
	for _, x := range doc.Thresholds {
		row := []string{show(x.WantedFraction), thresholdText(x.Threshold, raw), show(x.StrongFraction)}
		if raw {
			row = append(row, show(x.FutureLo), show(x.FutureHi))
		} else {
			row = append(row, fmt.Sprintf("%.2f to %s", 100*float64(x.FutureLo), show(x.FutureHi)))
		}
		if x.Check != nil {
			row = append(row, show(x.Check.StrongFraction))
		}
		t.Add(row...)
	}
	if doc.Check == nil {
		t.Header = t.Header[:len(t.Header)-1]
	}
	return t
}

// thresholdText keeps every digit: a rounded threshold calls another share.
func thresholdText(v result.Value, raw bool) string {
	if !v.Exists() && !raw {
		return "never"
	}
	if !v.Exists() {
		return ""
	}
	return strconv.FormatFloat(float64(v), 'g', -1, 64)
}

func inputName(i result.Input) string {
	if i.Builtin == benchmarks.Arena {
		return "Chatbot Arena"
	}
	return i.Builtin + i.Path
}
