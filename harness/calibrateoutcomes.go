package harness

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// part holds samples of a data set with everything that an operating point is measured by.
type part struct {
	outcomes             eval.Outcomes
	scores               []float64
	unlike               []bool // prompts that are unlike all that the router was trained on; nil if not known
	clusters             []int
	costStrong, costWeak []float64 // USD per thousand prompts; nil if unknown
	alone                []float64 // what the strong model alone costs, where costStrong has more; nil if it has not
	least, most          float64   // bounds of quality; NaN if unknown
}

// pick returns the samples with the given indices.
func (p part) pick(index []int) part {
	out := part{
		outcomes: p.outcomes.Select(index), scores: slicesx.Pick(p.scores, index),
		clusters: eval.ClusterIDs(slicesx.Pick(p.clusters, index)), least: p.least, most: p.most,
	}
	if p.unlike != nil {
		out.unlike = slicesx.Pick(p.unlike, index)
	}
	if p.costStrong != nil {
		out.costStrong, out.costWeak, out.alone = slicesx.Pick(p.costStrong, index), slicesx.Pick(p.costWeak, index), p.pickAlone(index)
	}
	return out
}

// withOutcomes sets thresholds on one part of the data and reports on the other.
func (c *calibrator) withOutcomes(ctx context.Context) error {
	b, err := c.loadOutcomes(ctx)
	if err != nil {
		return err
	}
	if b.weighted() && c.o.Reliability {
		return hint.With(fmt.Errorf("%s: the samples have weights, which reliability does not count", b.name), "leave out --reliability")
	}
	whole, err := c.wholeOf(ctx, b)
	if err != nil {
		return err
	}
	if !c.router.isClosedForm() {
		trained := holdsOutAny(c.router.Router, b.norms())
		tested := whole
		if c.o.Division != nil { // the part that is for it
			_, test := c.o.split(&b.evaluatedData)
			tested = whole.pick(test)
		}
		if c.random, err = testRandom(tested.outcomes, tested.clusters, tested.scores, trained, c.o.Confidence); err != nil {
			return err
		}
	}
	for _, warning := range randomWarnings(c.random, "") {
		c.doc.Warnings = append(c.doc.Warnings, c.router.Spec.Label+": "+warning)
	}
	if c.o.Reliability {
		if err := c.judge(b, whole); err != nil {
			return err
		}
	}
	if c.o.Target.kind == noTarget {
		c.scores, c.clusters, c.weights = whole.scores, whole.clusters, whole.outcomes.Weight
		return nil
	}
	calibrate, held := c.o.split(&b.evaluatedData)
	if len(calibrate) == 0 || len(held) == 0 {
		return hint.With(fmt.Errorf("%s: %s cannot be split in two parts", b.name, text.Plural(len(b.used), "sample")),
			"use more samples; --holdout 0 calibrates --strong-fraction without outcomes")
	}
	set, report := whole.pick(calibrate), whole.pick(held)
	strong, weak := report.outcomes.Means()
	c.doc.Outcomes = &results.Outcomes{
		Title: b.Title(), Unit: b.table.Meta.Unit, Pair: b.pair, Seed: c.o.Seed,
		Calibration: len(calibrate), HeldOut: len(held), Excluded: b.left, NearCopies: b.copies,
		CalibrationClusters: results.Value(set.outcomes.EffectiveClusters(set.clusters)), HeldOutClusters: results.Value(report.outcomes.EffectiveClusters(report.clusters)),
		StrongQuality: results.Value(strong), WeakQuality: results.Value(weak), AgainstRandom: c.random, Points: []results.OperatingPoint{},
	}
	c.scores, c.clusters, c.weights, c.unlike = set.scores, set.clusters, set.outcomes.Weight, set.unlike
	c.split = c.o.describeSplit(&b.evaluatedData, calibrate)
	if c.o.Target.kind == fractionTarget {
		return c.shares(b.pair, set, report)
	}
	return c.guarantee(b, set, report)
}

// split divides the evaluated samples into those that set thresholds and those that report.
func (o CalibrateOptions) split(b *evaluatedData) (set, report []int) {
	if o.Division != nil {
		return b.inParts(CalibrationPart, TestPart)
	}
	return eval.Split(slicesx.Pick(b.keys, b.used), o.Holdout, o.Seed)
}

