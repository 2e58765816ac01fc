package cli

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
)

// none is a number that does not exist.
var none = result.Value(math.NaN())

// part is samples of a data set with everything that an operating point is about.
type part struct {
	outcomes             eval.Outcomes
	scores               []float64
	clusters             []int
	costStrong, costWeak []float64 // USD a thousand prompts; nil where not known
}

func (p part) pick(index []int) part {
	out := part{outcomes: p.outcomes.Select(index), scores: slicesx.Pick(p.scores, index), clusters: eval.ClusterIDs(slicesx.Pick(p.clusters, index))}
	if p.costStrong != nil {
		out.costStrong, out.costWeak = slicesx.Pick(p.costStrong, index), slicesx.Pick(p.costWeak, index)
	}
	return out
}

// withOutcomes sets thresholds on one part of the data and reports on the other.
func (c *calibration) withOutcomes(ctx context.Context, pair result.Pair) error {
	b, err := c.loadOutcomes(ctx, pair)
	if err != nil {
		return err
	}
	whole, keys, err := c.wholeOf(ctx, b)
	if err != nil {
		return err
	}
	if c.o.Reliability {
		if err := c.judge(b, whole); err != nil {
			return err
		}
	}
	if c.o.targets() == 0 {
		c.scores = whole.scores
		return nil
	}
	calibrate, held := eval.Split(keys, c.o.Holdout, c.o.Seed)
	if len(calibrate) == 0 || len(held) == 0 {
		return hint.With(fmt.Errorf("%s: %d samples cannot be split in two", b.name, len(keys)),
			"another --seed, or --holdout 0 for --strong-fraction without outcomes")
	}
	set, report := whole.pick(calibrate), whole.pick(held)
	strong, weak := report.outcomes.Means()
	c.doc.Outcomes = &result.Outcomes{
		Title: b.title(), Unit: b.table.Meta.Unit, Pair: b.pair, Seed: c.o.Seed,
		Calibration: len(calibrate), HeldOut: len(held), Excluded: b.left,
		StrongQuality: result.Value(strong), WeakQuality: result.Value(weak), Points: []result.Operating{},
	}
	c.scores = set.scores
	if len(c.o.Fractions) > 0 {
		return c.shares(b.pair, set, report)
	}
	return c.guarantee(b, set, report)
}

// unscorable are the training prompts whose score before they were seen is not known.
func unscorable(n entrant) knowledge {
	trained := knowledgeOf([]entrant{n})
	if h, ok := n.router.(routers.HeldOut); ok {
		maps.DeleteFunc(trained.digests, func(norm string, _ bool) bool { _, known := h.HeldOut(norm); return known })
	}
	return trained
}

// loadOutcomes reads the data as eval does: without contaminated prompts, and without
// those that the router was trained on, unless it has held-out scores of them.
func (c *calibration) loadOutcomes(ctx context.Context, pair result.Pair) (*bench, error) {
	n := &c.entrant
	var err error
	if n.isScoreFile() {
		if n.router, err = registry.Open(n.spec, registry.Options{}); err != nil {
			return nil, err
		}
	}
	if err := canCalibrate(*n); err != nil {
		return nil, err
	}
	entrants := []entrant{*n}
	b, err := loadBench(ctx, c.encoders, c.o.Data, pair, demand{
		needs: needsOf(entrants), kinds: kindsOf(entrants), trained: unscorable(*n), digests: true, extras: true,
	})
	if err != nil {
		return nil, err
	}
	gap, err := eval.NewGap(b.subject.Outcomes, b.subject.Clusters)
	if err != nil {
		return nil, err
	}
	if gap.State == eval.GapReversed {
		return nil, reversedGap(b.name, b.pair, gap)
	}
	c.doc.Reference, c.doc.Prompts = b.input, int64(len(b.used))
	return b, checkEntrants(entrants, []*bench{b})
}

// wholeOf scores every sample. keys name what the split must keep together:
// samples of one cluster or with one prompt.
func (c *calibration) wholeOf(ctx context.Context, b *bench) (p part, keys []string, err error) {
	var norms []string
	if b.table.PromptNormSHA256 != nil {
		norms = slicesx.Pick(b.table.PromptNormSHA256, b.used)
	}
	keys = eval.Groups(slicesx.Pick(b.table.Cluster, b.used), norms)
	p = part{outcomes: b.subject.Outcomes, clusters: eval.ClusterIDs(keys)}
	r, progress := c.entrant.router, newProgress(c.streams.err, "scoring")
	if p.scores, err = heldOutScores(ctx, r, b.prompts(r), norms, progress); err != nil {
		return p, nil, fmt.Errorf("router %q on %s: %w", c.entrant.spec.Label, b.name, err)
	}
	p.costStrong, p.costWeak, err = c.costs(b)
	return p, keys, err
}

// costs are those of --prices, else the data's columns, in USD a thousand prompts.
func (c *calibration) costs(b *bench) (strong, weak []float64, err error) {
	n := len(b.used)
	if c.o.Prices != nil {
		return slices.Repeat(c.o.Prices[:1], n), slices.Repeat(c.o.Prices[1:], n), nil
	}
	if strong, err = costOf(b, b.pair.Strong); err == nil {
		weak, err = costOf(b, b.pair.Weak)
	}
	switch _, some := b.table.ExtraOf(costColumn + b.pair.Strong); {
	case err == nil:
		return strong, weak, nil
	case c.o.given.budget:
		return nil, nil, hint.With(err, "--prices STRONG,WEAK gives what a thousand prompts cost each model")
	case some:
		c.doc.Warnings = append(c.doc.Warnings, "no costs are shown: "+err.Error())
	}
	return nil, nil, nil
}

// costColumn begins the name of a column of costs; the model follows.
const costColumn = "cost_usd:"

// costOf is a column of costs, a thousandfold.
func costOf(b *bench, model string) ([]float64, error) {
	name := costColumn + model
	column, ok := b.table.ExtraOf(name)
	if !ok {
		return nil, fmt.Errorf("%s: column %q: missing", b.name, name)
	}
	out := make([]float64, len(b.used))
	for k, i := range b.used {
		if out[k] = 1000 * column[i]; out[k] != out[k] {
			return nil, fmt.Errorf("%s: row %d, column %q: found null, expected a cost", b.name, i+1, name)
		}
	}
	return out, nil
}

// title is the data set's title, else its name.
func (b *bench) title() string {
	return titleOf(result.Benchmark{Title: b.table.Meta.Title, Name: b.name})
}
