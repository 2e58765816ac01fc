package harness

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// withoutOutcomes sets thresholds for shares of strong calls on scores alone.
func (c *calibrator) withoutOutcomes(ctx context.Context) error {
	pair, err := c.tellPair(c.o.Pair)
	if err != nil {
		return err
	}
	reference, err := openScoreSource(ctx, c.in, c.encoders, c.router, c.o.Data, c.o.source(false))
	if err != nil {
		return err
	}
	if c.o.Target.kind == noTarget { // only drift is asked for
		c.doc.Reference = reference.input
		c.scores, err = collect(reference.stream)
		c.clusters, c.weights, c.doc.Prompts = reference.clusters, reference.weights, int64(len(c.scores))
		return err
	}
	keeps := c.o.KeepScores || c.o.Drift != ""
	if c.clusters, c.weights = reference.clusters, reference.weights; c.clusters != nil || c.weights != nil || keeps {
		if c.scores, err = collect(reference.stream); err != nil {
			return err
		}
	}
	if c.unlike = reference.unlike; c.o.Data != "" { // nobody chose the Arena prompts
		noteUnlike(c.o.Feedback, NameOf(reference.name), c.router.Spec.Label, c.unlike)
	}
	thresholds, err := c.thresholds(reference)
	if err != nil {
		return fmt.Errorf("%s: %w", reference.name, err)
	}
	c.doc.Reference, c.doc.Prompts = reference.input, thresholds[0].N
	for _, t := range thresholds {
		c.warnTies(t)
		if c.clusters != nil && c.weights == nil {
			t = t.Clustered(c.scores, c.clusters)
		}
		c.doc.Thresholds = append(c.doc.Thresholds, results.NewFractionThreshold(t, c.o.Confidence, c.doc.Next))
	}
	if c.o.Check != "" {
		if err := c.checkThresholds(ctx, thresholds); err != nil {
			return err
		}
	}
	if !keeps {
		return nil
	}
	return c.setArtifact(thresholds[0].Threshold, noGuarantee(thresholds[0].Fraction), pair)
}

// thresholds returns one threshold per wanted share of strong calls.
func (c *calibrator) thresholds(reference scoreSource) ([]eval.Threshold, error) {
	if c.weights == nil {
		return eval.Calibrate(reference.stream, c.o.Target.fractions)
	}
	clusters := c.clusters
	if clusters == nil {
		clusters = upTo(len(c.scores))
	}
	return eval.Outcomes{Strong: c.scores, Weight: c.weights}.Calibrate(c.scores, clusters, c.o.Target.fractions)
}

// tellPair tells a router among several models its pair. It returns the pair, or none for a router
// that needs none.
func (c *calibrator) tellPair(pair results.Pair) (results.Pair, error) {
	if path, column := c.router.Spec.File(); c.router.Router == nil && column == "" {
		several, err := datasets.HasModelScores(path)
		if err != nil || !several {
			return results.Pair{}, c.router.Spec.HintList(err)
		}
		if c.router, err = openSpec(c.router.Spec, RouterOptions{}); err != nil {
			return pair, err
		}
	}
	if _, ok := c.router.Router.(routers.Unpaired); !ok || c.router.isDecider() {
		return results.Pair{}, nil
	}
	var err error
	c.router, err = c.router.ForPair(pair)
	return pair, err
}

// collect keeps a stream's scores in memory.
func collect(stream eval.Stream) ([]float64, error) {
	var all []float64
	err := stream(func(batch []float64) error {
		all = append(all, batch...)
		return nil
	})
	return all, err
}

