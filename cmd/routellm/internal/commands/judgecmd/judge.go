// Package judgecmd implements the judge command, which asks a language model what answers are worth,
// and checks its labels.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package judgecmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/judging"
)

// options holds judge's argument and flags.
type options struct {
	cmdutil.AskFlags
	cmdutil.ColumnFlags
	File, Out, Battles, As string
	Mode, Gold, PromptFile string
	Versus, Against, Votes string
	Expected, Format       string
	Repeat, Temperature    float64
	MaxTokens, Show        int
	Resamples              int
	Seed                   uint64
}

// none switches a check off.
const none = "none"

const judgeLong = `Ask a language model, the judge, what the answers in a file are worth, and
write the file again with a column quality:MODEL per model, on which routers
are trained and evaluated. FILE comes from routellm answer, or is any table
with columns prompt and answer:MODEL.

  --mode grade  grades each answer from 1 to 10, beside the correct answer if
                --gold names the column that has it
  --mode pair   compares two answers, in both orders; another winner in the
                other order is a tie. The label is the share of the win: 1,
                0.5 or 0. Several models are compared with one (--versus
                MODEL) or each with each (--versus all)

If the judge's server reports log-probabilities of tokens, a label is the mean
over the labels that the judge thought likely, which has less noise than the
one that it wrote (--expected).

A reply that holds no label, or several, gives none. Neither does one in which
the judge declines. Both are counted. A label can be wrong, so the command also checks the judge:
whether it says the same again (--repeat), prefers the answer shown first, or
longer ones, and whether it agrees with labels that are known to be right
(--against) and with people's votes (--votes). It ends with how far the labels
can be trusted for routing.

Every reply is kept in a cache. The same command continues after an
interruption, and pays for nothing twice. docs/judge.md has the checks, their
bounds and what they were measured on.`

// New returns the judge command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "judge FILE --judge MODEL@URL --out FILE",
		Short: "Ask a language model what answers are worth",
		Long:  judgeLong,
		Example: `  routellm judge replies.csv --judge gpt-4o --price gpt-4o=2.5,10 --dry-run
  routellm judge replies.csv --judge gpt-4o --mode pair --price gpt-4o=2.5,10 --dry-run`,
		Args: cmdutil.ExactArgs("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			o.File = args[0]
			return run(c.Context(), s, o)
		},
	}
	f := c.Flags()
	f.StringVarP(&o.Out, "out", "o", "", "Parquet `FILE` to write (required unless --dry-run)")
	f.StringVarP(&o.Mode, "mode", "m", string(judging.Grade), "`MODE`: grade or pair")
	f.StringVarP(&o.Gold, "gold", "g", "", "`COLUMN` with the correct answers, which the judge sees, or FILE#COLUMN in another file")
	f.StringVar(&o.As, "as", answers.Quality, "`NAME` of the labels: the columns are NAME:MODEL")
	f.StringVar(&o.Versus, "versus", "", "pair: compare every model with this `MODEL`, or all")
	f.StringVar(&o.Battles, "battles", "", "pair: also write the verdicts as battles to a Parquet `FILE`, for routellm train")
	f.StringVar(&o.PromptFile, "prompt-file", "", "text `FILE` that asks the judge, in place of the built-in one, with {prompt}, {answer} (pair: {answer_a}, {answer_b}) and, with --gold, {reference}")
	f.StringVar(&o.Expected, "expected", string(judging.Auto), "take the mean over likely labels: auto (if the server reports log-probabilities), on or off")
	f.Float64Var(&o.Temperature, "temperature", 0, "sampling temperature")
	f.IntVar(&o.MaxTokens, "max-tokens", 256, "largest number of tokens of a reply; judges that think first need more")
	f.IntVar(&o.Show, "show", 0, "show the first `N` replies without a label")
	f.StringVar(&o.Format, "format", "table", "output `FORMAT`: table, json, csv or markdown")
	cmdutil.AddFlagGroup(c, "Checks of the judge", o.addChecks)
	o.AskFlags.Add(c, "judge", "the judge, `MODEL@URL` or LABEL=MODEL@URL; anthropic+https://... and llamacpp+http://... name other protocols than OpenAI's")
	o.AddPrompts(c, "FILE")
	for name, words := range map[string][]string{"mode": {"grade", "pair"}, "expected": {"auto", "on", "off"}} {
		_ = c.RegisterFlagCompletionFunc(name, cmdutil.Words(words...))
	}
	return c
}

// check returns an error for flags that are missing, out of range or do not fit together.
func (o options) check() error {
	for _, w := range []struct {
		flag, got string
		known     []string
	}{
		{"mode", o.Mode, []string{"grade", "pair"}}, {"expected", o.Expected, []string{"auto", "on", "off"}},
		{"format", o.Format, []string{"table", "json", "csv", "markdown"}},
	} {
		if err := cmdutil.CheckWord(w.flag, w.got, w.known...); err != nil {
			return err
		}
	}
	pair := o.Mode == string(judging.Pair)
	switch {
	case o.Out == "" && !o.DryRun:
		return hint.With(errors.New("--out is required"), "for example --out judged.parquet")
	case o.Out != "" && filepath.Ext(o.Out) != ".parquet":
		return fmt.Errorf("--out %q: want a name that ends in .parquet", o.Out)
	case o.Battles != "" && filepath.Ext(o.Battles) != ".parquet":
		return fmt.Errorf("--battles %q: want a name that ends in .parquet", o.Battles)
	case o.Battles != "" && o.Battles == o.Out:
		return errors.New("--battles and --out name the same file")
	case o.Battles != "" && !pair:
		return errors.New("--battles goes with --mode pair")
	case o.Versus != "" && !pair:
		return errors.New("--versus goes with --mode pair")
	case !(o.Repeat >= 0 && o.Repeat <= 1):
		return hint.With(fmt.Errorf("--repeat %v: want a share from 0 to 1", o.Repeat), hint.Fraction(o.Repeat)...)
	case o.Resamples < 0 || o.Resamples > harness.MaxResamples:
		return fmt.Errorf("--resamples %d: want 0 to %s", o.Resamples, text.Thousands(harness.MaxResamples))
	case !(o.Temperature >= 0) || math.IsInf(o.Temperature, 0):
		return fmt.Errorf("--temperature %v: want 0 or more", o.Temperature)
	case o.MaxTokens < 1:
		return fmt.Errorf("--max-tokens %d: want 1 or more", o.MaxTokens)
	case o.Show < 0:
		return fmt.Errorf("--show %d: want 0 or more", o.Show)
	}
	return nil
}

// judging returns the settings of the judge.
func (o options) judging(asked cmdutil.AskedModel) judging.Options {
	return judging.Options{
		Mode: judging.Mode(o.Mode), Gold: o.Gold, PromptFile: o.PromptFile, Versus: o.Versus, Expected: judging.Expected(o.Expected),
		Repeat: o.Repeat, Concurrency: asked.Limits.Concurrency, Settings: chat.Settings{Temperature: &o.Temperature, MaxTokens: &o.MaxTokens},
	}
}
