package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/cosine"
)

// auditor looks at one file after the other.
type auditor struct {
	streams  streams
	options  auditOptions
	pair     result.Pair // of --pair
	entrants []entrant
	encoders *encoders
	training []trainingSet
}

// trainingSet is a set of prompts that routers learn from.
type trainingSet struct {
	audit.Prompts
	vectors [][]float32 // nil where digests alone are known
}

func newAuditor(s streams, o auditOptions) (*auditor, error) {
	pair, err := parsePair(o.Pair)
	if err != nil {
		return nil, err
	}
	options, err := o.llmOptions.routers(s, true)
	if err != nil {
		return nil, err
	}
	a := &auditor{streams: s, options: o, pair: pair, encoders: newEncoders(s, o.encoderOptions)}
	if len(o.Routers) > 0 {
		if a.entrants, err = openEntrants(o.Routers, options); err != nil {
			return nil, err
		}
	}
	for _, e := range a.entrants {
		if err := checkScorer(e); err != nil {
			return nil, err
		}
	}
	return a, a.readTraining()
}

// readTraining collects the prompts that routers are trained on: the built-in sets', and
// those that the routers themselves remember.
func (a *auditor) readTraining() error {
	for _, name := range benchmarks.TrainingNames() {
		f, _, err := openData(name)
		if err != nil {
			return failure{err}
		}
		t, err := f.Read(datasets.Select{Digests: true, Embedding: true})
		if err != nil {
			return failure{err}
		}
		a.training = append(a.training, trainingSet{audit.Prompts{Name: name, Norms: t.PromptNormSHA256}, storedVectors(t)})
	}
	for _, e := range a.entrants {
		if t, ok := e.router.(routers.Trained); ok {
			a.training = append(a.training, trainingSet{Prompts: audit.Prompts{Name: e.spec.Label, Norms: t.TrainingPrompts()}})
		}
	}
	return nil
}

func (a *auditor) file(ctx context.Context, name, kind string) (result.AuditedFile, error) {
	if kind == kindData {
		return a.data(ctx, name)
	}
	read, check := datasets.ReadScores, audit.File
	if kind == kindDecisions {
		read, check = datasets.ReadDecisions, audit.DecisionFile
	}
	scores, err := read(name)
	if err != nil {
		return result.AuditedFile{}, err
	}
	digest, err := datasets.Digest(name)
	if err != nil {
		return result.AuditedFile{}, err
	}
	out := result.AuditedFile{Name: name, Input: result.Input{Path: name, SHA256: digest}, Kind: kind, Rows: len(scores.IDs), NotChecked: []string{}}
	return a.report(out, audit.Input{}, check(scores), scores.IDs), nil
}

func (a *auditor) report(out result.AuditedFile, in audit.Input, findings []audit.Finding, ids []string) result.AuditedFile {
	out.Findings = []result.AuditFinding{}
	for _, f := range findings {
		out.Findings = append(out.Findings, result.NewAuditFinding(in, f, ids, a.options.Rows))
	}
	return out
}

