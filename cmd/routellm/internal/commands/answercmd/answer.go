// Package answercmd implements the answer command, which asks models for answers to prompts.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package answercmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
)

// options holds answer's flags.
type options struct {
	cmdutil.AskFlags
	cmdutil.ColumnFlags
	Data, Out, Format, Errors string
	System                    string // text, or @ and the path of a file
	Temperature               float64
	MaxTokens                 int
	Seed                      *int64
	Logprobs                  int
	Samples                   int
	True                      []string // labels of models that are asked about their own answers
	Draw                      answers.Sampling
	Drop                      []string
	given                     struct{ temperature, maxTokens bool }
}

const answerLong = `Ask two or more models for their answers to prompts, and write a file with one
row per prompt: the first step from prompts to a router. 'routellm grade' and
'routellm judge' then say what the answers are worth.

The prompts come from a table in any format (see 'routellm help columns'). A
prompt is a text, or a conversation, whose messages are sent as they are. All
columns stay in the file. The columns system, temperature, max_tokens and seed,
if there are any, hold for their row in place of the flags.

Every answer is kept in a cache as soon as it arrives. The same command, run
again after an interruption or an error, continues and pays for nothing twice.
Changed settings, models and servers are new questions; keys are not part of
a question, and are in no file.

--dry-run says beforehand what would be asked and what that would cost.
--max-usd stops before more is spent: the file then lacks the other answers,
the exit code is 1, and the same command with a larger limit adds them.

A wrong key, an unknown model or a server that does not answer ends the
command at the first question. A single prompt that a server refuses has no
answer and a reason in the column error:MODEL.`

// New returns the answer command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	o := options{}
	var seed int64
	c := &cobra.Command{
		Use:   "answer --data FILE --model LABEL=MODEL@URL... --out FILE",
		Short: "Ask models for answers to prompts",
		Long:  answerLong,
		Example: `  routellm answer --data prompts.jsonl --model big=gpt-4o --model small=llama@http://127.0.0.1:8080/v1 --max-tokens 512 --out answers.parquet
  routellm answer --data prompts.jsonl --model big=gpt-4o --price big=2.5,10 --max-tokens 512 --dry-run`,
		Args: cmdutil.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("seed") {
				o.Seed = &seed
			}
			o.given.temperature, o.given.maxTokens = c.Flags().Changed("temperature"), c.Flags().Changed("max-tokens")
			return run(c.Context(), s, o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Data, "data", "", "table with the prompts, a `FILE` in any format, or - (required)")
	f.StringVarP(&o.Out, "out", "o", "", "Parquet `FILE` to write (required unless --dry-run)")
	f.StringArrayVar(&o.Drop, "drop", nil, "`COLUMN` of the prompts file to leave out; repeatable")
	f.StringVar(&o.Errors, "errors", "warn", "what prompts without an answer mean: warn (exit code 0) or fail (exit code 1)")
	f.StringVar(&o.Format, "format", "table", "output `FORMAT`: table, json, csv or markdown")
	o.AskFlags.Add(c, "model", "model to ask, `LABEL=MODEL@URL`; repeatable. MODEL is its name on the server; anthropic+https://... and llamacpp+http://... name other protocols than OpenAI's")
	cmdutil.AddFlagGroup(c, "Settings of the models", func(f *pflag.FlagSet) { o.addSettings(f, &seed) })
	cmdutil.AddFlagGroup(c, "Drawing some of the prompts", func(f *pflag.FlagSet) {
		f.IntVar(&o.Draw.Prompts, "sample", 0, "ask only `N` prompts, drawn at random (default all)")
		f.BoolVar(&o.Draw.ByTask, "by-task", false, "draw equally many prompts of each task; the column weight makes up for it")
		f.Uint64Var(&o.Draw.Seed, "sample-seed", 1, "seed for drawing the prompts")
	})
	o.ColumnFlags.AddPrompts(c, "the prompts file")
	return c
}

func (o *options) addSettings(f *pflag.FlagSet, seed *int64) {
	f.StringVar(&o.System, "system", "", "system prompt, `TEXT`, or @FILE to read it from a file")
	f.Float64Var(&o.Temperature, "temperature", math.NaN(), "sampling temperature (default the server's)")
	f.IntVar(&o.MaxTokens, "max-tokens", 0, "largest number of tokens of an answer (default the server's)")
	f.Int64Var(seed, "seed", 0, "seed of the answers, for servers that have one; repeats of a prompt count up from it")
	f.IntVar(&o.Samples, "samples", 1, "number of answers per model and prompt")
	f.StringArrayVar(&o.True, "p-true", nil, "also ask the model of this `LABEL` whether each of its answers is right: column p_true:LABEL; repeatable")
	f.IntVar(&o.Logprobs, "logprobs", 5, "number of likely tokens to request per token, from which the columns logprob_mean, logprob_min and first_entropy are made; 0 requests none")
	f.Lookup("temperature").DefValue = "0" // which help does not show
}

// mostSamples is the number of answers per model and prompt beyond which a number is a mistake.
const mostSamples = 10_000

// check returns an error for flags that are missing or out of range.
func (o options) check() error {
	switch {
	case o.Data == "":
		return hint.With(errors.New("--data is required"), "for example --data prompts.jsonl")
	case o.Out == "" && !o.DryRun:
		return hint.With(errors.New("--out is required"), "for example --out answers.parquet")
	case o.Out != "" && filepath.Ext(o.Out) != ".parquet":
		return hint.With(fmt.Errorf("--out %q: want a name that ends in .parquet", o.Out), "for example --out answers.parquet")
	}
	if err := cmdutil.CheckFormat(o.Format, "table", "json", "csv", "markdown"); err != nil {
		return err
	}
	if err := cmdutil.CheckWord("errors", o.Errors, "warn", "fail"); err != nil {
		return err
	}
	switch {
	case o.given.temperature && !(o.Temperature >= 0 && num.Finite(o.Temperature)):
		return fmt.Errorf("--temperature %v: want 0 or more", o.Temperature)
	case o.given.maxTokens && o.MaxTokens < 1:
		return fmt.Errorf("--max-tokens %d: want a number above 0", o.MaxTokens)
	case o.Samples < 1 || o.Samples > mostSamples:
		return fmt.Errorf("--samples %d: want 1 to %d", o.Samples, mostSamples)
	case o.Logprobs < 0 || o.Logprobs > 20:
		return fmt.Errorf("--logprobs %d: want 0 to 20", o.Logprobs)
	case len(o.True) > 0 && o.Logprobs == 0:
		return errors.New("--p-true reads log-probabilities, and --logprobs 0 requests none")
	case o.Draw.Prompts < 0:
		return fmt.Errorf("--sample %d: want a number above 0", o.Draw.Prompts)
	case o.Draw.ByTask && o.Draw.Prompts == 0:
		return errors.New("--by-task goes with --sample")
	}
	return nil
}

// settings returns what all prompts are asked with.
func (o options) settings() (chat.Settings, error) {
	s := chat.Settings{System: o.System, Seed: o.Seed, TopLogprobs: o.Logprobs}
	if path, ok := strings.CutPrefix(o.System, "@"); ok {
		data, err := os.ReadFile(path)
		if err != nil {
			return s, fmt.Errorf("--system: %q: %w", path, fault.Cause(err))
		}
		s.System = strings.TrimRight(string(data), "\r\n")
	}
	if !math.IsNaN(o.Temperature) {
		s.Temperature = &o.Temperature
	}
	if o.MaxTokens > 0 {
		s.MaxTokens = &o.MaxTokens
	}
	return s, nil
}
