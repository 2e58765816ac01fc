package harness

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/datasets/nearcopy"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// AuditOptions says what an audit looks for.
type AuditOptions struct {
	Feedback
	Reading
	// Encoder makes the vectors that routers need and the data lacks.
	Encoder Encoder
	// Routers are shown with their APGR before and after a correction. The audit also
	// looks for their training prompts.
	Routers []Router
	// Answers are files of answers to the data set's prompts.
	Answers []string
	// Pair replaces the data sets' own pair of models, unless it is empty.
	Pair results.Pair
	// Cosine is the smallest cosine of near-duplicate prompts; 0 looks for none.
	Cosine float64
	// Rows is the number of rows to list per finding; 0 lists all.
	Rows int
}

// Audit looks for defects in data sets and in files of scores or decisions, each named by
// a built-in name or a path.
func Audit(ctx context.Context, names []string, o AuditOptions) (*results.Audit, error) {
	for _, r := range o.Routers {
		if err := checkScores(r); err != nil {
			return nil, err
		}
	}
	reading, done := o.share()
	defer done()
	a := &auditor{options: o, in: newOpener(reading, o.Feedback), encoders: NewEncoders(o.Encoder, o.Feedback)}
	if err := a.readTraining(); err != nil {
		return nil, err
	}
	if err := a.openStandard(); err != nil {
		return nil, err
	}
	doc := &results.Audit{SchemaVersion: results.SchemaVersion, Tool: tool()}
	for _, name := range names {
		kind, err := a.in.kindOf(ctx, name)
		if err != nil {
			return nil, err
		}
		audited, err := a.file(ctx, name, kind)
		if err != nil {
			return nil, err
		}
		doc.Files = append(doc.Files, audited)
	}
	return doc, nil
}

// auditor audits one file after the other.
type auditor struct {
	options  AuditOptions
	in       *opener
	encoders *Encoders
	training []trainingSet
	standard Router // the router whose training prompts are compared with the data; not open if others are
}

// trainingSet is a set of prompts that routers learn from.
type trainingSet struct {
	audit.Prompts
	vectors [][]float32 // nil if only the digests are known
	lesson  lesson      // the same prompts, for the search for near copies
}

// readTraining collects the prompts of the built-in training sets, and those that the
// routers say they were trained on.
func (a *auditor) readTraining() error {
	for _, name := range benchmarks.TrainingNames() {
		f, err := builtin(name)
		if err != nil {
			return fault.Wrap(err)
		}
		t, err := f.Read(datasets.Select{Digests: true, Embedding: true})
		if err != nil {
			return fault.Wrap(err)
		}
		set := audit.Prompts{Name: name, Norms: t.PromptNormSHA256}
		a.training = append(a.training, trainingSet{set, storedVectors(t), newLesson(name, t.PromptNormSHA256, nearcopy.Set{})})
	}
	for _, r := range a.options.Routers {
		if t, ok := routers.As[routers.Trained](r.Router); ok {
			set := audit.Prompts{Name: r.Spec.Label, Norms: t.TrainingPrompts()}
			a.training = append(a.training, trainingSet{Prompts: set, lesson: lessonOf(r, t)})
		}
	}
	return nil
}

// file audits one file of the given kind.
func (a *auditor) file(ctx context.Context, name, kind string) (results.AuditedFile, error) {
	if kind == kindData {
		return a.data(ctx, name)
	}
	read, check := datasets.ReadScores, audit.File
	if kind == kindDecisions {
		read, check = datasets.ReadDecisions, audit.DecisionFile
	}
	scores, err := read(name)
	if err != nil {
		return results.AuditedFile{}, err
	}
	digest, err := datasets.Digest(name)
	if err != nil {
		return results.AuditedFile{}, err
	}
	out := results.AuditedFile{Name: name, Input: results.Input{Path: name, SHA256: digest}, Kind: kind, Rows: scores.Rows(), NotChecked: []string{}}
	return a.report(ctx, out, audit.Input{}, check(scores), scores.IDs())
}

// report adds the findings to the file's entry.
func (a *auditor) report(ctx context.Context, out results.AuditedFile, in audit.Input, findings []audit.Finding, ids []string) (results.AuditedFile, error) {
	out.Findings = []results.AuditFinding{}
	tell := watch(ctx, a.options.progress("measuring"))
	for i, f := range findings {
		out.Findings = append(out.Findings, findingOf(in, f, ids, a.options.Rows))
		if err := tell(i+1, len(findings)); err != nil {
			return out, err
		}
	}
	return out, nil
}

