package harness

import (
	"errors"
	"fmt"
	"math"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/ppi"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/results"
)

// guessedSamples is the number of samples that stand for a guess. Plans do not depend on it.
const guessedSamples = 10_000

// Guess describes answers that are right or wrong, before any is graded.
type Guess struct {
	Gap    float64 // Gap, in (0,1], is the share of right answers by which the strong model is better
	Alike  float64 // Alike, in [0,1-Gap], is the share of prompts on which both models are equally good
	Strong float64 // Strong is the strong model's share of right answers; NaN if nobody expects any, which only a guarantee needs
}

// counts returns on how many of [guessedSamples] prompts the strong model alone is right, the weak
// model alone, and both.
func (g Guess) counts() (wins, losses, both int, err error) {
	switch {
	case !(g.Gap > 0 && g.Gap <= 1):
		return 0, 0, 0, fmt.Errorf("gap %v: expected a number above 0 and at most 1", g.Gap)
	case !(g.Alike >= 0 && g.Alike <= 1-g.Gap):
		return 0, 0, 0, fmt.Errorf("models equally good on a share of %v: expected 0 to %.4g, which a gap of %v leaves", g.Alike, 1-g.Gap, g.Gap)
	}
	wins, losses = int(math.Round(guessedSamples*(1-g.Alike+g.Gap)/2)), int(math.Round(guessedSamples*(1-g.Alike-g.Gap)/2))
	if math.IsNaN(g.Strong) {
		return wins, losses, 0, nil
	}
	both = int(math.Round(guessedSamples*g.Strong)) - wins
	if least := float64(wins) / guessedSamples; both < 0 || both > guessedSamples-wins-losses {
		return 0, 0, 0, fmt.Errorf("strong model right on a share of %v: expected %.4g to %.4g, which the other two numbers leave", g.Strong, least, least+g.Alike)
	}
	return wins, losses, both, nil
}

// PlanGuess plans from a guess. See [Plan].
func PlanGuess(g Guess, o PlanOptions) (*results.Plan, []eval.Plan, error) {
	wins, losses, both, err := g.counts()
	if err != nil {
		return nil, nil, err
	}
	if o.Guarantee != 0 && math.IsNaN(g.Strong) {
		return nil, nil, errors.New("a guarantee needs a third guess: the strong model's share of right answers")
	}
	x := eval.Outcomes{Strong: make([]float64, guessedSamples), Weak: make([]float64, guessedSamples)}
	for i := range wins + both {
		x.Strong[i] = 1
	}
	for i := range losses + both {
		x.Weak[wins+i] = 1
	}
	b := &Benchmark{evaluatedData: evaluatedData{name: "guess", table: &datasets.Table{Meta: datasets.NewMeta()}}, samples: measure.Samples{Outcomes: x, Clusters: upTo(guessedSamples)}}
	b.table.Meta.Title = fmt.Sprintf("guess: gap %.4g %%, equally good on %.4g %% of the prompts", 100*g.Gap, 100*g.Alike)
	if !math.IsNaN(g.Strong) {
		b.table.Meta.Title += fmt.Sprintf(", strong model right on %.4g %%", 100*g.Strong)
	}
	doc, plans, err := Plan([]*Benchmark{b}, o)
	if err != nil {
		return nil, nil, err
	}
	d := &doc.Benchmarks[0]
	d.Samples, d.Clusters, d.StrongQuality, d.WeakQuality, d.Gap.SE, d.RandomAPGRSD, d.Warnings = 0, 0, results.Missing, results.Missing, results.Missing, results.Missing, []string{}
	doc.Inputs = []results.Input{}
	return doc, plans, nil
}

// PlanGold adds to a plan the number of gold labels that tell as much beside a judge's labels. The
// correlation, in [0,1), is that of both labels, and judged the number of prompts with the judge's; 0
// stands for any number.
func PlanGold(doc *results.Plan, correlation float64, judged int) error {
	if !(correlation >= 0 && correlation < 1) {
		return fmt.Errorf("correlation %v of the judge: expected a number of at least 0 and below 1", correlation)
	}
	if judged < 0 {
		return fmt.Errorf("number of judged prompts is %d: expected at least 0", judged)
	}
	doc.Judge = &results.PlannedJudge{Correlation: results.Value(correlation), Judged: judged}
	for i := range doc.Benchmarks {
		all := doc.Benchmarks[i].Correlations
		for k := range all {
			all[k].Gold = ppi.Needed(all[k].Difference, correlation, judged)
		}
	}
	return nil
}
