// Package routecmd is the command route, which decides which model answers a prompt.
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
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
)

// options are the flags of route.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	Router    string
	Threshold float64
	Fraction  float64
	Artifact  string
	given     struct{ router, threshold, fraction bool }
	Pair      string
	Format    string
}

// New returns the command route.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, io.Reader, []string, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "route [PROMPT]",
		Short: "Say which model should answer a prompt",
		Long: `Say which model should answer a prompt: its score (for mf a win rate, the
probability that the strong model is needed) and the model chosen, which is the
strong one where the score is at least the threshold.

Without PROMPT, standard input is read: one JSON object a line with "prompt" and,
if you like, "id", which comes back. One object a line is written in the same
order. All cores are used.

--strong-fraction sets the threshold as calibrate does, on the built-in Arena
prompts. --artifact takes router and threshold from a file that calibrate wrote,
and refuses another router.`,
		Example: `  routellm route --router mf --strong-fraction 0.3 "Prove that the square root of two is irrational."
  routellm route --router mf --threshold 0.3 --pair gpt-4o,llama-3-8b "What is the capital of France?"
  routellm calibrate --router mf --data mmlu --quality 0.95 --artifact mf.json
  routellm route --artifact mf.json "What is the capital of France?"`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f := c.Flags()
			o.given.router, o.given.threshold, o.given.fraction = f.Changed("router"), f.Changed("threshold"), f.Changed("strong-fraction")
			return run(c.Context(), s, c.InOrStdin(), args, o)
		},
	}
	f := c.Flags()
	f.StringVarP(&o.Router, "router", "r", "mf", "router that decides")
	f.Float64Var(&o.Threshold, "threshold", 0, "score from which the strong model is called")
	f.Float64Var(&o.Fraction, "strong-fraction", 0, "share of strong calls on the Arena prompts, instead of --threshold")
	f.StringVar(&o.Artifact, "artifact", "", "router and threshold from a `FILE` of calibrate, instead of --threshold")
	f.StringVar(&o.Pair, "pair", "", "names of the models, `STRONG,WEAK`, for the output")
	f.StringVar(&o.Format, "format", "table", "table or json, for one PROMPT; standard input is always answered in JSON")
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

// decider routes prompts, from any number of goroutines.
type decider struct {
	*harness.Scorer
	threshold float64
	pair      results.Pair
}

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
		d.threshold = artifact.Cut()
		return d, nil
	}
	return d, d.setThreshold(ctx, o)
}

// openRouted opens the router of the flags, or that of --artifact with its
// calibration, which is nil otherwise.
func openRouted(o options, options registry.Options) (harness.Router, *results.Artifact, error) {
	if o.Artifact == "" {
		r, err := harness.OpenCalibrated(o.Router, options)
		return r, nil, err
	}
	if o.given.threshold || o.given.fraction {
		return harness.Router{}, nil, errors.New("--artifact brings its threshold: it goes without --threshold and --strong-fraction")
	}
	given := ""
	if o.given.router {
		given = o.Router
	}
	artifact, r, err := harness.ReadArtifact(o.Artifact, given, options)
	return r, artifact, err
}

// routePair names the models: those of the flag, those of the calibration, which may
// be nil, the router's own, or their roles.
func routePair(r harness.Router, a *results.Artifact, flag string) (results.Pair, error) {
	pair, err := cmdutil.ParsePair(flag)
	if err != nil || pair != (results.Pair{}) {
		return pair, err
	}
	if a != nil && a.Pair != (results.Pair{}) {
		return a.Pair, nil
	}
	if p, ok := r.Router.(routers.Paired); ok {
		strong, weak := p.Pair()
		return results.Pair{Strong: strong, Weak: weak}, nil
	}
	return results.Pair{Strong: "strong", Weak: "weak"}, nil
}

// setThreshold takes --threshold, or calibrates for --strong-fraction.
func (d *decider) setThreshold(ctx context.Context, o options) (err error) {
	switch {
	case o.given.threshold == o.given.fraction:
		return hint.With(errors.New("want one of --threshold and --strong-fraction"),
			"routellm calibrate finds the threshold for a share of strong calls, or an --artifact with it")
	case o.given.threshold && math.IsNaN(o.Threshold):
		return errors.New("--threshold is not a number")
	case o.given.threshold:
		return nil
	case !(o.Fraction >= 0 && o.Fraction <= 1):
		return hint.With(fmt.Errorf("--strong-fraction %v: want a share in [0,1]", o.Fraction), cmdutil.FractionHint(o.Fraction)...)
	}
	d.threshold, err = d.ThresholdFor(ctx, o.Fraction)
	return err
}

// decide routes prompts that arrived together; ids name them in errors. Time is shared
// out evenly.
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

// chunkLines is how many lines a worker takes at once.
const chunkLines = 256

// chunk is a run of lines on its way to their answers.
type chunk struct {
	first int // row of the first line, from 1
	lines [][]byte
	out   bytes.Buffer
	err   error
	done  chan struct{}
}

// stream routes one JSON object a line, on all cores, in order.
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
		if len(queue) == 0 { // whoever waits for the answer gets it
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

// readChunks cuts the input into chunks, as large as what has arrived: a slow
// writer gets an answer to each line.
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

// answer routes a chunk's lines, up to the first wrong one.
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
			wrong = hint.With(fmt.Errorf("standard input: row %d: expected a JSON object with a text \"prompt\"", c.first+i),
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
