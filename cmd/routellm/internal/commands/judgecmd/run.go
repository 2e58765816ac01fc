package judgecmd

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/judging"
	"github.com/routellm/routellm/results"
)

func (o *options) addChecks(f *pflag.FlagSet) {
	o.Repeat = 0.1
	f.Var((*num.Fraction)(&o.Repeat), "repeat", "share of the questions to ask a second time, such as 0.1 or 10%")
	f.StringVar(&o.Against, "against", "", "`NAME` of labels in the file that are known to be right (default quality or gold, if the file has them; none for no comparison)")
	f.StringVar(&o.Votes, "votes", "", "`COLUMN` with the model whose answer people preferred, or tie")
	f.IntVar(&o.Resamples, "resamples", 999, "number of bootstrap resamples")
	f.Uint64Var(&o.Seed, "seed", 1, "seed of the resamples")
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	asking, err := o.Open(ctx)
	if err != nil {
		return err
	}
	defer asking.Close()
	if len(asking.Models) != 1 {
		return errors.New("--judge is given more than once, expected one judge")
	}
	asking.Warn(s.Feedback().Note)
	f, err := o.read(ctx, s.Feedback().Note)
	if err != nil {
		return err
	}
	if err := o.against(f); err != nil {
		return err
	}
	settings := o.judging(asking.Models[0])
	settings.Progress = s.Watch(ctx, "judging")
	questions, err := judging.Prepare(f, settings)
	if err != nil {
		return err
	}
	setup := judging.Setup{Name: asking.Models[0].Label, Model: asking.Models[0].Model}
	if o.DryRun {
		d, err := questions.Plan(ctx, setup, asking.Models[0].Asker)
		if err != nil {
			return err
		}
		return writePlan(s.Out, d, o.Format)
	}
	return o.judge(ctx, s, f, questions, setup, asking)
}

// read reads the answers and, if they are in another file, the correct answers.
func (o *options) read(ctx context.Context, note func(string)) (*answers.File, error) {
	reading, err := o.Reading()
	if err != nil {
		return nil, err
	}
	defer o.Close()
	in, err := answers.Open(ctx, o.File, reading.Columns)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	if r := in.Reading(); r.Guessed {
		note(fmt.Sprintf("reading %s: %s", o.File, r))
	}
	for _, n := range in.Notes() {
		note(o.File + ": " + n)
	}
	f, err := in.ReadAll(ctx)
	if err != nil {
		return nil, err
	}
	other, err := answers.OpenReferences(ctx, o.Gold, in.Head(), reading.Columns)
	if other == nil || err != nil {
		return f, err
	}
	o.Gold = other.Column
	other.AddTo(f)
	return f, other.Check()
}

// against finds the labels to compare with, and checks the names of labels and columns.
func (o *options) against(f *answers.File) error {
	if err := f.CheckLabels(o.As); err != nil {
		return err
	}
	for _, usual := range []string{answers.Quality, "gold"} {
		if _, ok := f.LabelsOf(usual); ok && o.Against == "" {
			o.Against = usual
		}
	}
	if o.Against == none {
		o.Against = ""
	}
	return judging.CheckOptions{Against: o.Against, Votes: o.Votes}.Valid(f)
}

// judge asks the judge, and writes the labels and what is known about them.
func (o options) judge(ctx context.Context, s cmdutil.Streams, f *answers.File, q *judging.Questions, setup judging.Setup, asking *cmdutil.Asking) error {
	out, err := cmdutil.CreateFile(o.Out) // before anything is paid
	if err != nil {
		return err
	}
	defer out.Abort()
	judgement, err := q.Ask(ctx, asking.Models[0].Asker)
	asking.Warn(s.Feedback().Note)
	if err != nil {
		return err
	}
	if err := judgement.Useless(); err != nil {
		return err
	}
	d, err := judgement.Document(setup, o.checks(s, ctx))
	if err != nil {
		return err
	}
	if err := o.label(f, judgement, d); err != nil {
		return err
	}
	if err := writeTo(out, f); err != nil {
		return fault.Wrap(fmt.Errorf("%q: %w", o.Out, err))
	}
	if o.Battles != "" {
		t := judgement.Battles()
		t.Meta.Name, t.Meta.Source = strings.TrimSuffix(filepath.Base(o.Battles), ".parquet"), "judged by "+setup.Name
		if err := cmdutil.WriteDataset(s.Err, o.Battles, t); err != nil {
			return err
		}
	}
	if err := write(s.Out, d, judgement, o); err != nil {
		return err
	}
	if d.Trust != results.TrustNo {
		s.Next("routellm fit --data " + cmdutil.ShellWord(o.Out) + cmdutil.LabelsFlag(o.As) + " --out router")
	}
	return nil
}

// writeTo completes an output file with the answers.
func writeTo(out *outfile.Writer, f *answers.File) error {
	w := answers.NewWriter(out)
	if err := w.Write(f); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.Commit()
}

// label adds the labels and what the file says about them.
func (o options) label(f *answers.File, j *judging.Judgement, d *results.Judging) error {
	if err := f.SetLabels(j.Labels(o.As)); err != nil {
		return err
	}
	if f.Meta == nil {
		f.Meta = map[string]string{}
	}
	maps.Copy(f.Meta, judging.Metadata(d))
	return nil
}

func (o options) checks(s cmdutil.Streams, ctx context.Context) judging.CheckOptions {
	return judging.CheckOptions{
		Labels: o.As, Against: o.Against, Votes: o.Votes,
		Bootstrap: eval.Bootstrap{Resamples: o.Resamples, Confidence: 0.95, Seed: o.Seed, Progress: s.Watch(ctx, "resampling")},
	}
}
