package answercmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// job is one use of the command.
type job struct {
	options
	streams cmdutil.Streams
	note    func(string)
	asking  *cmdutil.Asking
	all     *answers.Prompts // the prompts of the file
	prompts *answers.Prompts // those that are asked
	run     *answers.Run
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	j := job{options: o, streams: s, note: s.Feedback().Note}
	j.Wrap = answers.Brief
	var err error
	if j.asking, err = j.AskFlags.Open(ctx); err != nil {
		return err
	}
	defer j.asking.Close()
	if err := j.open(ctx); err != nil {
		return err
	}
	if o.DryRun {
		return j.plan(ctx)
	}
	return j.ask(ctx)
}

// open reads the prompts and prepares the run.
func (j *job) open(ctx context.Context) error {
	j.asking.Warn(j.note)
	settings, err := j.settings()
	if err != nil {
		return err
	}
	reading, err := j.Reading()
	if err != nil {
		return err
	}
	defer j.ColumnFlags.Close()
	if j.all, err = answers.ReadPrompts(ctx, j.Data, reading.Columns, j.Drop); err != nil {
		return err
	}
	if j.all.Reading.Guessed {
		j.note(fmt.Sprintf("reading %s: %s", j.Data, j.all.Reading))
	}
	for _, note := range j.all.Notes {
		j.note(j.Data + ": " + note)
	}
	if j.prompts, err = j.all.Draw(j.options.Draw); err != nil {
		return err
	}
	o := answers.Options{Settings: settings, Samples: j.Samples, Progress: j.progress()}
	var labels []string
	for _, m := range j.asking.Models {
		labels = append(labels, m.Label)
		o.Models = append(o.Models, answers.Asked{Label: m.Label, Identity: m.Client.Identity(), Asker: m.Asker, Limits: m.Limits, True: slices.Contains(j.True, m.Label)})
	}
	for _, label := range j.True {
		if !slices.Contains(labels, label) {
			return hint.DidYouMean(fmt.Errorf("--p-true %q: expected the label of a model that is asked", label), label, labels)
		}
	}
	j.run, err = answers.NewRun(j.prompts, o)
	return err
}

// progress returns a function that draws a bar with what was spent so far.
func (j *job) progress() func(answers.Status) {
	show := cmdutil.Described(j.streams.Err)
	return func(s answers.Status) {
		what := "reading the cache"
		if s.Tokens > 0 || s.USD > 0 {
			what = fmt.Sprintf("$%.4f, %s tokens", s.USD, short(s.Tokens))
		}
		show(what, s.Done, s.Total)
	}
}

// short writes a number in at most five characters.
func short(n float64) string {
	switch {
	case n < 1e4:
		return fmt.Sprintf("%.0f", n)
	case n < 1e6:
		return fmt.Sprintf("%.0fk", n/1e3)
	}
	return fmt.Sprintf("%.1fM", n/1e6)
}

// plan says what would be asked.
func (j *job) plan(ctx context.Context) error {
	plans, err := j.run.Plan(ctx)
	if err != nil {
		return err
	}
	d := j.document()
	j.addPlans(d, plans)
	return fault.Wrap(write(j.streams.Out, d, j.Format))
}

// ask asks, and writes the answers.
func (j *job) ask(ctx context.Context) error {
	if err := j.checkBounded(ctx); err != nil {
		return err
	}
	if err := j.checkOut(); err != nil {
		return err
	}
	asked := j.run.Ask(ctx)
	j.asking.Warn(j.note)
	if asked != nil && !errors.Is(asked, answers.ErrBudget) {
		return j.stopped(asked)
	}
	if err := j.write(); err != nil {
		return j.stopped(fault.Wrap(err))
	}
	return j.report(asked)
}

// checkOut returns an error if --out cannot be written, before anything is paid.
func (j *job) checkOut() error {
	out, err := cmdutil.CreateFile(j.Out)
	if err == nil {
		out.Abort()
	}
	return err
}

// write writes --out.
func (j *job) write() error {
	out, err := cmdutil.CreateFile(j.Out)
	if err != nil {
		return err
	}
	defer out.Abort()
	if err := j.run.Write(answers.NewWriter(out)); err != nil {
		return fmt.Errorf("%q: %w", j.Out, err)
	}
	return out.Commit()
}

// stopped says how to continue after an error.
func (j *job) stopped(err error) error {
	if j.asking.Cache == "" || !j.run.HasAnswers() {
		return err
	}
	return hint.With(err, fmt.Sprintf("answers that were paid for are kept in %q: the same command continues, and pays for none of them twice", j.asking.Cache))
}

// checkBounded returns an error if a budget is given and a question may cost any amount.
func (j *job) checkBounded(ctx context.Context) error {
	if math.IsInf(j.asking.MaxUSD, 1) {
		return nil
	}
	plans, err := j.run.Plan(ctx)
	if err != nil {
		return err
	}
	for _, p := range plans {
		if math.IsInf(p.Most, 1) {
			return hint.With(fmt.Errorf("--max-usd needs a limit of the length of answers, and those of %q have none", p.Label), "--max-tokens 1024 limits them")
		}
	}
	return nil
}

// report prints what became of the questions, and returns the error that decides the exit code.
func (j *job) report(asked error) error {
	d := j.document()
	j.addAnswers(d)
	if err := write(j.streams.Out, d, j.Format); err != nil {
		return fault.Wrap(err)
	}
	failed := 0
	for _, m := range d.Models {
		failed += m.Failed
		if m.Answered == 0 && asked == nil {
			return fault.Wrap(fmt.Errorf("%q answered none of the prompts: see the column error:%s of %q", m.Label, m.Label, j.Out))
		}
	}
	switch {
	case asked != nil:
		return fault.Wrap(hint.With(fmt.Errorf("--max-usd %v: %w: %s of %s %s answers of all models", j.asking.MaxUSD, asked, text.Thousands(d.Complete), text.Plural(d.Rows, "row"), text.Agree(d.Complete, "has", "have")),
			"the same command with a larger --max-usd asks the rest, and pays for nothing twice"))
	case j.Errors == "fail" && failed > 0:
		return fault.Wrap(fmt.Errorf("--errors fail: %s %s no answer", text.Plural(failed, "question"), text.Agree(failed, "has", "have")))
	}
	in, out := cmdutil.ShellWord(j.Out), func(name string) string { return cmdutil.ShellWord(filepath.Join(filepath.Dir(j.Out), name)) }
	j.streams.Next("routellm grade "+in+" --gold COLUMN --kind number --out "+out("graded.parquet"),
		"routellm judge "+in+" --judge MODEL@URL --out "+out("judged.parquet"))
	return nil
}