// describeSplit describes the split for the artifact.
func (o CalibrateOptions) describeSplit(b *evaluatedData, set []int) *results.Split {
	if o.Division != nil {
		return splitOfDivision(b, set, *o.Division)
	}
	return splitOf(b, set, o.Holdout, o.Seed)
}

// inParts returns the indices of the evaluated samples in either of two parts.
func (b *evaluatedData) inParts(a, z Part) (in, out []int) {
	for k, i := range b.used {
		switch b.parts[i] {
		case a:
			in = append(in, k)
		case z:
			out = append(out, k)
		}
	}
	return in, out
}

// splitOfDivision describes in an artifact which samples set its threshold.
func splitOfDivision(b *evaluatedData, set []int, d Division) *results.Split {
	s := splitOf(b, set, d.Shares[TestPart], d.Seed)
	s.Parts = d.Shares[:]
	return s
}

// loadOutcomes reads the data as Load does: without contaminated prompts, and without the
// router's training prompts unless it has held-out scores for them.
func (c *calibrator) loadOutcomes(ctx context.Context) (*Benchmark, error) {
	var err error
	if c.router.isScoreFile() {
		if c.router, err = openSpec(c.router.Spec, RouterOptions{}); err != nil {
			return nil, err
		}
	}
	if err := canCalibrate(c.router); err != nil {
		return nil, err
	}
	rs := []Router{c.router}
	d := demandOf(rs)
	d.trained, d.digests, d.extras, d.keys, d.clusters = unscorable(c.router), true, true, true, c.o.Clusters
	d.excludeNear, d.strict = c.o.ExcludeNear, c.o.Strict
	d.divide(c.o.Division, true)
	d.needs.Features = d.needs.Features || c.o.Pricing.priced() // tokens are estimated from characters
	noteUnsigned(c.o.Feedback, d.lessons)
	b, err := loadBenchmark(ctx, c.in, c.encoders, c.o.Data, c.o.Pair, d)
	if err != nil {
		return nil, err
	}
	if err := c.in.checkNames(c.o.Pricing); err != nil {
		return nil, err
	}
	gap, err := b.Gap()
	if err != nil {
		return nil, err
	}
	if gap.State == eval.GapReversed {
		return nil, b.reversedGap(gap)
	}
	c.doc.Warnings = append(append(c.doc.Warnings, b.warnings...), labelWarnings(b.input)...)
	c.doc.Reference, c.doc.Prompts = b.input, int64(len(b.used))
	c.doc.Warnings = append(c.doc.Warnings, unmeasuredWarnings(b.unmeasured)...)
	if err := checkRouters(rs, []*Benchmark{b}); err != nil {
		return nil, err
	}
	c.router, err = c.router.ForPair(b.pair)
	return b, err
}

// labelWarnings says of which labels a calibration's quality is, if they are not the data's own.
func labelWarnings(in results.Input) []string {
	if in.Labels == "" {
		return nil
	}
	return []string{fmt.Sprintf("quality means the labels %q here: measures and guarantees hold for them, and for no other labels, however well they agree", in.Labels)}
}

// wholeOf scores every sample.
func (c *calibrator) wholeOf(ctx context.Context, b *Benchmark) (p part, err error) {
	p = part{outcomes: b.samples.Outcomes, clusters: b.samples.Clusters, least: b.table.Meta.Min, most: b.table.Meta.Max}
	r, progress := c.router.Router, c.o.progress("scoring")
	prompts := func(index []int) []routers.Prompt { return b.promptsAt(r, slicesx.Pick(b.used, index)) }
	if p.scores, err = heldOutScores(ctx, r, len(b.used), prompts, b.norms(), progress); err != nil {
		return p, fmt.Errorf("router %q on %s: %w", c.router.Spec.Label, b.name, err)
	}
	p.unlike = unlikeOf(r, len(b.used), func(from, to int) []routers.Prompt { return b.promptsAt(r, b.used[from:to]) })
	noteUnlike(c.o.Feedback, b.name, c.router.Spec.Label, p.unlike)
	p.costStrong, p.costWeak, err = c.costs(b)
	if a, ok := routers.As[routers.AnswerRouter](r); ok {
		p = p.cascadePart(b, a)
	}
	return p, err
}
