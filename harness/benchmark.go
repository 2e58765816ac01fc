package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// Benchmark is a data set made ready for evaluation.
type Benchmark struct {
	name       string
	input      results.Input
	table      *datasets.Table
	pair       results.Pair
	vectors    map[vectorKind]*datasets.Table // tables with a vector per row
	used       []int                          // indices of the evaluated rows
	left       results.Excluded
	unmeasured *results.Unmeasured // nil if every row is measured
	missing    []int               // indices of the rows that are left out because they are not measured
	leaked     int                 // number of training prompts that were kept
	// repeated is the number of evaluated samples that share a cluster only because an
	// earlier sample has an equal prompt.
	repeated int
	keys     []string // key of each row by which calibrate splits them; nil unless asked for
	origin   origin   // relation to the data of the evaluated threshold
	near     *near
	copies   []results.NearCopies // what near found, among the rows that are not left out for other reasons
	samples  measure.Samples
	demand   demand // what the data was read for
	digests  bool   // digests of the prompts were read, if the file has them

	warnings     []string // warnings about the outcomes
	costWarnings []string // warnings about the costs
}

// LoadOptions says how benchmarks are read.
type LoadOptions struct {
	Feedback
	Reading
	// Encoder makes the vectors that the data lacks.
	Encoder Encoder
	// Pair replaces the benchmarks' own pair of models, unless it is empty.
	Pair results.Pair
	// ByTask also evaluates each task by itself.
	ByTask bool
	// Clusters says which samples are dependent; "" stands for ClusterAuto.
	Clusters Clustering
	// Threshold, if non-nil, is the threshold that is evaluated. The samples that it was set
	// on are left out.
	Threshold *Calibrated
	// InSample keeps the samples that the threshold was set on.
	InSample bool
	// Regraded also loads each benchmark that has corrected labels with these labels.
	Regraded bool
	// KeepTraining keeps the routers' training prompts and only counts them, as the
	// reference implementation does.
	KeepTraining bool
	// ExcludeNear leaves out the near copies of the routers' training prompts. Without it,
	// they are only counted.
	ExcludeNear bool
	// Strict refuses outcomes that look wrong, instead of warning of them.
	Strict bool
	// Pricing says where costs come from. Where they are not known, none are shown.
	Pricing Pricing
}

// Load reads benchmarks, built-in ones by name and others from files of any format, with what
// the routers need of them. It leaves out rows that are contaminated, that one of the
// routers was trained on, or that lack the outcome of a model. The benchmarks can then be
// evaluated with any of these routers, and not with others.
func Load(ctx context.Context, names []string, rs []Router, o LoadOptions) ([]*Benchmark, error) {
	names, err := BenchmarkNames(names)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, hint.With(errors.New("no benchmark is named: expected at least one"), "built-in: "+strings.Join(benchmarks.EvalNames(), ", "))
	}
	if err := checkOpen(rs); err != nil {
		return nil, err
	}
	if err := o.Clusters.check(); err != nil {
		return nil, err
	}
	d := demandOf(rs)
	d.keep, d.byTask, d.extras, d.clusters = o.KeepTraining, o.ByTask, o.Regraded, o.Clusters
	d.threshold, d.inSample = o.Threshold, o.InSample
	d.digests, d.keys = o.Threshold != nil, o.Threshold != nil
	d.excludeNear, d.strict, d.pricing = o.ExcludeNear, o.Strict, o.Pricing
	d.needs.Features = d.needs.Features || o.Pricing.priced() // tokens are estimated from characters
	noteUnsigned(o.Feedback, d.lessons)
	reading, done := o.share()
	defer done()
	in, e := newOpener(reading, o.Feedback), NewEncoders(o.Encoder, o.Feedback)
	in.names = benchmarks.EvalNames()
	var all []*Benchmark
	for _, name := range names {
		b, err := loadBenchmark(ctx, in, e, name, o.Pair, d)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(x *Benchmark) bool { return x.name == b.name }) {
			return nil, fmt.Errorf("two benchmarks are called %q", b.name)
		}
		all = append(all, b)
	}
	if err := checkRouters(rs, all); err != nil || !o.Regraded {
		return all, err
	}
	return withRegraded(all, d)
}

// Name returns the benchmark's name.
func (b *Benchmark) Name() string { return b.name }

// Title returns the benchmark's title, or else its name.
func (b *Benchmark) Title() string { return cmp.Or(b.table.Meta.Title, b.name) }

