// Package routecmd implements the route command, which decides which model should answer a
// prompt.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package routecmd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
)

// options holds route's flags.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	Router    string
	Threshold float64
	Fraction  float64
	Artifact  string
	given     struct{ router, threshold, fraction bool } // whether the flag was on the command line
	Pair      string
	Format    string
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

Without PROMPT, route reads standard input: one JSON object per line, with
"prompt" and optionally "id", which is copied to the output. It writes one
JSON object per line in the same order, and uses all cores.

--strong-fraction computes the threshold as calibrate does, on the built-in
Arena prompts. --artifact takes the router and the threshold from a file that
calibrate wrote; with any other router it is an error. --threshold is for a
score that you know: routers' scores have different ranges, and route warns if
the threshold sends nearly all or nearly none of the Arena prompts to the
strong model.`,
		Example: `  routellm route --router mf --strong-fraction 0.3 "Prove that the square root of two is irrational."
  routellm route --router mf --strong-fraction 30% --pair gpt-4o,llama-3-8b "What is the capital of France?"
  routellm calibrate --router mf --data mmlu --quality 0.95 --artifact mf.json
  routellm route --artifact mf.json "What is the capital of France?"`,
		Args:        cmdutil.AtMostOneArg("PROMPT"),
		Annotations: map[string]string{cmdutil.Waits: "yes"},
		RunE: func(c *cobra.Command, args []string) error {
			f := c.Flags()
			o.given.router, o.given.threshold, o.given.fraction = f.Changed("router"), f.Changed("threshold"), f.Changed("strong-fraction")
			return run(c.Context(), s, c.InOrStdin(), args, o)
		},
	}
	f := c.Flags()
	f.StringVarP(&o.Router, "router", "r", "mf", "`ROUTER` that decides")
	f.Float64Var(&o.Threshold, "threshold", 0, "score at or above which the strong model is called")
	f.Var((*num.Fraction)(&o.Fraction), "strong-fraction", "share of strong calls on the Arena prompts, in [0,1], instead of --threshold")
	f.StringVar(&o.Artifact, "artifact", "", "take the router and the threshold from a `FILE` that calibrate wrote")
	f.StringVar(&o.Pair, "pair", "", "names of the models in the output, `STRONG,WEAK`")
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
	if len(args) == 0 {
		return d.stream(ctx, in, s.Out)
	}
	all, err := d.decide(ctx, []string{"the prompt"}, args[:1])
	if err != nil {
		return err
	}
	got := all[0]
	if o.Format == "json" {
		return json.NewEncoder(s.Out).Encode(got)
	}
	tokens := ""
	if got.Tokens != nil {
		tokens = fmt.Sprintf("tokens        %d\n", *got.Tokens)
	}
	_, err = fmt.Fprintf(s.Out, "model         %s (%s)\nscore         %.4f\nthreshold     %s\n%smicroseconds  %.0f\n",
		got.Model, got.Side, float64(got.Score), thresholdText(got.Threshold), tokens, got.Microseconds)
	return err
}

// thresholdText writes a threshold as a score is written.
func thresholdText(t results.Threshold) string {
	if t.Always != "" {
		return render.Threshold(t)
	}
	return fmt.Sprintf("%.4f", float64(t.Score))
}

// decider routes prompts. Its methods may be called concurrently.
type decider struct {
	*harness.Scorer
	threshold float64
	pair      results.Pair
}

// newDecider opens the router of the flags and finds the threshold and the models' names.
func newDecider(ctx context.Context, s cmdutil.Streams, o options) (*decider, error) {
	options, err := o.LLMFlags.Registry(s, false)
	if err != nil {
		return nil, err
	}
	r, artifact, err := openRouted(o, options)
	if err != nil {
		return nil, err
	}
	c, err := harness.NewScorer(r, o.Options(), s.Feedback())
	if err != nil {
		return nil, err
	}
	d := &decider{Scorer: c, threshold: o.Threshold}
	if d.pair, err = routePair(r, artifact, o.Pair); err != nil {
		return nil, err
	}
	if artifact != nil {
		s.WarnArtifact(artifact)
		d.threshold = artifact.Cut()
		return d, nil
	}
	return d, d.setThreshold(ctx, s, o)
}

// openRouted opens the router of the flags. With --artifact it also returns the artifact,
// otherwise nil.
func openRouted(o options, options registry.Options) (harness.Router, *results.Artifact, error) {
	if o.Artifact == "" {
		r, err := harness.OpenCalibrated(o.Router, options)
		return r, nil, err
	}
	if o.given.threshold || o.given.fraction {
		return harness.Router{}, nil, errors.New("--artifact already holds a threshold: it cannot be combined with --threshold or --strong-fraction")
	}
	given := ""
	if o.given.router {
		given = o.Router
	}
	artifact, r, err := harness.ReadArtifact(o.Artifact, given, options)
	return r, artifact, err
}

// routePair returns the models' names: from the flag, from the artifact if non-nil, from the
// router, or else "strong" and "weak".
func routePair(r harness.Router, a *results.Artifact, flag string) (results.Pair, error) {
	pair, err := cmdutil.ParsePair(flag)
	if err != nil || pair != (results.Pair{}) {
		return pair, err
	}
	if a != nil && a.Pair != (results.Pair{}) {
		return a.Pair, nil
	}
	if p, ok := routers.As[routers.Paired](r.Router); ok {
		strong, weak := p.Pair()
		return results.Pair{Strong: strong, Weak: weak}, nil
	}
	return results.Pair{Strong: "strong", Weak: "weak"}, nil
}

// setThreshold sets the threshold to --threshold, or calibrates it for --strong-fraction.
func (d *decider) setThreshold(ctx context.Context, s cmdutil.Streams, o options) (err error) {
	switch {
	case o.given.threshold == o.given.fraction:
		return hint.With(errors.New("want exactly one of --threshold, --strong-fraction and --artifact"),
			"routellm calibrate finds a threshold and writes it to an artifact")
	case o.given.threshold && math.IsNaN(o.Threshold):
		return errors.New("--threshold NaN: want a number")
	case o.given.threshold:
		s.WarnThreshold(ctx, d.Scorer, o.Threshold)
		return nil
	case !(o.Fraction >= 0 && o.Fraction <= 1):
		return hint.With(fmt.Errorf("--strong-fraction %v: want a share in [0,1]", o.Fraction), cmdutil.FractionHint(o.Fraction)...)
	}
	d.threshold, err = d.ThresholdFor(ctx, o.Fraction)
	return err
}

// decide routes a batch of prompts. ids name the prompts in errors. Each decision's time is
// an equal share of the batch's.
func (d *decider) decide(ctx context.Context, ids, texts []string) ([]decision, error) {
	start := time.Now()
	scores, tokens, err := d.Scores(ctx, ids, texts)
	if err != nil {
		return nil, err
	}
	out := make([]decision, len(texts))
	micros := math.Round(float64(time.Since(start).Nanoseconds())/float64(100*len(texts))) / 10
	for i, score := range scores {
		side, model := results.SideOf(score >= d.threshold), d.pair.Weak
		if side == results.Strong {
			model = d.pair.Strong
		}
		out[i].Decision = results.Decision{
			Router: d.Router().Spec.Label, Model: model, Side: side, Score: results.Value(score),
			Threshold: results.ThresholdAt(d.threshold), Microseconds: micros,
		}
		if tokens != nil {
			out[i].Tokens = &tokens[i]
		}
	}
	return out, nil
}

// request is one line of standard input.
type request struct {
	ID     json.RawMessage `json:"id"`
	Prompt *string         `json:"prompt"`
}

// chunkLines is the maximum number of lines that a worker takes at once.
const chunkLines = 256

// chunk is a batch of consecutive lines with their answers.
type chunk struct {
	first int // row of the first line, from 1
	lines [][]byte
	out   bytes.Buffer
	err   error
	done  chan struct{} // closed once out and err are final
}

// stream routes one JSON object per line on all cores and writes the answers in order.
func (d *decider) stream(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work, queue := make(chan *chunk), make(chan *chunk, 4*runtime.GOMAXPROCS(0))
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for c := range work {
				c.err = d.answer(ctx, c)
				close(c.done)
			}
		}()
	}
	readErr := make(chan error, 1)
	go func() {
		defer close(queue)
		defer close(work)
		readErr <- readChunks(ctx, in, work, queue)
	}()
	w := bufio.NewWriter(out)
	for c := range queue {
		<-c.done
		if _, err := w.Write(c.out.Bytes()); err != nil {
			return fault.Wrap(err)
		}
		if c.err != nil {
			return errors.Join(c.err, w.Flush())
		}
		if len(queue) == 0 { // no answer is pending: a client may be waiting for this one
			if err := w.Flush(); err != nil {
				return fault.Wrap(err)
			}
		}
	}
	if err := w.Flush(); err != nil {
		return fault.Wrap(err)
	}
	return <-readErr
}

// readChunks splits the input into chunks. A chunk ends where the input would block, so that
// a client that waits for an answer before it sends the next line gets one. Both channels
// receive every chunk: queue keeps the order, work does the routing.
func readChunks(ctx context.Context, in io.Reader, work, queue chan<- *chunk) error {
	r := bufio.NewReaderSize(in, 1<<20)
	row := 1
	for {
		c := &chunk{first: row, done: make(chan struct{})}
		var err error
		for len(c.lines) < chunkLines && err == nil && (len(c.lines) == 0 || r.Buffered() > 0) {
			var line []byte
			if line, err = r.ReadBytes('\n'); len(line) > 0 {
				c.lines = append(c.lines, line)
			}
		}
		row += len(c.lines)
		if len(c.lines) > 0 {
			for _, to := range []chan<- *chunk{queue, work} {
				select {
				case to <- c:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("standard input: %w", err)
		}
	}
}

// answer routes a chunk's lines. It stops at the first line that is not a request and
// returns an error for it, after the answers to the lines before.
func (d *decider) answer(ctx context.Context, c *chunk) error {
	var requests []request
	var ids, texts []string
	var wrong error
	for i, line := range c.lines {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var req request
		if err := json.Unmarshal(line, &req); err != nil || req.Prompt == nil {
			wrong = hint.With(fmt.Errorf("standard input: row %d: expected a JSON object with the string \"prompt\"", c.first+i),
				`for example {"id": 1, "prompt": "..."}`)
			break
		}
		requests, ids, texts = append(requests, req), append(ids, fmt.Sprintf("row %d", c.first+i)), append(texts, *req.Prompt)
	}
	if len(texts) == 0 {
		return wrong
	}
	all, err := d.decide(ctx, ids, texts)
	if err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	enc := json.NewEncoder(&c.out)
	enc.SetEscapeHTML(false)
	for i, got := range all {
		got.ID = requests[i].ID
		if err := enc.Encode(got); err != nil {
			return err
		}
	}
	return wrong
}
