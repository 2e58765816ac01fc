package training

import (
	"math"

	"github.com/routellm/routellm/eval"
)

// Report says how well a router predicts a source's prompts that it has not seen.
type Report struct {
	Source   string
	Prompts  int
	Setting  string  // what cross-validation chose
	LogLoss  float64 // of the win rates, in nats
	Constant float64 // the same of a constant win rate
	Accuracy float64 // share of outcomes that the win rate, cut at 1/2, predicts
	Majority float64 // the same of the more frequent outcome
	APGR     float64 // of the pair's gains; NaN where the strong model has none
	Path     []Step  // how the setting was chosen; nil where nothing was
}

// Step is one setting that cross-validation tried.
type Step struct {
	Setting float64
	Error   float64 // of held-out prompts
}

// NewReport compares win rates out of fold with a source's outcomes.
func NewReport(s *Source, rate []float64) Report {
	r := Report{Source: s.Name, Prompts: len(s.Norm), APGR: apgr(s.Gain, rate)}
	share, n := Mean(s.Won), 0.0
	for i, y := range s.Won {
		if math.IsNaN(y) {
			continue
		}
		n++
		r.LogLoss += logLoss(rate[i], y)
		r.Constant += logLoss(share, y)
		if rate[i] >= 0.5 == (y == 1) {
			r.Accuracy++
		}
	}
	r.LogLoss, r.Constant, r.Accuracy = r.LogLoss/n, r.Constant/n, r.Accuracy/n
	r.Majority = max(share, 1-share)
	return r
}

// logLoss is that of a win rate p where y is 1 or 0. A rate of 0 or 1 counts as one
// that is a little off, so that the mean stays finite.
func logLoss(p, y float64) float64 {
	const least = 1e-12
	p = min(max(p, least), 1-least)
	if y == 1 {
		return -math.Log(p)
	}
	return -math.Log1p(-p)
}

// apgr is the average performance gap recovered where only gains are known.
func apgr(gain, score []float64) float64 {
	var o eval.Outcomes
	var scores []float64
	for i, g := range gain {
		if !math.IsNaN(g) {
			o.Strong, o.Weak, scores = append(o.Strong, g), append(o.Weak, 0), append(scores, score[i])
		}
	}
	c, err := eval.NewCurve(o, scores)
	if err != nil || Mean(o.Strong) <= 0 {
		return math.NaN()
	}
	return c.APGR()
}
