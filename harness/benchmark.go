package harness

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// Benchmark is a data set made ready for evaluation: the outcomes of a pair of models.
type Benchmark struct {
	evaluatedData
	pair         results.Pair
	unmeasured   *results.Unmeasured // nil if every row is measured
	samples      measure.Samples
	correction   *results.Correction // nil if the labels count as they are
	goldOutcomes *eval.Outcomes      // gold labels, NaN for a sample without; nil without correction
	costWarnings []string            // warnings about the costs
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
	// GoldPart names the gold labels of a part of the samples, or a file that has them. They correct
	// the labels of Reading.Labels; "" leaves those as they are.
	GoldPart string
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
	// Division, if non-nil, divides the data, of which only the test part is evaluated.
	Division *Division
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
	d.digests, d.keys, d.gold = o.Threshold != nil, o.Threshold != nil, o.GoldPart
	d.excludeNear, d.strict, d.pricing = o.ExcludeNear, o.Strict, o.Pricing
	d.divide(o.Division, false)
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
	if err := in.checkNames(o.Pricing); err != nil {
		return nil, err
	}
	if err := checkRouters(rs, all); err != nil || !o.Regraded {
		return all, err
	}
	return withRegraded(all, d)
}

// Pair returns the two models.
func (b *Benchmark) Pair() results.Pair { return b.pair }

// Outcomes returns both models' quality on each evaluated sample.
func (b *Benchmark) Outcomes() eval.Outcomes { return b.samples.Outcomes }

// weighted reports whether the samples have weights.
func (b *Benchmark) weighted() bool { return b.samples.Outcomes.Weight != nil }

// Clusters returns the cluster number of each evaluated sample.
func (b *Benchmark) Clusters() []int { return b.samples.Clusters }

// Gap returns the quality gap between the models.
func (b *Benchmark) Gap() (eval.Gap, error) {
	return eval.NewGap(b.samples.Outcomes, b.samples.Clusters)
}

// document returns what is known of the benchmark before any router is measured.
func (b *Benchmark) document() results.Benchmark {
	meta := b.table.Meta
	return results.Benchmark{Name: b.name, Title: meta.Title, Unit: meta.Unit, Pair: b.pair, Excluded: b.left, Repeated: b.repeated, NearCopies: b.copies,
		Unmeasured: b.unmeasured, Correction: b.correction, Warnings: unmeasuredWarnings(b.unmeasured)}
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
	b := &Benchmark{pair: pair}
	if err := b.read(ctx, f, input, e, name, []string{pair.Strong, pair.Weak}, pair.Weak, d); err != nil {
		return nil, err
	}
	if b.gold, err = in.readGold(ctx, name, b.table, []string{pair.Strong, pair.Weak}, d.gold); err != nil {
		return nil, err
	}
	if err := b.choose(d); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	if err := b.suspect(f, d.strict); err != nil {
		return nil, err
	}
	b.isCorrected()
	if err := b.addCosts(d.pricing); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return b, b.finish(ctx, f, e, name, d)
}

// choose selects the rows that are evaluated, and their outcomes.
func (b *Benchmark) choose(d demand) error {
	strong, _ := b.table.QualityOf(b.pair.Strong)
	weak, _ := b.table.QualityOf(b.pair.Weak)
	setting := b.chooseRows(d, func(i int) bool { return !math.IsNaN(strong[i]) && !math.IsNaN(weak[i]) })
	if len(b.used) == 0 {
		return noneLeft(b.table.Rows(), b.left, b.pair, b.trainedOnSome(d))
	}
	b.unmeasured = unmeasuredOf(b.table.Meta, eval.Outcomes{Strong: strong, Weak: weak, Weight: unevenOf(b.table.Weight)}, b.missing, append(setting, b.used...))
	b.samples = measure.Samples{Outcomes: eval.Outcomes{Strong: strong, Weak: weak, Weight: unevenOf(b.table.Weight)}, Clusters: b.clusterIDs()}
	if len(b.used) < b.table.Rows() {
		b.samples.Outcomes = b.samples.Outcomes.Select(b.used)
	}
	if d.byTask {
		b.samples.Tasks = slicesx.Pick(b.table.Task, b.used)
	}
	return b.correct()
}

// clusterIDs returns the cluster number of each evaluated row.
func (b *Benchmark) clusterIDs() []int {
	if len(b.used) == b.table.Rows() {
		return eval.ClusterIDs(b.table.Cluster)
	}
	return eval.ClusterIDs(slicesx.Pick(b.table.Cluster, b.used))
}

// correct replaces the outcomes by corrected ones if there is a gold part.
func (b *Benchmark) correct() error {
	if b.gold == nil {
		return nil
	}
	o := b.samples.Outcomes
	corrected, c, err := b.gold.pair(labelled{
		models: []string{b.pair.Strong, b.pair.Weak}, cheap: [][]float64{o.Strong, o.Weak}, rows: b.used,
		clusters: b.samples.Clusters, weight: o.Weight, tasks: slicesx.Pick(b.table.Task, b.used),
	})
	if err != nil {
		return err
	}
	b.samples.Outcomes, b.correction = corrected, c.doc
	b.goldOutcomes = &eval.Outcomes{Strong: c.gold[0], Weak: c.gold[1], Weight: o.Weight}
	b.warnings = append(b.warnings, c.warnings...)
	return nil
}

// checkRouters lets each router that is a [routers.Checker] compare its data with all rows
// of all data sets.
func checkRouters[D interface {
	prompts() iter.Seq[routers.Prompt]
}](rs []Router, data []D) error {
	var checkers []routers.Checker
	for _, r := range rs {
		if c, ok := routers.As[routers.Checker](r.Router); ok {
			checkers = append(checkers, c)
		}
	}
	all := func(yield func(routers.Prompt) bool) {
		for _, d := range data {
			for p := range d.prompts() {
				if !yield(p) {
					return
				}
			}
		}
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
