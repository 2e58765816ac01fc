package training

import "math"

// Report says how well a router predicts the prompts of a source out of sample.
type Report struct {
	Source   string  // Source is the name of the source
	Prompts  int     // Prompts is the number of prompts
	Setting  string  // Setting is the setting that cross-validation chose
	LogLoss  float64 // LogLoss is the mean log loss of the win rates, in nats
	Constant float64 // Constant is the log loss of the best constant win rate
	Accuracy float64 // Accuracy is the share of outcomes predicted by win rate >= 1/2
	Majority float64 // Majority is the share of the more frequent outcome
	APGR     float64 // APGR is computed from the pair's gains within folds: see [WithinFolds]
	SE       float64 // SE is the standard error of APGR
	Path     []Step  // Path lists the settings tried; nil if there was no choice
}

// Step is one setting that cross-validation tried.
type Step struct {
	Setting float64 // Setting is the value that was tried
	Error   float64 // Error is the mean squared error of held-out prompts
}

// NewReport compares out-of-fold win rates, one per prompt, with a source's outcomes, and the scores
// of divisions into folds with its gains. The scores may have any scale.
func NewReport(s *Source, rate []float64, divisions ...Folded) Report {
	r := Report{Source: s.Name, Prompts: len(s.Norm)}
	r.APGR, r.SE = WithinFolds(s.Gain, s.Norm, divisions)
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

// logLoss returns the log loss of a win rate p for the outcome y, 1 or 0. It moves a rate
// of 0 or 1 slightly inwards to keep the mean finite.
func logLoss(p, y float64) float64 {
	const least = 1e-12
	p = min(max(p, least), 1-least)
	if y == 1 {
		return -math.Log(p)
	}
	return -math.Log1p(-p)
}
