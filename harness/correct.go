package harness

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/ppi"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// labelled holds the cheap labels of the samples that are evaluated, and what their correction needs.
type labelled struct {
	models   []string
	cheap    [][]float64 // cheap labels of each model, one per sample
	rows     []int       // rows of the samples in the table
	clusters []int
	weight   []float64 // nil if the samples have none
	tasks    []string
}

// corrected holds pseudo-outcomes in place of qualities.
type corrected struct {
	quality     [][]float64 // pseudo-outcomes of each model
	gold        [][]float64 // gold labels by model; NaN for samples that lack that of any model
	least, most float64     // range of the pseudo-outcomes; NaN if that of the gold labels is unknown
	doc         *results.Correction
	warnings    []string
}

// correct corrects the cheap labels by the gold ones. A sample counts as gold if it has the gold
// labels of all models.
func (p *goldPart) correct(l labelled) (*corrected, error) {
	out := &corrected{least: math.Inf(1), most: math.Inf(-1)}
	out.doc = &results.Correction{Labels: p.cheap, Gold: p.name, File: p.file, Weighted: p.weight != nil, Effective: results.Missing}
	for _, m := range l.models {
		out.gold = append(out.gold, slicesx.Pick(p.values[m], l.rows))
	}
	out.keepWhole(l.clusters)
	for k, m := range l.models {
		x := p.labels(l, k, out.gold[k])
		c, err := ppi.Correct(x)
		if err != nil {
			return nil, fmt.Errorf("correcting the labels %q by %q: %w", p.cheap, p.name, err)
		}
		out.quality = append(out.quality, c.Outcomes)
		out.doc.Models = append(out.doc.Models, results.CorrectedModel{
			Model: m, Lambda: results.Value(c.Lambda), Offset: results.Value(c.Offset), Correlation: results.Value(c.Correlation), Effective: results.Value(c.Effective),
		})
		least, most := c.Range(p.meta.Min, p.meta.Max)
		out.least, out.most = math.Min(out.least, least), math.Max(out.most, most)
	}
	out.warnings = p.warnings(l, out)
	return out, nil
}

// labels returns both labels of a model.
func (p *goldPart) labels(l labelled, model int, gold []float64) ppi.Labels {
	x := ppi.Labels{Cheap: l.cheap[model], Gold: gold, Weight: l.weight, Cluster: l.clusters}
	if p.weight != nil {
		x.GoldWeight = slicesx.Pick(p.weight, l.rows)
	}
	return x
}

// keepWhole leaves the gold labels of those samples that have them of all models, and counts them.
func (c *corrected) keepWhole(clusters []int) {
	seen := map[int]bool{}
	for i, cluster := range clusters {
		n := 0
		for _, g := range c.gold {
			if !math.IsNaN(g[i]) {
				n++
			}
		}
		switch {
		case n == len(c.gold):
			c.doc.Samples++
			seen[cluster] = true
		case n > 0:
			c.doc.Partly++
		}
		if n < len(c.gold) {
			for _, g := range c.gold {
				g[i] = math.NaN()
			}
		}
	}
	c.doc.Clusters = len(seen)
}

// maxDrawnP is the p value, divided among the tests, below which a gold part does not look like one
// that was drawn at random.
const maxDrawnP = 0.01

// warnings says what the correction cannot make good.
func (p *goldPart) warnings(l labelled, c *corrected) []string {
	var out []string
	tests := float64(len(l.models) + 1)
	for k, m := range l.models {
		if v := p.labels(l, k, c.gold[k]).Drawn(); v < maxDrawnP/tests {
			out = append(out, fmt.Sprintf("the %s do not look drawn at random: their labels %q of %s differ from those of the other samples (p = %.1g), so corrected numbers may be wrong", c.samples(), p.cheap, m, v))
		}
	}
	if l.tasks != nil && p.weight == nil {
		if v := p.labels(l, 0, c.gold[0]).SameMix(l.tasks); v < maxDrawnP/tests {
			out = append(out, fmt.Sprintf("the %s do not look drawn at random: their mix of tasks differs from that of the other samples (p = %.1g), so corrected numbers may be wrong", c.samples(), v))
		}
	}
	if n := c.doc.Partly; n > 0 {
		out = append(out, fmt.Sprintf("%s %s gold labels of some models alone and %s as without: grade every model on the same samples", text.Plural(n, "sample"), text.Agree(n, "has", "have"), text.Agree(n, "counts", "count")))
	}
	return out
}

// pair returns the pseudo-outcomes of a pair, whose strong model is the first, and says what the
// correction is worth for the gap.
func (p *goldPart) pair(l labelled) (eval.Outcomes, *corrected, error) {
	c, err := p.correct(l)
	if err != nil {
		return eval.Outcomes{}, nil, err
	}
	o := eval.Outcomes{Strong: c.quality[0], Weak: c.quality[1], Weight: l.weight}
	o.Observed, o.ObservedStrong = eval.Outcomes{Strong: c.gold[0], Weak: c.gold[1]}.Gains(), c.gold[0]
	c.doc.Effective = results.Value(p.labels(l, 0, o.Observed).Worth(o.Gains()))
	return o, c, nil
}

// samples returns the number of gold samples in words.
func (c *corrected) samples() string { return text.Plural(c.doc.Samples, "gold sample") }