// Pair returns the two models.
func (b *Benchmark) Pair() results.Pair { return b.pair }

// Outcomes returns both models' quality on each evaluated sample.
func (b *Benchmark) Outcomes() eval.Outcomes { return b.samples.Outcomes }

// Clusters returns the cluster number of each evaluated sample.
func (b *Benchmark) Clusters() []int { return b.samples.Clusters }

// SampleIDs returns the ids of the evaluated samples.
func (b *Benchmark) SampleIDs() []string { return slicesx.Pick(b.table.SampleID, b.used) }

// Vectors returns the stored prompt vectors of the evaluated samples.
func (b *Benchmark) Vectors() [][]float32 { return vectorsAt(b.table, b.used) }

// norms returns the normalised digests of the evaluated prompts, nil if they are unknown.
func (b *Benchmark) norms() []string {
	if b.table.PromptNormSHA256 == nil {
		return nil
	}
	return slicesx.Pick(b.table.PromptNormSHA256, b.used)
}

// noteJoined tells the user how many evaluated samples were joined with others.
func (b *Benchmark) noteJoined(f Feedback, joined []bool) {
	if joined == nil {
		return
	}
	for _, i := range b.used {
		if joined[i] {
			b.repeated++
		}
	}
	if b.repeated > 0 {
		f.note("%s: equal prompts are one cluster: found %s with the prompt of an earlier one (--cluster none turns this off)",
			b.name, text.Plural(b.repeated, "sample"))
	}
}

// Gap returns the quality gap between the models.
func (b *Benchmark) Gap() (eval.Gap, error) {
	return eval.NewGap(b.samples.Outcomes, b.samples.Clusters)
}

// document returns what is known of the benchmark before any router is measured.
func (b *Benchmark) document() results.Benchmark {
	meta := b.table.Meta
	return results.Benchmark{Name: b.name, Title: meta.Title, Unit: meta.Unit, Pair: b.pair, Excluded: b.left, Repeated: b.repeated, NearCopies: b.copies,
		Unmeasured: b.unmeasured, Warnings: unmeasuredWarnings(b.unmeasured)}
}

// promptsAt returns the prompts of some rows, with the vectors that a router needs.
func (b *Benchmark) promptsAt(r routers.Router, rows []int) []routers.Prompt {
	kind, _ := kindOf(r)
	return promptRows{b.table, b.vectors[kind], b.demand.needs}.at(rows)
}

