package harness

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// CompareOptions says how routers are compared.
type CompareOptions struct {
	Feedback
	// Resamples is the number of bootstrap resamples, at most [MaxResamples].
	Resamples int
	// Permutations is the number of random permutations for p values; 0 computes none.
	Permutations int
	// Confidence is the confidence of the intervals, in (0.5,1).
	Confidence float64
	// Seed is the seed of resamples, permutations and broken ties.
	Seed uint64
	// Margin is the largest difference in APGR that does not matter, in (0,1).
	Margin float64
	// At is the strong fraction at which decisions are compared, in [0,1].
	At float64
	// Common compares the samples and benchmarks that all sets have, where it is otherwise
	// an error that a set lacks some.
	Common bool
	// Flips also lists, by task, the samples on which two routers' decisions differ.
	Flips bool
}

// DefaultCompare returns the options that routellm compare has.
func DefaultCompare() CompareOptions {
	return CompareOptions{Resamples: 2000, Permutations: 2000, Confidence: 0.95, Margin: 0.02, At: 0.5}
}

// check refuses options that Compare cannot follow.
func (o CompareOptions) check() error {
	const usable = "; DefaultCompare has usable options"
	if !(o.Confidence > 0.5 && o.Confidence < 1) {
		return fmt.Errorf("confidence %v: expected a number above 0.5 and below 1%s", o.Confidence, usable)
	}
	least := eval.MinResamples(o.Confidence)
	switch {
	case o.Resamples < least || o.Resamples > MaxResamples:
		return fmt.Errorf("%d resamples: expected %d to %s for a confidence of %v%s", o.Resamples, least, text.Thousands(MaxResamples), o.Confidence, usable)
	case o.Permutations < 0 || o.Permutations > MaxResamples:
		return fmt.Errorf("%d permutations: expected 0 to %s", o.Permutations, text.Thousands(MaxResamples))
	case !(o.Margin > 0 && o.Margin < 1):
		return fmt.Errorf("margin %v: expected a difference in APGR above 0 and below 1%s", o.Margin, usable)
	case !(o.At >= 0 && o.At <= 1):
		return fmt.Errorf("strong fraction %v of the decisions: expected a share in [0,1]", o.At)
	}
	return nil
}

// Compare compares every pair of contenders, at least two, on the samples that the sets
// share. Nil contenders stand for every router of every set. Compare aligns the sets in
// place, see [Align]. Start from [DefaultCompare].
func Compare(ctx context.Context, sets []*ScoreSet, contenders []Contender, o CompareOptions) (*results.Comparison, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if contenders == nil {
		for _, s := range sets {
			contenders = append(contenders, s.Contenders(s.Label)...)
		}
		if err := Distinguish(contenders); err != nil {
			return nil, err
		}
	}
	switch len(contenders) {
	case 0:
		return nil, errors.New("no router to compare: expected at least two")
	case 1:
		return nil, hint.With(fmt.Errorf("%q is the only router: expected at least two to compare", contenders[0].Label), "random is a router too")
	}
	for _, c := range contenders {
		if !slices.Contains(sets, c.Set) {
			return nil, fmt.Errorf("router %q is in a set that is not among those to compare", c.Label)
		}
	}
	notes, err := Align(sets, o.Common)
	if err != nil {
		return nil, err
	}
	for _, note := range notes {
		o.note("%s", note)
	}
	doc := &results.Comparison{
		SchemaVersion: results.SchemaVersion, Tool: tool(),
		Seed: o.Seed, Resamples: o.Resamples, Permutations: o.Permutations,
		Confidence: results.Value(o.Confidence), Margin: results.Value(o.Margin), At: results.Value(o.At),
	}
	for _, s := range sets {
		doc.Inputs = append(doc.Inputs, s.Inputs...)
	}
	progress, total := o.progress("comparing"), len(sets[0].Benchmarks)
	for i := range total {
		b, err := o.benchmark(ctx, contenders, i)
		if err != nil {
			return nil, err
		}
		doc.Benchmarks = append(doc.Benchmarks, b)
		progress(i+1, total)
	}
	return doc, nil
}

