package harness

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/version"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// RunOptions says what an evaluation measures. The zero value measures curves, AUC and
// APGR, without intervals. [DefaultPoints] and [DefaultIntervals] are what routellm eval
// measures.
type RunOptions struct {
	Feedback
	// Points are the points of the curves to measure.
	Points eval.Points
	// Intervals says how intervals are made; the zero value makes none.
	Intervals Intervals
	// CompatBins, if positive, measures with the reference implementation's conventions
	// instead, without intervals. It is the number of quantile bins.
	CompatBins int
	// PoolCompat, if not "", also computes the figures of another tool for pools, see
	// [CompatTools].
	PoolCompat string
	// Threshold, if non-nil, adds a row for a calibrated threshold. Its router must be
	// among the routers.
	Threshold *Calibrated
}

// DefaultPoints returns the points that routellm eval measures without flags.
func DefaultPoints() eval.Points {
	return eval.Points{CPT: []float64{20, 50, 80}, Fractions: []float64{0.2, 0.5, 0.8}, Qualities: []float64{0.9, 0.95, 0.99}}
}

// Evaluation is a finished evaluation.
type Evaluation struct {
	// Document is the content of results.json.
	Document *results.Document

	benches []*Benchmark
	scores  map[string]map[string][]float64 // score of each evaluated sample, by benchmark and router

	summaries *Summaries // evaluated summaries; nil for samples
}

// HasSamples reports whether the samples themselves were evaluated, and not summaries of them.
func (e *Evaluation) HasSamples() bool { return e.summaries == nil }

// Random returns the random router of benchmark i of the document.
func (e *Evaluation) Random(i int) eval.Random {
	if e.summaries != nil {
		return e.summaries.Routers[0].Summary.Random()
	}
	return eval.NewRandom(e.benches[i].samples.Outcomes)
}

// Scores returns a router's scores on a benchmark, one per evaluated sample; nil if it has
// none.
func (e *Evaluation) Scores(benchmark, router string) []float64 { return e.scores[benchmark][router] }

// Benchmarks returns the evaluated benchmarks, in the order of the document.
func (e *Evaluation) Benchmarks() []*Benchmark { return e.benches }

// Run evaluates routers on benchmarks that were loaded for them, see [Load]. It adds the
// baselines: the random router and the two that always or never call the strong model.
// It is an error if a benchmark was loaded without one of the routers, or if the weak
// model of a pair is significantly better than the strong one.
func Run(ctx context.Context, rs []Router, benches []*Benchmark, o RunOptions) (*Evaluation, error) {
	if err := o.Intervals.Check(); err != nil {
		return nil, err
	}
	if err := checkRun(rs, benches); err != nil {
		return nil, err
	}
	if o.CompatBins > 0 {
		o.Intervals = Intervals{}
		var err error
		if rs, err = compatible(rs); err != nil {
			return nil, err
		}
	}
	if o.CompatBins > 0 {
		if err := refuseWeights(benches); err != nil {
			return nil, err
		}
	}
	label, err := o.Threshold.find(rs)
	if err != nil {
		return nil, err
	}
	r := &run{options: o, routers: slices.Clone(rs), calibrated: label, progress: o.progress("scoring"), scores: map[string]map[string][]float64{}}
	doc := o.document()
	for i, b := range benches {
		doc.Inputs = append(doc.Inputs, b.input)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		res, err := r.benchmark(ctx, b, i+1 == len(benches))
		if err != nil {
			return nil, err
		}
		doc.Benchmarks = append(doc.Benchmarks, res)
		r.progress(i+1, len(benches))
	}
	doc.Inputs = append(doc.Inputs, r.files...)
	if o.Threshold != nil {
		doc.Inputs = append(doc.Inputs, o.Threshold.input)
	}
	return &Evaluation{Document: doc, benches: benches, scores: r.scores}, nil
}

// refuseWeights refuses benchmarks with weights, of which the reference implementation knows nothing.
func refuseWeights(benches []*Benchmark) error {
	for _, b := range benches {
		if b.weighted() {
			return hint.With(fmt.Errorf("%s: the samples have weights, which RouteLLM's conventions do not know", b.name),
				"leave out --compat, or remove the column weight from the data")
		}
	}
	return nil
}

