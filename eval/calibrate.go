package eval

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Stream calls yield with batches of scores. Every call of the stream must yield the same
// scores. A batch is only valid until yield returns. If yield returns an error, the stream
// stops and returns it.
type Stream func(yield func([]float64) error) error

// StreamOf returns a stream that yields the slice as one batch.
func StreamOf(scores []float64) Stream {
	return func(yield func([]float64) error) error { return yield(scores) }
}

// Threshold is an operating point calibrated for a share of strong calls on n reference
// scores.
type Threshold struct {
	Fraction  float64 // requested strong fraction, in [0,1]
	Threshold float64 // the k-th largest reference score, k = round(fraction n); +Inf for k = 0
	N         int64   // number of reference scores
	K         int64   // number of strong calls requested among them
	AtOrAbove int64   // number of reference scores at or above the threshold; above K only with ties
	Design    Design  // design effect of clusters of reference prompts; zero if they are independent
}

// Observed returns the strong fraction of the threshold on the reference scores.
func (t Threshold) Observed() float64 { return float64(t.AtOrAbove) / float64(t.N) }

// Tied reports whether equal scores make the threshold call the strong model more often than
// requested.
func (t Threshold) Tied() bool { return t.AtOrAbove > t.K }

// Calibrate returns one threshold per requested strong fraction in [0,1]. The thresholds are
// exact. It reads the stream four times and keeps 512 KB per fraction, however long the
// stream is. It returns an error for a fraction outside [0,1], a non-finite score, an empty
// stream or a stream that changes between the passes.
func Calibrate(scores Stream, fractions []float64) ([]Threshold, error) {
	for _, p := range fractions {
		if !(p >= 0 && p <= 1) {
			return nil, fmt.Errorf("strong fraction is %v: want a number in [0,1]", p)
		}
	}
	targets, n, err := selectLargest(scores, fractions)
	if err != nil {
		return nil, err
	}
	out := make([]Threshold, len(fractions))
	for i, s := range targets {
		t := Threshold{Fraction: fractions[i], Threshold: math.Inf(1), N: n, K: s.k}
		if s.k > 0 {
			t.Threshold = scoreOf(s.prefix)
			t.AtOrAbove = s.above + s.equal
		}
		out[i] = t
	}
	return out, nil
}

// betaQuantile returns the p quantile of the Beta(alpha, beta) distribution.
func betaQuantile(p, alpha, beta float64) float64 {
	return distuv.Beta{Alpha: alpha, Beta: beta}.Quantile(p)
}

// FractionAbove returns the share of the streamed scores that are at or above the threshold,
// and the number n of streamed scores. It returns an error for an empty stream.
func FractionAbove(scores Stream, threshold float64) (share float64, n int64, err error) {
	var above int64
	err = scores(func(batch []float64) error {
		n += int64(len(batch))
		for _, s := range batch {
			if s >= threshold {
				above++
			}
		}
		return nil
	})
	if err == nil && n == 0 {
		err = errNoScores
	}
	return float64(above) / float64(n), n, err
}
