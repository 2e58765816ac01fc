package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// CalibrateSummary sets thresholds as [Calibrate] does, from the summary of one router, whose buckets take the place of
// clusters. A threshold for a share of strong calls is exact where its bin holds one score; else the document says between
// which scores it lies. Guarantees test the edges of bins, where every sum is exact, on a part of the buckets. o.Drift names
// a summary of new scores. r is the router of the artifact; the zero Router stands for none.
func CalibrateSummary(ctx context.Context, s *Summaries, r Router, o CalibrateOptions) (*Calibration, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if len(s.Routers) != 1 {
		return nil, hint.With(fmt.Errorf("the summary has %s: expected one", text.Plural(len(s.Routers), "router")), "a threshold belongs to one router: name the summary of one")
	}
	c := &summaryCalibrator{calibrator: newCalibrator(r, o), summary: s.Routers[0].Summary, name: cmp.Or(s.Name, summaryName)}
	if c.unnamed = r.Spec.Name == "" || !o.KeepScores; r.Spec.Name == "" {
		r.Spec.Label = s.Routers[0].Name
	}
	c.doc.Router, c.doc.Reference, c.doc.Prompts = r.Spec.Label, s.Inputs[0], c.summary.Rows()
	c.doc.Summary = &results.Summary{Bins: len(c.summary.Bins), Buckets: c.summary.Buckets(), Unused: c.summary.Unused}
	var err error
	switch {
	case o.needsOutcomes() && o.Target.kind != qualityTarget && o.Target.kind != pgrTarget:
		err = errors.New("a summary has no costs and no samples: its targets are shares of strong calls, of quality and of the gap")
	case o.Target.kind == fractionTarget:
		err = c.fractions()
	case o.Target.kind != noTarget:
		err = c.withOutcomes(s.Pair)
	}
	if err == nil && o.Drift != "" {
		err = c.drift(ctx)
	}
	if err != nil {
		return nil, err
	}
	return &Calibration{Document: c.doc, Artifact: c.artifact}, nil
}

// summaryCalibrator is a calibration on a summary under way.
type summaryCalibrator struct {
	*calibrator
	summary *binned.Summary
	name    string
}

// fractions sets thresholds for shares of strong calls on all rows.
func (c *summaryCalibrator) fractions() error {
	if !c.summary.Bucketed {
		c.doc.Warnings = append(c.doc.Warnings, "the summary has no buckets: intervals take its rows to be independent of each other")
	}
	for _, f := range c.o.Target.fractions {
		t, err := c.summary.Threshold(f)
		if err != nil {
			return err
		}
		t.Design = c.summary.Design(t.Threshold)
		lo, hi := c.summary.ThresholdRange(f)
		out := results.NewFractionThreshold(t, c.o.Confidence, c.doc.Next)
		if lo < hi {
			out.Within, out.TiedCalls = &results.Range{Lo: results.Value(lo), Hi: results.Value(hi)}, 0
			c.doc.Warnings = append(c.doc.Warnings, fmt.Sprintf("the exact threshold for %.4g %% lies between %v and %v, in one bin; %v is where the bin begins: routellm sql threshold prints the query that finds the exact one, for --refined",
				100*f, lo, hi, lo))
		} else {
			c.warnTies(t)
		}
		c.doc.Thresholds = append(c.doc.Thresholds, out)
	}
	return c.keep(c.doc.Thresholds[0].Threshold.Cut(), noGuarantee(c.o.Target.fractions[0]), results.Pair{})
}

// keep sets the artifact, if it is wanted.
func (c *summaryCalibrator) keep(threshold float64, g results.Guarantee, pair results.Pair) error {
	o, _, scores := c.summary.Samples()
	c.scores, c.weights = scores, o.Weight
	if err := c.setArtifact(threshold, g, pair); err != nil || c.artifact == nil {
		return err
	}
	c.artifact.Scores, c.artifact.EffectiveScores = c.summary.Rows(), results.Value(c.summary.Worth())
	return nil
}

