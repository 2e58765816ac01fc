package harness

import (
	"context"
	"errors"
	"fmt"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// Target is what a calibrated threshold has to reach. [StrongFractions], [KeepQuality],
// [RecoverGap] and [StayBelow] return one.
type Target struct {
	kind      targetKind
	value     float64
	fractions []float64
}

type targetKind int

const (
	noTarget targetKind = iota
	fractionTarget
	qualityTarget
	pgrTarget
	budgetTarget
)

// StrongFractions returns the target of given shares of strong calls, each in [0,1], with
// one threshold per share.
func StrongFractions(fractions ...float64) Target {
	return Target{kind: fractionTarget, fractions: fractions}
}

// KeepQuality returns the target of keeping a share of the strong model's quality, such as
// 0.95.
func KeepQuality(share float64) Target { return Target{kind: qualityTarget, value: share} }

// RecoverGap returns the target of recovering a share of the quality gap between the
// models, such as 0.5.
func RecoverGap(share float64) Target { return Target{kind: pgrTarget, value: share} }

// StayBelow returns the target of a mean cost below a budget, in USD per thousand prompts.
func StayBelow(usd float64) Target { return Target{kind: budgetTarget, value: usd} }

// CalibrateOptions says how thresholds are set.
type CalibrateOptions struct {
	Feedback
	Reading
	// Encoder makes the vectors that the data lacks.
	Encoder Encoder
	// Target is what to reach. The zero value sets no threshold; Reliability and Drift
	// need none.
	Target Target
	// Exact asks for a guarantee that holds for any number of samples.
	Exact bool
	// Confidence is the confidence of guarantees and intervals, in [0.5,0.9999].
	Confidence float64
	// Data is a built-in name or a file; "" stands for the Arena prompts.
	Data string
	// Pair replaces the data's own pair of models, unless it is empty.
	Pair results.Pair
	// Clusters says which samples are dependent; "" stands for ClusterAuto. Copies of a
	// prompt stay in one part whatever it says.
	Clusters Clustering
	// Holdout is the share of the samples with outcomes that are held out to report on,
	// in [0,1); 0 ignores the outcomes.
	Holdout float64
	// Seed is the seed of the split.
	Seed uint64
	// Division, if non-nil, divides the data instead: its calibration part sets thresholds and its
	// test part reports.
	Division *Division
	// Prices are the costs of the strong and of the weak model, in USD per thousand
	// prompts, for data without costs; nil uses the data's own costs.
	Prices []float64
	// ModelPrices are the costs of a thousand prompts in USD, by model. They are used like
	// Prices, if that is nil.
	ModelPrices map[string]float64
	// Pricing says where costs come from without Prices and ModelPrices, and which models are
	// free.
	Pricing Pricing
	// ExcludeNear leaves out the near copies of the router's training prompts. Without it,
	// they are only counted.
	ExcludeNear bool
	// Strict refuses outcomes that look wrong, instead of warning of them.
	Strict bool
	// Next, if positive, is the number of further requests for which to predict the
	// number of strong calls.
	Next int64
	// Check names a data set of other prompts on which to show the strong fraction; ""
	// shows none.
	Check string
	// Reliability also compares the scores, as probabilities that the strong model is
	// needed, with the outcomes.
	Reliability bool
	// KeepScores keeps the scores in memory. The artifact of a calibration without
	// outcomes needs them.
	KeepScores bool
	// Drift names a data set or score file to compare with the scores of calibration; ""
	// compares none.
	Drift string
}

// DefaultCalibrate returns the options that routellm calibrate has without flags, for the
// given target: 95 % confidence, half of the samples with outcomes held out, and the
// Arena prompts as data.
func DefaultCalibrate(t Target) CalibrateOptions {
	return CalibrateOptions{Target: t, Confidence: 0.95, Holdout: 0.5, KeepScores: true}
}

// check refuses options that Calibrate and Drift cannot follow.
func (o CalibrateOptions) check() error {
	switch {
	case !(o.Confidence >= 0.5 && o.Confidence <= 0.9999):
		return fmt.Errorf("confidence %v: expected 0.5 to 0.9999; DefaultCalibrate has 0.95", o.Confidence)
	case !(o.Holdout >= 0 && o.Holdout < 1):
		return fmt.Errorf("held-out share %v: expected a share in [0,1)", o.Holdout)
	case o.Prices != nil && len(o.Prices) != 2:
		return fmt.Errorf("%s: expected two, of the strong and of the weak model", text.Plural(len(o.Prices), "price"))
	case o.Target.kind == noTarget && !o.Reliability && o.Drift == "":
		return errors.New("nothing to calibrate: expected a target, reliability or new scores for drift")
	case o.Target.kind == fractionTarget && len(o.Target.fractions) == 0:
		return errors.New("no strong fraction: expected at least one")
	}
	if err := o.Clusters.check(); err != nil {
		return err
	}
	return o.Target.check()
}

// check refuses a target that no threshold can have.
func (t Target) check() error {
	x := t.value
	switch {
	case t.kind == budgetTarget && !(x > 0 && num.Finite(x)):
		return fmt.Errorf("budget of %v USD: expected a positive number", x)
	case (t.kind == qualityTarget || t.kind == pgrTarget) && !(x >= 0 && x <= 1):
		return fmt.Errorf("target %v: expected a share in [0,1]", x)
	}
	for _, f := range t.fractions {
		if !(f >= 0 && f <= 1) {
			return fmt.Errorf("strong fraction %v: expected a share in [0,1]", f)
		}
	}
	return nil
}

// Calibration is a finished calibration.
type Calibration struct {
	// Document is the result.
	Document *results.Calibration
	// Artifact holds the first threshold. It is nil if no threshold was set or the scores
	// were not kept.
	Artifact *results.Artifact
	// Diagram has the points of the reliability diagram. It is nil unless Reliability was
	// asked for.
	Diagram *Diagram
}

// Diagram holds the title and the points of a reliability diagram.
type Diagram struct {
	Title string
	eval.Probability
}

// Calibrate sets a router's thresholds on data. Without outcomes, it sets thresholds for
// shares of strong calls on the scores alone. With outcomes, it splits the samples in two,
// sets thresholds on one part and reports on the other. It returns [NoGuarantee] for a budget
// that no threshold is established to keep; for other targets, the document's guarantee is then
// trivial. Start from [DefaultCalibrate].
func Calibrate(ctx context.Context, r Router, o CalibrateOptions) (*Calibration, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if r.Router == nil && !r.isScoreFile() {
		return nil, fmt.Errorf("router %q is not open: expected a router from OpenCalibrated, OpenOne or Own", r.Spec.Label)
	}
	reading, done := o.share()
	defer done()
	o.Reading = reading
	c := newCalibrator(r, o)
	c.doc.Router = r.Spec.Label
	with, err := c.hasOutcomes(ctx)
	switch {
	case err != nil:
		return nil, err
	case with:
		err = c.withOutcomes(ctx)
	case o.needsOutcomes():
		err = hint.With(errors.New("a target of quality, gap or budget, and reliability, need data with both models' outcomes"),
			"give --data: a benchmark, or a file with what both models scored (--pair STRONG,WEAK)")
	default:
		err = c.withoutOutcomes(ctx)
	}
	if err != nil {
		return nil, err
	}
	return c.finish(ctx)
}

// Drift compares the scores of new prompts, o.Drift, with those of an earlier
// calibration, whose artifact is a file. given names the router instead of the artifact;
// "" stands for the artifact's own.
func Drift(ctx context.Context, artifact, given string, routers RouterOptions, o CalibrateOptions) (*Calibration, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	a, r, err := ReadArtifact(artifact, given, routers)
	if err != nil {
		return nil, err
	}
	reading, done := o.share()
	defer done()
	o.Reading = reading
	c := newCalibrator(r, o)
	c.artifact = a
	if _, err := c.tellPair(a.Pair); err != nil {
		return nil, err
	}
	c.doc.Router, c.doc.Prompts = r.Spec.Label, a.Scores
	if len(a.Inputs) > 0 {
		c.doc.Reference = a.Inputs[0]
	}
	return c.finish(ctx)
}

// calibrator is one calibration under way.
type calibrator struct {
	o        CalibrateOptions
	router   Router
	in       *opener
	encoders *Encoders
	doc      *results.Calibration
	scores   []float64         // scores that thresholds were set on; nil if not kept
	clusters []int             // cluster of each of these scores; nil if they are independent
	weights  []float64         // weight of each of these scores; nil if they count alike
	unlike   []bool            // scores of prompts that are unlike all that the router was trained on; nil if not known
	split    *results.Split    // nil without outcomes
	artifact *results.Artifact // nil until a threshold is set
	random   *results.Test     // test of the router against random; nil without outcomes
	diagram  *Diagram
	unnamed  bool // no router is known that an artifact could name
}

func newCalibrator(r Router, o CalibrateOptions) *calibrator {
	doc := &results.Calibration{
		SchemaVersion: results.SchemaVersion, Tool: tool(),
		Confidence: results.Value(o.Confidence), Thresholds: []results.FractionThreshold{}, Warnings: []string{},
	}
	if o.Next > 0 {
		doc.Next = &o.Next
	}
	return &calibrator{o: o, router: r, in: newOpener(o.Reading, o.Feedback), encoders: NewEncoders(o.Encoder, o.Feedback), doc: doc}
}

// finish compares with new scores if o.Drift names any, and returns the calibration.
func (c *calibrator) finish(ctx context.Context) (*Calibration, error) {
	if c.o.Drift != "" {
		if err := c.drift(ctx); err != nil {
			return nil, err
		}
	}
	return &Calibration{Document: c.doc, Artifact: c.artifact, Diagram: c.diagram}, nil
}

// needsOutcomes reports whether scores alone are not enough.
func (o CalibrateOptions) needsOutcomes() bool {
	return o.Reliability || o.Target.kind != noTarget && o.Target.kind != fractionTarget
}

// hasOutcomes reports whether thresholds are set with outcomes: the data has the outcomes of
// a pair of models, and the options do not ignore them.
func (c *calibrator) hasOutcomes(ctx context.Context) (bool, error) {
	o := c.o
	if o.Data == "" || o.Holdout == 0 && !o.needsOutcomes() || o.Check != "" {
		return false, nil
	}
	if o.Holdout == 0 && o.Target.kind != noTarget {
		return false, hint.With(errors.New("no samples are held out: a guarantee needs some to report on"), "--holdout 0.5")
	}
	if claim, err := claimOf(o.Data); err != nil || claim.known() {
		return false, err // a file of scores
	}
	f, _, err := c.in.open(ctx, o.Data)
	if err != nil {
		return false, err
	}
	defer f.Close()
	if o.Pair == (results.Pair{}) && (f.Meta().Strong == "" || f.Meta().Weak == "") && !o.needsOutcomes() {
		return false, nil
	}
	_, err = c.in.choosePair(f, o.Pair)
	return err == nil, err
}

// setArtifact keeps a threshold for the artifact.
func (c *calibrator) setArtifact(threshold float64, g results.Guarantee, pair results.Pair) error {
	if c.unnamed {
		return nil
	}
	router, err := IdentityOf(c.router)
	if err != nil {
		return err
	}
	c.artifact = &results.Artifact{
		Kind: results.ArtifactKind, SchemaVersion: results.SchemaVersion, Tool: c.doc.Tool, Router: router,
		Inputs: []results.Input{c.doc.Reference}, Pair: pair, Guarantee: g, AgainstRandom: c.random, Split: c.split,
		Threshold: results.ThresholdAt(threshold), Scores: int64(len(c.scores)), Unlike: countUnlike(c.unlike), EffectiveScores: results.Value(worthOf(c.scores, c.clusters, c.weights)), Quantiles: eval.Outcomes{Weight: c.weights}.Quantiles(c.scores, eval.MaxReference),
	}
	if x := c.doc.Outcomes; x != nil {
		c.artifact.HeldOut = heldOut(x.HeldOut, c.o.Confidence, x.Points[0].Measures)
	}
	return nil
}

// heldOut returns what an artifact keeps of the measures of its operating point.
func heldOut(samples int, confidence float64, all []results.Measure) *results.HeldOut {
	h := &results.HeldOut{Samples: samples, Confidence: results.Value(confidence), Measures: []results.Measure{}}
	for _, m := range all {
		if m.Name != "next_calls" { // depends on --next
			h.Measures = append(h.Measures, m)
		}
	}
	return h
}

// warnTies warns if equal scores make a threshold call the strong model more often than
// wanted.
func (c *calibrator) warnTies(t eval.Threshold) {
	if t.Tied() {
		c.doc.Warnings = append(c.doc.Warnings, fmt.Sprintf("the threshold for %.4g %% is %v, a score that several prompts share: %.4g %% go to the strong model",
			100*t.Fraction, t.Threshold, 100*t.Observed()))
	}
}

// noGuarantee returns the empty guarantee: a strong-call share promises no quality.
func noGuarantee(fraction float64) results.Guarantee {
	return results.Guarantee{Target: "strong_fraction", Value: results.Value(fraction), Test: "none", Confidence: results.Missing}
}