// checkThresholds adds the strong fraction of each threshold on other prompts.
func (c *calibrator) checkThresholds(ctx context.Context, thresholds []eval.Threshold) error {
	other, err := openScoreSource(ctx, c.in, c.encoders, c.router, c.o.Check, c.o.source(true))
	if err != nil {
		return err
	}
	c.doc.Check = &other.input
	for i, t := range thresholds {
		share, count, err := eval.FractionAbove(other.stream, t.Threshold)
		if err != nil {
			return fmt.Errorf("%s: %w", other.name, err)
		}
		c.doc.Thresholds[i].Check = &results.Checked{Prompts: count, StrongFraction: results.Value(share)}
	}
	return nil
}

// drift compares new scores with the scores of the calibration.
func (c *calibrator) drift(ctx context.Context) error {
	fresh, err := c.freshScores(ctx)
	if err != nil {
		return err
	}
	scores, err := collect(fresh.stream)
	if err != nil {
		return err
	}
	kept, worth := eval.Outcomes{Weight: c.weights}.Quantiles(c.scores, eval.MaxReference), worthOf(c.scores, c.clusters, c.weights)
	if a := c.artifact; a != nil {
		kept, worth = a.Quantiles, float64(a.EffectiveScores)
		if !a.EffectiveScores.Exists() { // written before artifacts held it
			worth = float64(a.Scores)
		}
	}
	now := worthOf(scores, fresh.clusters, fresh.weights)
	if fresh.weights != nil {
		scores = eval.Outcomes{Weight: fresh.weights}.Quantiles(scores, eval.MaxReference)
	}
	d, err := eval.NewDrift(kept, scores)
	if err != nil {
		return fmt.Errorf("%s: %w", fresh.name, err)
	}
	d = d.Worth(min(worth, float64(len(kept))), now)
	out := &results.Drift{
		New: fresh.input, Calibration: d.N, Scores: d.M, KS: results.Value(d.KS), P: results.Value(d.P), PSI: results.Value(d.PSI),
		Drifted: d.Drifted(c.o.Confidence), StrongBefore: results.Missing, StrongNow: results.Missing,
	}
	c.doc.Drift = out
	if fresh.input.SHA256 == c.doc.Reference.SHA256 {
		c.doc.Warnings = append(c.doc.Warnings, "these are the prompts of the calibration: only new ones can show drift")
	}
	if c.artifact == nil {
		return nil
	}
	for _, x := range []struct {
		scores []float64
		share  *results.Value
	}{{kept, &out.StrongBefore}, {scores, &out.StrongNow}} {
		share, _, err := eval.FractionAbove(eval.StreamOf(x.scores), c.artifact.Cut())
		if err != nil {
			return err
		}
		*x.share = results.Value(share)
	}
	return nil
}

// worthOf returns the number of independent scores that scores in clusters are worth. nil
// clusters stand for independent scores.
func worthOf(scores []float64, clusters []int, weights []float64) float64 {
	if weights != nil {
		if clusters == nil {
			clusters = upTo(len(scores))
		}
		return eval.Outcomes{Strong: scores, Weight: weights}.EffectiveClusters(clusters)
	}
	if clusters == nil {
		return float64(len(scores))
	}
	return eval.EffectiveScores(scores, clusters)
}

// freshScores returns the scores of a score file, or the router's on a data set.
func (c *calibrator) freshScores(ctx context.Context) (scoreSource, error) {
	path := c.o.Drift
	kind, err := c.in.kindOf(ctx, path)
	if err != nil {
		return scoreSource{}, err
	}
	claim, err := claimOf(path)
	if err != nil {
		return scoreSource{}, err
	}
	own, err := claim.isOf(c.router)
	switch {
	case err != nil:
		return scoreSource{}, err
	case own && !c.router.isScoreFile():
		return claim.source(ctx, c.o.Feedback, c.o.Clusters)
	case kind == kindScores && claim.known() && !own && !c.router.isScoreFile():
		return scoreSource{}, claim.refuse(c.router)
	case c.router.isScoreFile() || kind == kindScores:
		return fileSource(c.o.Feedback, c.router, path, true)
	}
	return openScoreSource(ctx, c.in, c.encoders, c.router, path, c.o.source(true))
}