// withOutcomes sets the threshold of a guarantee on a part of the buckets, and reports on the others.
func (c *summaryCalibrator) withOutcomes(pair results.Pair) error {
	o, cluster, scores := c.summary.Samples()
	if cluster == nil {
		return hint.With(errors.New("a guarantee needs buckets: they take the place of clusters"), "routellm sql summary --buckets 200 adds them, as does eval --summarise")
	}
	if c.o.Holdout == 0 {
		return hint.With(errors.New("no buckets are held out: a guarantee needs some to report on"), "--holdout 0.5")
	}
	if pair = c.pair(pair); c.o.Next > 0 {
		return errors.New("the number of strong calls among the next requests is predicted for a share of strong calls alone")
	}
	b := &Benchmark{pair: pair, samples: measure.Samples{Outcomes: o, Clusters: cluster}}
	b.name, b.table = c.name, &datasets.Table{Meta: datasets.NewMeta()}
	if c.o.Columns.Min < c.o.Columns.Max {
		b.table.Meta.Min, b.table.Meta.Max = c.o.Columns.Min, c.o.Columns.Max
	}
	if err := c.checkRange(b.table.Meta); err != nil {
		return err
	}
	if gap := c.summary.Gap(); gap.State == eval.GapReversed {
		return (&Summaries{Pair: pair}).reversed(gap)
	}
	keys := make([]string, len(cluster))
	for i, k := range cluster {
		keys[i] = strconv.Itoa(k)
	}
	whole := part{outcomes: o, scores: scores, clusters: cluster, least: b.table.Meta.Min, most: b.table.Meta.Max}
	in, out := eval.Split(keys, c.o.Holdout, c.o.Seed)
	if len(in) == 0 || len(out) == 0 {
		return errors.New("the buckets cannot be split in two parts: expected at least two")
	}
	set, report := whole.pick(in), whole.pick(out)
	strong, weak := report.outcomes.Means()
	c.doc.Outcomes = &results.Outcomes{
		Title: "buckets of a summary", Pair: pair, Seed: c.o.Seed, Calibration: c.rows(in), HeldOut: c.rows(out),
		CalibrationClusters: results.Value(set.outcomes.EffectiveClusters(set.clusters)), HeldOutClusters: results.Value(report.outcomes.EffectiveClusters(report.clusters)),
		StrongQuality: results.Value(strong), WeakQuality: results.Value(weak), Points: []results.OperatingPoint{},
	}
	c.scores, c.clusters, c.weights = set.scores, set.clusters, set.outcomes.Weight
	c.doc.Warnings = append(c.doc.Warnings, fmt.Sprintf("the guarantee counts on whole buckets of worst cases, of which there are %s: more buckets make it less cautious", text.Thousands(c.summary.Buckets())))
	if err := c.guarantee(b, set, report); err != nil || c.artifact == nil {
		return err
	}
	c.artifact.Scores, c.artifact.EffectiveScores = int64(c.doc.Outcomes.Calibration), c.doc.Outcomes.CalibrationClusters
	return nil
}

// pair returns the names of the models.
func (c *summaryCalibrator) pair(pair results.Pair) results.Pair {
	return results.Pair{Strong: cmp.Or(c.o.Pair.Strong, pair.Strong, "strong"), Weak: cmp.Or(c.o.Pair.Weak, pair.Weak, "weak")}
}

// rows returns the number of samples in some cells.
func (c *summaryCalibrator) rows(cells []int) int {
	n := int64(0)
	for _, cell := range slicesx.Pick(c.summary.Cells, cells) {
		n += cell.Rows
	}
	return int(n)
}

// checkRange refuses qualities of an unknown range: a guarantee counts on the worst. Sums show that qualities are not all in
// [0,1] where a mean of them, or the mean square of their differences, is not.
func (c *summaryCalibrator) checkRange(meta datasets.Meta) error {
	if num.Finite(meta.Min) && num.Finite(meta.Max) {
		return nil
	}
	const rounding = 1e-9
	for _, x := range c.summary.Cells {
		least, most := min(x.Strong, x.Weak)/x.N, max(x.Strong, x.Weak)/x.N
		if least < -rounding || most > 1+rounding || x.Gain2 > x.N*(1+rounding) {
			return hint.With(errors.New("the qualities are not all in [0,1], and sums do not tell their range, which a guarantee needs"), "--range MIN,MAX")
		}
	}
	return nil
}

// drift compares new scores, summed up, with those of the summary.
func (c *summaryCalibrator) drift(ctx context.Context) error {
	fresh, err := OpenSummaries(ctx, SummaryFiles{Paths: []string{c.o.Drift}, Rows: c.o.Columns.Rows, ScoresOnly: true})
	if err != nil {
		return err
	}
	if len(fresh.Routers) != 1 {
		return fmt.Errorf("%q has %s: expected one", c.o.Drift, text.Plural(len(fresh.Routers), "router"))
	}
	now := fresh.Routers[0].Summary
	d, err := binned.NewDrift(c.summary, now)
	if err != nil {
		return err
	}
	drifted, certain := d.Drifted(c.o.Confidence)
	out := &results.Drift{
		New: fresh.Inputs[0], Calibration: int(d.Reference), Scores: int(d.New), KS: results.Value(d.KS.Value), P: results.Value(d.P.Value), PSI: results.Value(d.PSI),
		Drifted: drifted && certain, Undecided: !certain, StrongBefore: results.Missing, StrongNow: results.Missing,
	}
	if !d.KS.Exact() {
		out.KSWithin, out.PWithin = &results.Range{Lo: results.Value(d.KS.Lo), Hi: results.Value(d.KS.Hi)}, &results.Range{Lo: results.Value(d.P.Lo), Hi: results.Value(d.P.Hi)}
	}
	if cut := c.cut(); !math.IsNaN(cut) {
		out.StrongBefore, out.StrongNow = results.Value(c.summary.ShareAbove(cut)), results.Value(now.ShareAbove(cut))
	}
	if out.New.SHA256 == c.doc.Reference.SHA256 {
		c.doc.Warnings = append(c.doc.Warnings, "these are the prompts of the calibration: only new ones can show drift")
	}
	c.doc.Drift = out
	return nil
}

// cut returns the threshold that was set, NaN if there is none.
func (c *summaryCalibrator) cut() float64 {
	switch {
	case len(c.doc.Thresholds) > 0:
		return c.doc.Thresholds[0].Threshold.Cut()
	case c.doc.Outcomes != nil && len(c.doc.Outcomes.Points) > 0:
		return c.doc.Outcomes.Points[0].Threshold.Cut()
	}
	return math.NaN()
}
