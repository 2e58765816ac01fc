package harness

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/knn"
	"github.com/routellm/routellm/routers/mf"
	"github.com/routellm/routellm/routers/subject"
	"github.com/routellm/routellm/routers/swranking"
	"github.com/routellm/routellm/routers/training"
)

// TrainOptions says what a router is trained on.
type TrainOptions struct {
	Feedback
	Reading
	// Encoder makes the vectors that the data lacks.
	Encoder Encoder
	// Data names data sets of votes or grades: arena, judge or files.
	Data []string
	// Gold names benchmarks with the number of their rows to train on, each as
	// NAME:COUNT, such as "gsm8k:300".
	Gold []string
	// Pair names the models. The zero value stands for the default pair of the data sets or,
	// if all are built in, of the built-in benchmarks.
	Pair results.Pair
	// Seed is the seed for drawing the gold rows.
	Seed uint64
	// WithoutSignals names signals of the weak model's answers that a cascade does not read.
	WithoutSignals []string
	// PromptVectors lets a cascade read the prompts' vectors beside the weak model's answers.
	PromptVectors bool
	// Strict refuses outcomes that look wrong, instead of warning of them.
	Strict bool
	// Recipe is the command that trains the router again, to be stored in its file; "" stands for
	// that of routellm train.
	Recipe string
}

// TrainedModel is a trained router, ready to be written.
type TrainedModel interface {
	// WriteFile writes the model file. The file appears only when it is complete.
	// [Open] opens it as NAME:PATH, such as "mf:PATH".
	WriteFile(path string) error
}

// trainers has the training function of each router that can be trained. unit is the
// number of which all components of the vectors are whole multiples, or 0 if unknown.
var trainers = map[string]func(s []*training.Source, o training.Options, unit float32) (TrainedModel, []training.Report, error){
	"mf": func(s []*training.Source, o training.Options, _ float32) (TrainedModel, []training.Report, error) {
		return trained(mf.Train(s, o))
	},
	"sw_ranking": func(s []*training.Source, o training.Options, unit float32) (TrainedModel, []training.Report, error) {
		return trained(swranking.Train(s, o, unit))
	},
	"knn": func(s []*training.Source, o training.Options, unit float32) (TrainedModel, []training.Report, error) {
		return trained(knn.Train(s, o, unit))
	},
	"subject": func(s []*training.Source, o training.Options, _ float32) (TrainedModel, []training.Report, error) {
		return trained(subject.Train(s, o))
	},
}

// trained keeps a nil model from becoming a non-nil interface.
func trained[M TrainedModel](m M, r []training.Report, err error) (TrainedModel, []training.Report, error) {
	if err != nil {
		return nil, nil, err
	}
	return m, r, nil
}

// Train trains a router: mf, sw_ranking, knn, subject or cascade. It returns the model and one
// report per source on the router's quality on held-out prompts. Train never takes a prompt
// from Data that is in a built-in benchmark or is a near-duplicate of one there.
func Train(ctx context.Context, router string, o TrainOptions) (TrainedModel, []training.Report, error) {
	if router == "cascade" {
		return trainCascade(ctx, o)
	}
	train, ok := trainers[router]
	if !ok {
		return nil, nil, fmt.Errorf("router %q cannot be trained", router)
	}
	t, err := gather(ctx, o, router == "sw_ranking")
	if err != nil {
		return nil, nil, err
	}
	t.warnSquare(router)
	m, reports, err := train(t.sources, training.Options{
		Strong: t.pair.Strong, Weak: t.pair.Weak, Encoder: t.kind.name, EncoderSHA256: t.kind.sha256,
		Recipe: o.recipe(router), Seed: o.Seed, Progress: o.progress("training"),
	}, t.kind.unit())
	if err != nil {
		return nil, nil, err
	}
	return m, reports, ctx.Err()
}

// warnSquare warns of a training whose time grows with the square of the number of prompts.
func (t *gathering) warnSquare(router string) {
	for _, s := range t.sources {
		if n := len(s.Prompts); router == "knn" && n > manyRows {
			t.options.note("warning: knn compares each of %s of %s with all others, which takes hours: train mf, or give fewer",
				text.Plural(n, "prompt"), s.Name)
		}
	}
}

// TrainingSources returns the sources that Train would train on with these options.
func TrainingSources(ctx context.Context, o TrainOptions) ([]*training.Source, error) {
	t, err := gather(ctx, o, true)
	if err != nil {
		return nil, err
	}
	return t.sources, nil
}

// recipe returns the command that trains the model again.
func (o TrainOptions) recipe(router string) string {
	if o.Recipe != "" {
		return o.Recipe
	}
	command := "routellm train " + router
	if len(o.Data) > 0 {
		command += " --data " + strings.Join(o.Data, ",")
	}
	if len(o.Gold) > 0 {
		command += " --gold " + strings.Join(o.Gold, ",")
	}
	if o.Pair != (results.Pair{}) {
		command += " --pair " + joined(o.Pair)
	}
	if o.labels() != "" {
		command += " --labels " + o.Labels
	}
	if o.PromptVectors {
		command += " --with-prompt"
	}
	if len(o.WithoutSignals) > 0 {
		command += " --without " + strings.Join(o.WithoutSignals, ",")
	}
	return fmt.Sprintf("%s --seed %d", command, o.Seed)
}

