package evalcmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/eval/logged"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
)

// logFlags are the flags of an evaluation of logged decisions.
type logFlags struct {
	Log        string
	Thresholds []float64
	LogColumns []string // each MEANING=COLUMN
	Method     string
	shares     bool // --at was given
}

// add adds the flags.
func (o *logFlags) add(c *cobra.Command) {
	cmdutil.AddFlagGroup(c, "Flags for logged decisions", func(f *pflag.FlagSet) {
		f.StringVar(&o.Log, "log", "", "evaluate thresholds on the decisions in `FILE`, a table of routellm log with feedback")
		f.Var((*cmdutil.Numbers)(&o.Thresholds), "threshold", "thresholds to evaluate, as scores (default by --at)")
		f.StringVar(&o.Method, "method", logged.SNDR.String(), "`METHOD` of estimating qualities: ips or snips (inverse propensity, plain or self-normalised), dr or sndr (doubly robust, likewise)")
		f.StringArrayVar(&o.LogColumns, "log-column", nil, "`NAME=COLUMN` where the table calls a column otherwise than routellm log does; repeatable")
	})
}

// goWithLog lists the flags that have a meaning with --log.
var goWithLog = []string{"log", "threshold", "at", "method", "log-column", "pair", "config", "format", "resamples", "confidence", "seed", "delimiter", "decimal", "sheet", "rows-at"}

// onlyWithLog lists those that have none without it.
var onlyWithLog = []string{"threshold", "method", "log-column"}

// logFlagNames lists the flags that go with --log, for the help.
func logFlagNames() string { return "--" + strings.Join(goWithLog[1:], ", --") }

// checkGiven refuses flags that do not go together, and keeps whether --at was given.
func (o *logFlags) checkGiven(flags *pflag.FlagSet) (err error) {
	o.shares = flags.Changed("at")
	flags.Visit(func(f *pflag.Flag) {
		switch {
		case err != nil || f.Name == "help":
		case o.Log != "" && !slices.Contains(goWithLog, f.Name):
			err = fmt.Errorf("--%s does not go with --log, which takes scores and decisions from the log", f.Name)
		case o.Log == "" && slices.Contains(onlyWithLog, f.Name):
			err = hint.With(fmt.Errorf("--%s goes with --log: it is about logged decisions", f.Name), "--at chooses shares of strong calls on benchmarks")
		}
	})
	return err
}

// runLog evaluates logged decisions.
func (o *options) runLog(ctx context.Context, s cmdutil.Streams) error {
	l, err := o.logOptions()
	if err != nil {
		return err
	}
	l.Feedback = s.Feedback()
	doc, err := harness.EvaluateLog(ctx, o.Log, l)
	if errors.Is(err, harness.ErrInconclusive) {
		return cmdutil.Inconclusive(err)
	}
	if err != nil {
		return err
	}
	return writeLog(s.Out, doc, o.Format)
}

// logOptions returns what the flags say.
func (o *options) logOptions() (l harness.LoggedOptions, err error) {
	if l.Columns, err = o.columns(); err != nil {
		return l, err
	}
	if l.Method, err = methodOf(o.Method); err != nil {
		return l, err
	}
	if l.Pair, err = cmdutil.ParsePair(o.Pair); err != nil {
		return l, err
	}
	reading, err := o.Reading()
	if err != nil {
		return l, err
	}
	l.Rows, l.Intervals, l.Thresholds = reading.Columns.Rows, o.Intervals, o.Thresholds
	l.Rows.Stdin = cmdutil.Stdin("a log")
	for _, t := range l.Thresholds {
		if !num.Finite(t) {
			return l, fmt.Errorf("--threshold %v: want finite numbers; always and never strong are shown in any case", t)
		}
	}
	if len(o.Thresholds) == 0 || o.shares {
		l.Fractions = o.At
	}
	return l, nil
}

// columns returns the columns of --log-column, by their meaning.
func (o *logFlags) columns() (map[string]string, error) {
	out := map[string]string{}
	for _, text := range o.LogColumns {
		name, column, ok := strings.Cut(text, "=")
		if !ok || column == "" {
			return nil, fmt.Errorf("--log-column %q: want NAME=COLUMN, such as quality=grade", text)
		}
		if !slices.Contains(harness.LogColumns(), name) {
			return nil, hint.DidYouMean(fmt.Errorf("--log-column %q: no column %q in logs, want one of %s", text, name, strings.Join(harness.LogColumns(), ", ")), name, harness.LogColumns())
		}
		out[name] = column
	}
	return out, nil
}

// methodOf returns the method of a name.
func methodOf(name string) (logged.Method, error) {
	for m := range logged.Methods {
		if m.String() == name {
			return m, nil
		}
	}
	return 0, fmt.Errorf("--method %q: want ips, snips, dr or sndr", name)
}
