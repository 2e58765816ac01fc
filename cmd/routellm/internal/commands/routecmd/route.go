// Package routecmd implements the route command, which decides which model should answer a
// prompt.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package routecmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
)

// options holds route's flags.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	Router    string
	Threshold float64
	Fraction  float64
	Artifact  string
	Pair      string
	Lambda    float64
	Models    []string
	given     struct{ router, threshold, fraction, lambda bool } // whether the flag was on the command line
	Format    string
	Timing    bool
}

// New returns the route command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, io.Reader, []string, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "route [PROMPT]",
		Short: "Decide which model should answer a prompt",
		Long: `Decide which model should answer a prompt. A router gives the prompt a score
(for mf, a win rate: the probability that the strong model is needed). The
strong model is chosen if the score is at least the threshold.

Among several models, a router predicts the quality and the cost of each. The
model with the largest quality - lambda x cost is chosen: lambda is the quality
that a US dollar more per prompt must bring. --artifact takes the models and
lambda from a file that calibrate wrote; --lambda gives it, with --models for
some of the router's models.

Without PROMPT, route reads standard input: one JSON object per line, with
"prompt" and optionally "id", which is copied to the output. It writes one
JSON object per line in the same order, and uses all cores. On a terminal, a
line may also be the prompt itself.

A prompt that is unlike all that the router was trained on gets a line "unlike"
and, in JSON, "unlike": true. Expect little of its score: mf, knn and sw_ranking
then score by length alone. Other routers cannot tell.

--strong-fraction computes the threshold as calibrate does, on the built-in
Arena prompts. --artifact takes the router and the threshold from a file that
calibrate wrote; with any other router it is an error. --threshold is for a
score that you know: routers' scores have different ranges, and route warns if
the threshold sends nearly all or nearly none of the Arena prompts to the
strong model.`,
		Example: `  routellm route --router mf --strong-fraction 0.3 "Prove that the square root of two is irrational."
  routellm route --router mf --strong-fraction 30% --pair gpt-4o,llama-3-8b "What is the capital of France?"
  routellm calibrate --router mf --data mmlu --quality 0.95 --artifact mf.json
  routellm route --artifact mf.json "What is the capital of France?"
  routellm train linear --gold pareto:200 --out pool.safetensors
  routellm route --router linear:pool.safetensors --lambda 20 "What is the capital of France?"`,
		Args:        cmdutil.AtMostOneArg("PROMPT"),
		Annotations: map[string]string{cmdutil.Waits: "yes"},
		RunE: func(c *cobra.Command, args []string) error {
			f := c.Flags()
			o.given.router, o.given.threshold, o.given.fraction = f.Changed("router"), f.Changed("threshold"), f.Changed("strong-fraction")
			o.given.lambda = f.Changed("lambda")
			return run(c.Context(), s, s.FromTerminal(c.InOrStdin(), `prompts, one per line, as text or {"prompt": "..."}`), args, o)
		},
	}
	f := c.Flags()
	f.StringVarP(&o.Router, "router", "r", "mf", "`ROUTER` that decides")
	f.Float64Var(&o.Threshold, "threshold", 0, "score at or above which the strong model is called")
	f.Var((*num.Fraction)(&o.Fraction), "strong-fraction", "share of strong calls on the Arena prompts, such as 0.3 or 30%, instead of --threshold")
	f.StringVar(&o.Artifact, "artifact", "", "take the router and the threshold, or lambda, from a `FILE` that calibrate wrote")
	f.StringVar(&o.Pair, "pair", "", "names of the models in the output, `STRONG,WEAK`")
	f.Float64Var(&o.Lambda, "lambda", 0, "among several models: `QUALITY` that a US dollar more per prompt must bring")
	f.StringSliceVar(&o.Models, "models", nil, "with --lambda: `MODELS` to choose among (default all that the router knows)")
	f.BoolVar(&o.Timing, "timing", false, "add the microseconds that a prompt took")
	f.StringVar(&o.Format, "format", "table", "output `FORMAT` for PROMPT: table or json; standard input is always answered in JSON")
	_ = c.RegisterFlagCompletionFunc("format", cmdutil.Words("table", "json"))
	o.EncoderFlags.Add(c)
	o.LLMFlags.Add(c)
	return c
}

// decision is the document that route writes for one prompt.
type decision struct {
	ID json.RawMessage `json:"id,omitempty"`
	results.Decision
	Tokens *int `json:"tokens,omitempty"` // nil where the router does not count them
	// Microseconds takes the place of the decision's own. It is nil without --timing: the time
	// differs from run to run, and all else is the same.
	Microseconds *float64 `json:"microseconds,omitempty"`
}

func run(ctx context.Context, s cmdutil.Streams, in io.Reader, args []string, o options) error {
	if err := cmdutil.CheckFormat(o.Format, "table", "json"); err != nil {
		return err
	}
	if err := o.EncoderFlags.Check(); err != nil {
		return err
	}
	d, err := newDecider(ctx, s, o)
	if err != nil {
		return err
	}
	if o.Timing {
		d = timed{d}
	}
	if len(args) == 0 {
		return stream(ctx, d, in, s.Out)
	}
	all, err := d.decide(ctx, []string{"the prompt"}, args[:1])
	if err != nil {
		return err
	}
	if o.Format == "json" {
		return json.NewEncoder(s.Out).Encode(all[0])
	}
	return d.write(s.Out, all[0])
}

// decider routes prompts. Its methods may be called concurrently.
type decider interface {
	// decide routes a batch of prompts. ids name the prompts in errors.
	decide(ctx context.Context, ids, texts []string) ([]decision, error)
	// write writes a decision as text.
	write(w io.Writer, d decision) error
}

// newDecider opens the router of the flags: one for two models or one for several.
func newDecider(ctx context.Context, s cmdutil.Streams, o options) (decider, error) {
	options, err := o.LLMFlags.Registry(s, false)
	if err != nil {
		return nil, err
	}
	pool, err := o.forPool()
	if err != nil {
		return nil, err
	}
	if pool {
		return newPoolDecider(s, o, options)
	}
	return newPairDecider(ctx, s, o, options)
}

// tokens returns a line with the number of tokens, or "" if it is unknown.
func (d decision) tokens() string {
	if d.Tokens == nil {
		return ""
	}
	return fmt.Sprintf("tokens        %d\n", *d.Tokens)
}

// unlike returns a line for a prompt that is unlike all that the router was trained on, and else "".
func (d decision) unlike() string {
	if d.Unlike == nil || !*d.Unlike {
		return ""
	}
	return fmt.Sprintf("unlike        anything that %s was trained on\n", d.Router)
}

// timed adds the time that a decider takes to its decisions: to each an equal share of the batch's.
type timed struct{ decider }

func (t timed) decide(ctx context.Context, ids, texts []string) ([]decision, error) {
	start := time.Now()
	all, err := t.decider.decide(ctx, ids, texts)
	each := math.Round(float64(time.Since(start).Nanoseconds())/float64(100*len(texts))) / 10
	for i := range all {
		all[i].Microseconds = &each
	}
	return all, err
}

// took returns a line with the time, or "" if it is not asked for.
func (d decision) took() string {
	if d.Microseconds == nil {
		return ""
	}
	return fmt.Sprintf("microseconds  %.0f\n", *d.Microseconds)
}