// data looks at a data set.
func (a *auditor) data(ctx context.Context, name string) (result.AuditedFile, error) {
	f, input, err := openData(name)
	if err != nil {
		return result.AuditedFile{}, err
	}
	defer f.Close()
	sel := selection(f, needsOf(a.entrants))
	sel.AllModels, sel.Digests, sel.Extras, sel.Battles, sel.Embedding, sel.Unchecked = true, true, true, true, true, true
	t, err := f.Read(sel)
	if err != nil {
		return result.AuditedFile{}, err
	}
	if t.PromptSHA256 == nil && t.HasPrompt {
		t.FillFromPrompts()
	}
	out := result.AuditedFile{Name: shortName(f), Input: input, Kind: kindData, Rows: t.Rows(), Unit: t.Meta.Unit, NotChecked: []string{}}
	in := audit.Input{Table: t}
	for _, step := range []func() error{
		func() error { return a.addPair(f, &in, &out) },
		func() error { return a.addLabels(&in, &out) },
		func() error { return a.addPrompts(ctx, name, &in, &out) },
		func() error { return a.addScores(ctx, name, &in) },
	} {
		if err := step(); err != nil {
			return result.AuditedFile{}, fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	return a.report(out, in, audit.Data(in), t.SampleID), nil
}

// addPair sets the pair where the file or the flags name one; a set of prompts or of
// battles has none.
func (a *auditor) addPair(f *datasets.File, in *audit.Input, out *result.AuditedFile) error {
	pair, err := choosePair(f, a.pair)
	if err != nil {
		if a.pair != (result.Pair{}) {
			return err
		}
		if in.Table.Quality != nil {
			out.NotChecked = append(out.NotChecked, "effects on the metrics: the file names no pair of models that it has; see --pair")
		}
		return nil
	}
	out.Pair, in.Strong, in.Weak = pair, pair.Strong, pair.Weak
	return nil
}

// addLabels adds what the labels are compared with.
func (a *auditor) addLabels(in *audit.Input, out *result.AuditedFile) error {
	if len(a.options.Answers) > 0 {
		answers, err := datasets.ReadAnswers(a.options.Answers, in.Table)
		in.Answers = &answers
		return err
	}
	columns, _, err := regradedOf(out.Input, in.Table)
	if err != nil {
		return err
	}
	if out.Input.Builtin != "" { // a file's are columns already
		for _, c := range columns {
			in.Table.Extras = append(in.Table.Extras, datasets.Column{Name: audit.RegradedColumn(c.Name), Values: c.Values})
		}
	}
	if columns == nil && in.Table.Quality != nil {
		out.NotChecked = append(out.NotChecked, "labels against answers: none are stored; see --answers")
	}
	return nil
}

// addPrompts adds the training data that is not the data set itself, and looks for near
// copies there and within the data set.
func (a *auditor) addPrompts(ctx context.Context, name string, in *audit.Input, out *result.AuditedFile) error {
	vectors, err := a.vectors(ctx, name, in.Table, out)
	if err != nil {
		return err
	}
	options := cosine.Options{Least: a.options.Cosine, Progress: newProgress(a.streams.err, "comparing")}
	for _, set := range a.training {
		if set.Name == out.Input.Builtin {
			continue
		}
		if vectors != nil && set.vectors != nil {
			found, err := cosine.Between(ctx, vectors, set.vectors, options)
			if err != nil {
				return err
			}
			set.Near = found.Near
		}
		in.Training = append(in.Training, set.Prompts)
	}
	if vectors == nil {
		return nil
	}
	found, err := cosine.Within(ctx, vectors, options)
	in.Near = found.Near
	return err
}

// vectors are the built-in encoder's of every row; nil where near copies are not asked for
// or cannot be looked for.
func (a *auditor) vectors(ctx context.Context, name string, t *datasets.Table, out *result.AuditedFile) ([][]float32, error) {
	if a.options.Cosine == 0 {
		return nil, nil
	}
	stored := t.Dim() > 0 && staticVectors.fits(t.Meta.Encoder, t.Meta.EncoderSHA256)
	if !stored && !t.HasPrompt {
		out.NotChecked = append(out.NotChecked, "near copies of prompts: neither prompts nor their vectors are there")
		return nil, nil
	}
	return staticOnly().vectorsOf(ctx, name, t, staticVectors)
}

// addScores scores every row with each router.
func (a *auditor) addScores(ctx context.Context, name string, in *audit.Input) error {
	for _, e := range a.entrants {
		prompts, err := a.encoders.promptsFor(ctx, name, in.Table, e.router)
		if err != nil {
			return err
		}
		scores, err := scoreAll(ctx, e.router, prompts, newProgress(a.streams.err, "scoring"))
		if err != nil {
			return fmt.Errorf("router %q: %w", e.spec.Label, err)
		}
		in.Scores = append(in.Scores, audit.Scores{Router: e.spec.Label, Values: scores})
	}
	return nil
}

func isParquet(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".parquet" || ext == ".pq"
}