// CheckThreshold returns the error that Run would return for a threshold whose router is
// not among the routers.
func (o RunOptions) CheckThreshold(rs []Router) error {
	_, err := o.Threshold.find(rs)
	return err
}

// tool names this program in a document.
func tool() results.Tool { return results.Tool{Name: results.ToolName, Version: version.String()} }

// document returns what is known of the results before any router is measured.
func (o RunOptions) document() *results.Document {
	doc := &results.Document{
		SchemaVersion: results.SchemaVersion, Tool: tool(),
		Conventions: results.Conventions{Curve: results.ExactCurve, Intervals: o.Intervals.Document()},
		Warnings:    []string{},
	}
	if o.Intervals.bootstraps() {
		doc.Seed = &o.Intervals.Seed
	}
	if o.CompatBins > 0 {
		doc.Conventions.Curve, doc.Conventions.NumResults = results.CompatCurve, o.CompatBins
		doc.Seed = new(uint64) // the reference implementation seeds its random router with 0
	}
	return doc
}

// compatible replaces each router that is [routers.Compatible] by the one that follows the
// reference implementation.
func compatible(rs []Router) ([]Router, error) {
	out := slices.Clone(rs)
	for i, r := range rs {
		if c, ok := routers.As[routers.Compatible](r.Router); ok {
			var err error
			if out[i].Router, err = c.Compat(); err != nil {
				return nil, fmt.Errorf("router %q with the reference's conventions: %w", r.Spec.Label, err)
			}
		}
	}
	return out, nil
}

// run is an evaluation under way.
type run struct {
	options    RunOptions
	routers    []Router
	calibrated string // label of the router whose threshold is shown; "" for none
	progress   func(done, total int)
	files      []results.Input // files of routers that were read
	scores     map[string]map[string][]float64
}

// benchmark evaluates every router on one benchmark. On the last one it lets go of each router that is a file,
// once it has the scores.
func (e *run) benchmark(ctx context.Context, b *Benchmark, last bool) (results.Benchmark, error) {
	m, err := measure.New(b.document(), b.samples, e.options.Points)
	if err != nil {
		return results.Benchmark{}, fmt.Errorf("%s: %w", b.name, err)
	}
	for _, w := range slices.Concat(b.warnings, b.costWarnings) {
		m.Warn(w)
	}
	if b.leaked > 0 {
		m.Warn(fmt.Sprintf("%s %s of a router, which flatters it: the reference implementation keeps them, the exact metrics leave them out", text.Plural(b.leaked, "sample"), text.Agree(b.leaked, "is a training prompt", "are training prompts")))
	}
	if m.Gap().State == eval.GapReversed {
		return results.Benchmark{}, b.reversedGap(m.Gap())
	}
	for k, r := range e.routers {
		if last && r.isDataFile() {
			e.routers[k].Router = nil
		}
		if err := e.router(ctx, b, m, r); err != nil {
			return results.Benchmark{}, fmt.Errorf("router %q on %s: %w", r.Spec.Label, b.name, err)
		}
		if w, ok := routers.As[routers.Weighted](r.Router); ok {
			m.SetModel(w.SHA256())
		}
		b.addCascade(m, r)
		unlike := unlikeOf(r.Router, len(b.used), func(from, to int) []routers.Prompt { return b.promptsAt(r.Router, b.used[from:to]) })
		noteUnlike(e.options.Feedback, b.name, r.Spec.Label, unlike)
		m.SetUnlike(countUnlike(unlike))
	}
	if e.calibrated != "" {
		if err := e.options.Threshold.addTo(m, b, e.calibrated, e.scores[b.name][e.calibrated]); err != nil {
			return results.Benchmark{}, fmt.Errorf("threshold on %s: %w", b.name, err)
		}
		for _, r := range e.routers {
			if r.Spec.Label == e.calibrated {
				b.addCascade(m, r)
			}
		}
	}
	if err := e.addBaselines(m, b); err != nil {
		return results.Benchmark{}, err
	}
	if err := m.AddCosts(); err != nil {
		return results.Benchmark{}, fmt.Errorf("costs on %s: %w", b.name, err)
	}
	if err := e.addIntervals(ctx, m); err != nil {
		return results.Benchmark{}, fmt.Errorf("intervals on %s: %w", b.name, err)
	}
	return m.Result(), nil
}