// gathering collects the sources of one training.
type gathering struct {
	options   TrainOptions
	noBattles bool
	extras    bool // read costs and other figures
	answers   bool // read models' answers
	weights   bool // read the samples' weights, for evaluations of what is trained
	in        *opener
	encoders  *Encoders
	kind      vectorKind // the kind of the vectors trained on
	sources   []*training.Source
	pair      results.Pair
}

// gather reads all sources of the options, with or without the battles of grades.
func gather(ctx context.Context, o TrainOptions, battles bool) (*gathering, error) {
	reading, done := o.share()
	defer done()
	t := &gathering{options: o, noBattles: !battles, in: newOpener(reading, o.Feedback), encoders: NewEncoders(o.Encoder, o.Feedback)}
	var err error
	if t.kind, err = t.encoders.kind(); err != nil {
		return nil, err
	}
	gold, err := o.gold()
	if err != nil {
		return nil, err
	}
	if t.pair, err = t.choosePair(ctx, gold); err != nil {
		return nil, err
	}
	known, err := t.benchmarkRows(ctx, benchmarks.Names())
	if err != nil {
		return nil, fault.Wrap(err)
	}
	for _, name := range o.Data {
		if err := t.addData(ctx, name, known); err != nil {
			return nil, err
		}
	}
	for _, g := range gold {
		if err := t.addGold(ctx, g); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// addData adds the votes or grades of a data set, without the prompts that are known or
// near-duplicates of known ones.
func (t *gathering) addData(ctx context.Context, name string, known []training.Rows) error {
	rows, err := t.rows(ctx, name, t.kind)
	if err != nil {
		return err
	}
	looked, err := staticRows(ctx, rows, t.kind)
	if err != nil {
		return err
	}
	rows.Exclude, rows.NoBattles = training.Copies(looked, known), t.noBattles
	var source *training.Source
	if rows.Table.Winner != nil {
		source, err = training.FromVotes(rows)
	} else {
		if err := t.options.suspect(rows, t.pair.Strong, t.pair.Weak); err != nil {
			return err
		}
		source, err = training.FromGrades(rows, t.pair.Strong, t.pair.Weak)
	}
	if err != nil {
		return err
	}
	t.sources = append(t.sources, source)
	t.noteLeftOut(rows, source)
	return nil
}

// noteLeftOut says which rows of a data set are not in the source made of it.
func (t *gathering) noteLeftOut(rows training.Rows, source *training.Source) {
	copies := 0
	for _, norm := range rows.Table.PromptNormSHA256 {
		if rows.Exclude[norm] {
			copies++
		}
	}
	if copies > 0 {
		t.options.note("%s: left out %s found in a benchmark, exactly or as near-duplicates", rows.Name, text.Plural(copies, "prompt"))
	}
	if ungraded := len(rows.Prompts) - copies - len(source.Prompts); ungraded > 0 {
		t.options.note("%s: left out %s without a grade", rows.Name, text.Plural(ungraded, "prompt"))
	}
}

// addGold adds rows of a benchmark that are drawn at random.
func (t *gathering) addGold(ctx context.Context, g goldRows) error {
	rows, err := t.rows(ctx, g.name, t.kind)
	if err != nil {
		return err
	}
	if err := checkModels(g.name, modelsOf(rows.Table), t.pair); err != nil {
		return err
	}
	if err := t.options.suspect(rows, t.pair.Strong, t.pair.Weak); err != nil {
		return err
	}
	t.options.warnUnmeasured(rows, t.pair)
	drawn, err := training.DrawGold(rows.Table, t.pair.Strong, t.pair.Weak, g.n, t.options.Seed)
	if err != nil {
		return fmt.Errorf("gold rows \"%s:%d\": %w", g.name, g.n, err)
	}
	source, err := training.FromGold(rows, drawn, t.pair.Strong, t.pair.Weak)
	if err != nil {
		return err
	}
	t.sources = append(t.sources, source)
	t.warnGains(source)
	t.noteNoneLeft(rows, source)
	return nil
}

// warnGains warns if there is nothing to learn from the gains of a benchmark's rows, or if they
// say that the pair is reversed.
func (t *gathering) warnGains(source *training.Source) {
	if slices.Min(source.Gain) == slices.Max(source.Gain) {
		t.options.note("warning: %s: the strong model gains the same on every row drawn, which tells the router nothing about prompts", source.Name)
		return
	}
	gap, err := eval.NewGap(eval.Outcomes{Strong: source.Gain, Weak: make([]float64, len(source.Gain))}, eval.ClusterIDs(source.Norm))
	if err == nil && gap.State == eval.GapReversed {
		t.options.note("warning: %s: on the rows drawn, the weak model %q is better than the strong model %q by %.4g: swap them (--pair %s,%s)",
			source.Name, t.pair.Weak, t.pair.Strong, -gap.Value, t.pair.Weak, t.pair.Strong)
	}
}

// noteNoneLeft warns if a benchmark has no samples left on which to evaluate the router.
func (t *gathering) noteNoneLeft(rows training.Rows, source *training.Source) {
	b := &Benchmark{evaluatedData: evaluatedData{table: rows.Table}, pair: t.pair}
	known := knowledge{digests: map[string]bool{}}
	for _, norm := range source.Norm {
		known.digests[norm] = true
	}
	if b.choose(demand{trained: known}) != nil {
		t.options.note("%s: the router is trained on all samples, which leaves none to evaluate it on: a smaller COUNT holds some out", rows.Name)
	}
}

// rows reads everything of a data set that training may need.
func (t *gathering) rows(ctx context.Context, name string, kind vectorKind) (training.Rows, error) {
	rows, _, err := t.plainRows(ctx, name)
	if err != nil {
		return rows, err
	}
	vectors, err := t.encoders.vectorsOf(ctx, name, rows.Table, kind)
	if err != nil {
		return training.Rows{}, fmt.Errorf("%q: %w", name, err)
	}
	rows.Prompts = withVectors(rows.Prompts, vectors)
	return rows, nil
}

// plainRows reads everything of a data set that training may need but the prompts' vectors.
func (t *gathering) plainRows(ctx context.Context, name string) (training.Rows, results.Input, error) {
	f, input, err := t.in.open(ctx, name)
	if err != nil {
		return training.Rows{}, input, err
	}
	defer f.Close()
	needs := routers.Needs{Vector: true, Features: true, Cues: true}
	sel := selection(f, needs)
	sel.AllModels, sel.Digests, sel.Battles, sel.Extras, sel.Progress = true, true, true, t.extras, watch(ctx, t.options.progress("reading"))
	sel.Weights = t.weights
	if t.answers {
		sel.Answers, sel.Extras = f.Models(), true
	}
	table, err := f.Read(sel)
	if err != nil {
		return training.Rows{}, input, err
	}
	if otherCues(table.Meta) && !f.HasCues() && !table.HasPrompt {
		t.options.note("warning: %s: its cues are those of another version of routellm, and it has no prompts to compute them from", f.Name())
	}
	if f.HasColumn("weight") && !f.HasColumn("winner") && !t.weights { // those of battles are used
		t.options.note("warning: %s: training counts every sample once: its weights are for evaluation alone", f.Name())
	}
	if table.PromptNormSHA256 == nil {
		return training.Rows{}, input, hint.With(fmt.Errorf("%q: column %q: missing", name, "prompt_norm_sha256"), "routellm datasets import table makes it")
	}
	return training.Rows{Name: ShortName(f), SHA256: input.SHA256, Table: table, Prompts: promptsOf(table, needs)}, input, nil
}

// benchmarkRows returns the rows of built-in benchmarks, whose prompts no data set may bring into
// training; nil if there is no data set.
func (t *gathering) benchmarkRows(ctx context.Context, names []string) ([]training.Rows, error) {
	if len(t.options.Data) == 0 {
		return nil, nil
	}
	plain := *t
	plain.in = t.in.unlabelled()
	var all []training.Rows
	for _, name := range names {
		rows, err := plain.rows(ctx, name, staticVectors)
		if err != nil {
			return nil, err
		}
		all = append(all, rows)
	}
	return all, nil
}

// staticRows returns the rows with vectors of the built-in encoder, to find near-duplicates.
// Without text to encode, only equal prompts are found.
func staticRows(ctx context.Context, rows training.Rows, kind vectorKind) (training.Rows, error) {
	if kind == staticVectors {
		return rows, nil
	}
	texts := rows.Table.Prompt
	if !rows.Table.HasPrompt {
		texts = make([]string, len(rows.Prompts)) // zero vectors, which are near no other
	}
	vectors, err := encodeStatic(ctx, texts)
	rows.Prompts = withVectors(rows.Prompts, vectors)
	return rows, err
}

// Votes returns the built-in Arena votes.
func Votes() (*datasets.Table, error) {
	f, err := builtin(benchmarks.Arena)
	if err != nil {
		return nil, fault.Wrap(err)
	}
	sel := selection(f, routers.Needs{Vector: true, Features: true})
	sel.AllModels, sel.Digests, sel.Battles = true, true, true
	return f.Read(sel)
}

// defaultPair returns the pair of the built-in benchmarks.
func defaultPair() (results.Pair, error) {
	f, err := builtin(benchmarks.Names()[0])
	if err != nil {
		return results.Pair{}, err
	}
	return results.Pair{Strong: f.Meta().Strong, Weak: f.Meta().Weak}, nil
}

// suspect notes what looks wrong in the qualities of training rows, or returns it as an error if
// o.Strict is set.
func (o TrainOptions) suspect(rows training.Rows, models ...string) error {
	warnings := audit.Suspicions(rows.Table, models...)
	if o.Strict {
		return refuse(rows.Name, warnings)
	}
	for _, w := range warnings {
		o.note("warning: %s: %s", rows.Name, w)
	}
	return nil
}