// data audits a data set.
func (a *auditor) data(ctx context.Context, name string) (results.AuditedFile, error) {
	f, input, err := a.in.open(ctx, name)
	if err != nil {
		return results.AuditedFile{}, err
	}
	defer f.Close()
	out := results.AuditedFile{Name: ShortName(f), Input: input, Kind: kindData, Rows: f.Rows(), Unit: f.Meta().Unit, NotChecked: []string{}}
	var near alike
	if f.Rows() > manyRows { // before the other columns, which would be in memory besides
		if near, err = a.alike(ctx, name, f, &datasets.Table{}, &out); err != nil {
			return results.AuditedFile{}, fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	t, err := f.Read(a.selection(ctx, f))
	if err != nil {
		return results.AuditedFile{}, err
	}
	if t.PromptSHA256 == nil && t.HasPrompt {
		t.FillFromPrompts()
	}
	in := audit.Input{Table: t}
	for _, step := range []func() error{
		func() error { return a.addPair(f, &in, &out) },
		func() error { return a.addLabels(&in, &out) },
		func() error { return a.addPrompts(ctx, name, f, near, &in, &out) },
		func() error { return a.addScores(ctx, name, f, &in) },
		func() error { return a.compareStandard(ctx, name, f, &in, &out) },
	} {
		if err := ctx.Err(); err != nil {
			return results.AuditedFile{}, err
		}
		if err := step(); err != nil {
			return results.AuditedFile{}, fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	findings, err := audit.Check(in, watch(ctx, a.options.progress("checking")))
	if err != nil {
		return results.AuditedFile{}, err
	}
	return a.report(ctx, out, in, findings, t.SampleID)
}

// selection returns which columns to keep of every row: of many rows not the prompts and
// vectors, unless a router or the answers need them.
func (a *auditor) selection(ctx context.Context, f *datasets.File) datasets.Select {
	sel := selectionFor(f, a.options.Routers)
	if f.Rows() > manyRows {
		sel.Prompts = sel.Prompts || len(a.options.Answers) > 0 || !f.HasColumn("prompt_sha256")
	} else {
		sel.Prompts, sel.Embedding = true, true
	}
	sel.Features = sel.Features || a.compares(f)
	sel.AllModels, sel.Digests, sel.Extras, sel.Battles, sel.Unchecked = true, true, true, true, true
	sel.Progress = watch(ctx, a.options.progress("reading"))
	return sel
}

// addPair sets the pair of models if the file or the options name one. A set of prompts
// or of battles has none.
func (a *auditor) addPair(f *datasets.File, in *audit.Input, out *results.AuditedFile) error {
	pair, err := a.in.choosePair(f, a.options.Pair)
	if err != nil {
		if a.options.Pair != (results.Pair{}) {
			return err
		}
		if in.Table.Quality != nil {
			out.NotChecked = append(out.NotChecked, "effects on the metrics: the file names no pair of its models (--pair sets one)")
		}
		return nil
	}
	out.Pair, in.Strong, in.Weak = pair, pair.Strong, pair.Weak
	return nil
}

// addLabels adds the answers or corrected labels that the labels are compared with.
func (a *auditor) addLabels(in *audit.Input, out *results.AuditedFile) error {
	if len(a.options.Answers) > 0 {
		answers, err := datasets.ReadAnswers(a.options.Answers, in.Table)
		in.Answers = &answers
		return err
	}
	columns, _, err := regradedOf(out.Input, in.Table)
	if err != nil {
		return err
	}
	if out.Input.Builtin != "" { // a file's corrected labels are columns already
		for _, c := range columns {
			in.Table.Extras = append(in.Table.Extras, datasets.Column{Name: audit.RegradedColumn(c.Name), Values: c.Values})
		}
	}
	if columns == nil && in.Table.Quality != nil {
		out.NotChecked = append(out.NotChecked, "labels against answers: no answers are stored (--answers reads them from a file)")
	}
	return nil
}

// addPrompts adds the training data other than the data set itself, and looks for
// near-duplicates there and within the data set.
func (a *auditor) addPrompts(ctx context.Context, name string, f *datasets.File, found alike, in *audit.Input, out *results.AuditedFile) error {
	var err error
	if f.Rows() <= manyRows {
		if found, err = a.alike(ctx, name, f, in.Table, out); err != nil {
			return err
		}
	}
	near, err := a.near(ctx, f, in.Table, out)
	if err != nil {
		return err
	}
	for _, set := range a.training {
		if set.Name == out.Input.Builtin {
			continue
		}
		set.Copy = make([]bool, in.Table.Rows())
		for i := range set.Copy {
			set.Copy[i] = near.to(set.lesson, i)
		}
		set.Near = found.training[set.Name]
		in.Training = append(in.Training, set.Prompts)
	}
	in.Near = found.within
	return nil
}

// near looks for near copies of all training prompts.
func (a *auditor) near(ctx context.Context, f *datasets.File, t *datasets.Table, out *results.AuditedFile) (*near, error) {
	var lessons []lesson
	for _, set := range a.training {
		lessons = append(lessons, set.lesson)
		if n := set.lesson.unsigned; n > 0 {
			out.NotChecked = append(out.NotChecked, fmt.Sprintf("near copies of %s of %s: there are no signatures of them", text.Plural(n, "training prompt"), set.Name))
		}
	}
	found, err := findNear(ctx, f, t, out.Input.Builtin != "", lessons, a.options.progress("looking for near copies"))
	if err != nil {
		return nil, err
	}
	if slices.Contains(found.unseen, true) {
		out.NotChecked = append(out.NotChecked, "near copies of training prompts: the file has no prompts")
	}
	return found, nil
}

// addScores scores every row with each router.
func (a *auditor) addScores(ctx context.Context, name string, f *datasets.File, in *audit.Input) error {
	for _, r := range a.options.Routers {
		r, err := r.ForPair(results.Pair{Strong: in.Strong, Weak: in.Weak})
		if err != nil {
			return err
		}
		prompts, err := a.encoders.promptRows(ctx, name, f, in.Table, r.Router)
		if err != nil {
			return err
		}
		scores, err := prompts.scores(ctx, r.Router, a.options.progress("scoring"))
		if err != nil {
			return fmt.Errorf("router %q: %w", r.Spec.Label, err)
		}
		in.Scores = append(in.Scores, audit.Scores{Router: r.Spec.Label, Values: scores})
		addUnlike(in, r, prompts)
	}
	return nil
}