// loadBenchmark reads a data set and drops the rows that cannot be evaluated.
func loadBenchmark(ctx context.Context, in *opener, e *Encoders, name string, pair results.Pair, d demand) (*Benchmark, error) {
	f, input, err := in.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if pair, err = in.choosePair(f, pair); err != nil {
		return nil, err
	}
	sel := d.selection(f, input)
	sel.Models, sel.Extras, sel.Progress = []string{pair.Strong, pair.Weak}, d.extras, watch(ctx, e.feedback.progress("reading"))
	sel.ExtrasOf, sel.Features = sel.Models, sel.Features || d.pricing.priced()
	table, err := f.Read(sel)
	if err != nil {
		return nil, err
	}
	if d.needs.Text && !table.HasPrompt {
		if err := AttachText(name, table); err != nil {
			return nil, err
		}
	}
	var keys []string
	if d.keys {
		keys = calibrationKeys(table)
	}
	joined := d.clusters.apply(table)
	b := &Benchmark{name: ShortName(f), input: input, table: table, pair: pair, vectors: map[vectorKind]*datasets.Table{},
		demand: d, digests: sel.Digests || sel.Norms, keys: keys}
	if d.threshold != nil {
		b.origin = d.threshold.originOf(input, table, keys)
	}
	if err := b.search(ctx, f, e.feedback, d); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	if err := b.choose(d); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	if err := b.suspect(f, d.strict); err != nil {
		return nil, err
	}
	if err := b.addCosts(d.pricing); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	b.dropDigests(d, f)
	for _, k := range d.kinds {
		if b.vectors[k], err = e.tableOf(ctx, name, f, table, k); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	b.noteJoined(e.feedback, joined)
	if b.left.Calibration > 0 {
		e.feedback.note("%s: evaluated on the held-out part of the data that set the threshold, without the other %s (--in-sample keeps them)",
			b.name, text.Plural(b.left.Calibration, "sample"))
	}
	noteNear(e.feedback, b.name, b.copies, d.excludeNear)
	return b, nil
}

// dropDigests frees the digests of many prompts if they have done their work.
func (b *Benchmark) dropDigests(d demand, f *datasets.File) {
	if f.Rows() > manyRows && !d.digests && !d.extras {
		b.table.PromptNormSHA256, b.digests = nil, false
	}
}

// search looks for near copies of the routers' training prompts.
func (b *Benchmark) search(ctx context.Context, file *datasets.File, f Feedback, d demand) (err error) {
	if len(d.lessons) > 0 {
		b.near, err = findNear(ctx, file, b.table, b.input.Builtin != "", d.lessons, f.progress("looking for near copies"))
	}
	return err
}

// choose selects the rows that are evaluated, and their outcomes.
func (b *Benchmark) choose(d demand) error {
	strong, _ := b.table.QualityOf(b.pair.Strong)
	weak, _ := b.table.QualityOf(b.pair.Weak)
	var candidates []int // rows that nothing but being a near copy would leave out
	var missing, setting []int
	for i := range strong {
		switch {
		case b.table.Contaminated != nil && b.table.Contaminated[i]:
			b.left.Contaminated++
		case !d.keep && d.trained.trainedOn(b.table, i):
			b.left.Training++
		case math.IsNaN(strong[i]) || math.IsNaN(weak[i]): // not measured
			b.left.Missing++
			missing = append(missing, i)
		case b.origin.setting != nil && b.origin.setting[i] && !d.inSample:
			b.left.Calibration++
			setting = append(setting, i)
		case d.excludeNear && b.near != nil && b.near.toAny(d.lessons, i):
			b.left.NearCopies++
			candidates = append(candidates, i)
		default:
			candidates = append(candidates, i)
			b.used = append(b.used, i)
			if d.keep && d.trained.trainedOn(b.table, i) {
				b.leaked++
			}
		}
	}
	if b.near != nil {
		b.copies = b.near.counted(d.lessons, candidates, b.table.SampleID)
	}
	if len(b.used) == 0 {
		return noneLeft(b.table.Rows(), b.left, b.pair, b.trainedOnSome(d))
	}
	b.missing = missing
	b.unmeasured = unmeasuredOf(b.table.Meta, strong, weak, missing, append(setting, b.used...))
	b.samples = measure.Samples{
		Outcomes: eval.Outcomes{Strong: slicesx.Pick(strong, b.used), Weak: slicesx.Pick(weak, b.used)},
		Clusters: eval.ClusterIDs(slicesx.Pick(b.table.Cluster, b.used)),
	}
	if d.byTask {
		b.samples.Tasks = slicesx.Pick(b.table.Task, b.used)
	}
	return nil
}

// checkRouters lets each router that is a [routers.Checker] compare its data with all rows
// of all benchmarks.
func checkRouters(rs []Router, benches []*Benchmark) error {
	var checkers []routers.Checker
	for _, r := range rs {
		if c, ok := routers.As[routers.Checker](r.Router); ok {
			checkers = append(checkers, c)
		}
	}
	if len(checkers) == 0 {
		return nil
	}
	var all []routers.Prompt
	for _, b := range benches {
		all = append(all, promptsOf(b.table, b.demand.needs)...)
	}
	for _, c := range checkers {
		if err := c.Check(all); err != nil {
			return err
		}
	}
	return nil
}

// reversedGap returns the error for a pair whose weak model is the better one.
func (b *Benchmark) reversedGap(gap eval.Gap) error {
	return reversedGap(b.name, b.input, b.pair, gap, b.warnings)
}

// reversedGap returns the same error for a data set of which only results are known.
// warnings are further hints at the cause.
func reversedGap(name string, input results.Input, pair results.Pair, gap eval.Gap, warnings []string) error {
	hints := append(slices.Clone(warnings), fmt.Sprintf("swap them: --pair %s,%s", pair.Weak, pair.Strong))
	if input.Builtin == "" {
		hints = append(hints, "if lower values are better, as of an error rate or a loss, import the table again: --lower-is-better --range MIN,MAX")
	}
	return hint.With(
		fmt.Errorf("%s: the weak model %q is better than the strong model %q by %.4g, %.1f standard errors",
			name, pair.Weak, pair.Strong, -gap.Value, math.Abs(gap.Value/gap.SE)), hints...)
}