// benchmark compares the contenders on benchmark i of their aligned sets.
func (o CompareOptions) benchmark(ctx context.Context, contenders []Contender, i int) (results.ComparedBenchmark, error) {
	first := contenders[0].Set.Benchmarks[i]
	b := results.ComparedBenchmark{Name: first.Name, Title: first.Title, Unit: first.Unit, Pair: first.Pair}
	samples := first.samples()
	m, err := measure.New(results.Benchmark{}, samples, eval.Points{})
	if err != nil {
		return b, fmt.Errorf("%s: %w", b.Name, err)
	}
	m.WarnOfPairs(eval.Bootstrap{Confidence: o.Confidence, Resamples: o.Resamples})
	b.Take(m.Result())
	b.Unmeasured, b.Correction = first.Unmeasured, first.Correction
	b.Warnings = append(append(b.Warnings, first.Warnings...), unmeasuredWarnings(b.Unmeasured)...)
	if first.Outcomes.Weight != nil && first.Gold == nil {
		b.Warnings = append(b.Warnings, fmt.Sprintf("the decisions at %.4g %% count every sample once, whatever its weight; all other numbers are weighted", 100*o.At))
	}
	if first.Gold != nil {
		b.Warnings = append(b.Warnings, fmt.Sprintf("the decisions at %.4g %% count the %s alone", 100*o.At, text.Plural(len(first.goldRows()), "gold sample")))
	}
	if m.Gap().State == eval.GapReversed {
		return b, reversedGap(b.Name, first.Input, b.Pair, m.Gap(), first.Warnings)
	}
	names, scores := make([]string, len(contenders)), make([][]float64, len(contenders))
	for k, c := range contenders {
		names[k], scores[k] = c.Label, c.scores(i)
	}
	c, err := o.comparer(ctx).Compare(samples.Outcomes, samples.Clusters, scores)
	if err != nil {
		return b, fmt.Errorf("%s: %w", b.Name, err)
	}
	o.judge(&b, c, names, func(k int) bool { return slices.Max(scores[k]) > slices.Min(scores[k]) })
	routed, err := route(scores, o.At, o.Seed)
	if err != nil {
		return b, fmt.Errorf("%s: %w", b.Name, err)
	}
	for h, d := range c.Pairs {
		decisions := decisionsOf(first, routed[d.A], routed[d.B], o.Flips)
		b.Pairs[h].Decisions = &decisions
	}
	return b, nil
}

// judge adds the values of the routers, their tests against random and their pairs. ranks reports
// whether a router ranks the samples.
func (o CompareOptions) judge(b *results.ComparedBenchmark, c eval.Comparison, names []string, ranks func(k int) bool) {
	b.Metric = "apgr"
	if c.Area {
		b.Metric = "area_over_random"
	}
	for k, v := range c.Values {
		b.Routers = append(b.Routers, results.ComparedRouter{Name: names[k], Value: results.Value(v)})
		if c.Random != nil && ranks(k) {
			test := results.NewTest(c.Random[k], o.Confidence)
			b.Routers[k].AgainstRandom = test
			for _, warning := range measure.RandomWarnings(*test, "") {
				b.Warnings = append(b.Warnings, names[k]+": "+warning)
			}
		}
	}
	for _, d := range c.Pairs {
		p := results.NewPair(d, names)
		p.Notes = append(p.Notes, o.notes(d)...)
		b.Pairs = append(b.Pairs, p)
	}
}

// comparer returns a comparer that stops with an error when ctx is done.
func (o CompareOptions) comparer(ctx context.Context) eval.Comparer {
	goOn := func(int, int) error { return ctx.Err() }
	return eval.Comparer{
		Bootstrap:    eval.Bootstrap{Resamples: o.Resamples, Confidence: o.Confidence, Seed: o.Seed, Progress: goOn},
		Permutations: o.Permutations, Margin: o.Margin, Progress: goOn,
	}
}

// notes returns the footnotes of a verdict: where the adjustment or the permutation test
// disagrees with it, or where the difference is within the margin.
func (o CompareOptions) notes(d eval.Difference) []string {
	var notes []string
	decided := d.Verdict == eval.Better || d.Verdict == eval.Worse
	if decided && d.Within {
		notes = append(notes, fmt.Sprintf("within margin: the %g %% interval, %.3f to %.3f, lies within +-%g, so that the difference does not matter",
			text.Percent(eval.NarrowConfidence(o.Confidence)), d.Narrow.Lo, d.Narrow.Hi, o.Margin))
	}
	if math.IsNaN(d.Interval.Lo) {
		return append(notes, "no interval: too few samples carry the difference, or the strong model is not better in too many resamples")
	}
	alpha := 1 - o.Confidence
	switch {
	case d.Alone != d.Verdict:
		notes = append(notes, fmt.Sprintf("%s if this were the only comparison, %s after the adjustment for all of them: the difference may be chance", d.Alone, d.Verdict))
	case decided && d.Holm > alpha:
		notes = append(notes, fmt.Sprintf("the permutation test does not reject equality (p = %s with Holm's correction); the verdict follows the bootstrap", text.PValue(d.Holm)))
	case !decided && d.Holm <= alpha:
		notes = append(notes, fmt.Sprintf("the permutation test rejects equality (p = %s with Holm's correction), but the bootstrap does not; the verdict follows the bootstrap", text.PValue(d.Holm)))
	}
	return notes
}