// router measures one router.
func (e *run) router(ctx context.Context, b *Benchmark, m *measure.Benchmark, r Router) error {
	label := r.Spec.Label
	if r.isClosedForm() {
		return e.random(label, b, m)
	}
	scores, err := scoresOf(ctx, r, b, e.progress)
	if err != nil {
		return err
	}
	if e.scores[b.name] == nil {
		e.scores[b.name] = map[string][]float64{}
	}
	e.scores[b.name][label] = scores
	if e.files, err = withFile(e.files, r); err != nil {
		return err
	}
	_, oracle := routers.As[routers.OutcomeScorer](r.Router)
	switch {
	case r.isDecider():
		strong := make([]bool, len(scores))
		for i, s := range scores {
			strong[i] = s > 0
		}
		return m.AddDecisions(label, r.source(), results.ThresholdAt(math.NaN()), strong)
	case e.options.CompatBins > 0:
		c, err := eval.NewCompat(b.samples.Outcomes, scores, e.options.CompatBins)
		return addCompat(m, label, r.source(), c, err)
	case oracle:
		return m.AddOracle(label, r.source(), scores)
	default:
		return m.AddScores(label, r.source(), scores)
	}
}

// scoresOf returns the router's scores, one finite number per evaluated sample. It tells how
// far it is only if there are many samples.
func scoresOf(ctx context.Context, r Router, b *Benchmark, progress func(done, total int)) ([]float64, error) {
	if o, ok := routers.As[routers.OutcomeScorer](r.Router); ok {
		return o.OutcomeScores(b.samples.Outcomes.Strong, b.samples.Outcomes.Weak), nil
	}
	r, err := r.ForPair(b.pair)
	if err != nil {
		return nil, err
	}
	n := len(b.used)
	batch := partOf(r.Router, n)
	if batch == n {
		progress = func(int, int) {}
	}
	return scoreParts(ctx, r.Router, n, batch, func(from, to int) []routers.Prompt {
		return b.promptsAt(r.Router, b.used[from:to])
	}, progress)
}

// random adds the random router, in closed form or as the reference draws it.
func (e *run) random(label string, b *Benchmark, m *measure.Benchmark) error {
	if e.options.CompatBins > 0 {
		c, err := eval.NewCompatRandom(b.samples.Outcomes, e.options.CompatBins)
		return addCompat(m, label, results.Live, c, err)
	}
	return m.AddRandom(label)
}

// addCompat adds a router measured with the reference's conventions.
func addCompat(m *measure.Benchmark, label string, source results.Source, c *eval.Compat, err error) error {
	var tied *eval.TiedEdgesError
	switch {
	case errors.As(err, &tied):
		return hint.With(err, "the reference implementation fails here too; the exact metrics, without --compat, allow ties",
			"fewer bins may help: --num-results K")
	case err != nil:
		return err
	}
	m.AddCompat(label, source, c)
	return nil
}

// addBaselines adds the random router, unless it is among the routers, and both constant
// ones.
func (e *run) addBaselines(m *measure.Benchmark, b *Benchmark) error {
	if !slices.ContainsFunc(e.routers, Router.isClosedForm) {
		if err := e.random(randomLabel, b, m); err != nil {
			return fmt.Errorf("router %q on %s: %w", randomLabel, b.name, err)
		}
	}
	return m.AddConstants(alwaysStrongLabel, alwaysWeakLabel)
}

// addIntervals adds intervals by the method of the options.
func (e *run) addIntervals(ctx context.Context, m *measure.Benchmark) error {
	switch i := e.options.Intervals; {
	case i.bootstraps():
		return m.Bootstrap(i.bootstrap(ctx, e.options.Feedback))
	case i.Method == Influence:
		return m.Influence(i.Confidence)
	}
	return nil
}

// withFile adds a router's file to the inputs, once. A router without one adds nothing.
func withFile(files []results.Input, r Router) ([]results.Input, error) {
	path, _ := r.Spec.File()
	if !r.Spec.IsFile() || slices.ContainsFunc(files, func(i results.Input) bool { return i.Path == path }) {
		return files, nil
	}
	if w, ok := routers.As[routers.Weighted](r.Router); ok { // path may be a folder
		return append(files, results.Input{Path: path, SHA256: w.SHA256()}), nil
	}
	digest, err := datasets.Digest(path)
	if err != nil {
		return nil, err
	}
	return append(files, results.Input{Path: path, SHA256: digest}), nil
}
