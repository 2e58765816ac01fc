package eval

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Stream yields scores in batches. It must yield the same scores in the same
// number on every call; a batch is only valid until yield returns, and an
// error of yield ends the stream and is returned.
type Stream func(yield func([]float64) error) error

// StreamOf yields the slice as one batch.
func StreamOf(scores []float64) Stream {
	return func(yield func([]float64) error) error { return yield(scores) }
}

// Threshold is the operating point for a wanted share of strong calls, set on n
// reference scores.
type Threshold struct {
	Fraction  float64 // wanted strong fraction, in [0,1]
	Threshold float64 // the k-th largest score, k = round(fraction n); +Inf for k = 0
	N         int64   // reference scores
	K         int64   // strong calls wanted among them
	AtOrAbove int64   // strong calls the threshold makes among them; more than K only with ties
}

// Observed returns the strong fraction on the reference scores.
func (t Threshold) Observed() float64 { return float64(t.AtOrAbove) / float64(t.N) }

// Tied reports whether equal scores made the threshold call more than wanted.
func (t Threshold) Tied() bool { return t.AtOrAbove > t.K }

// Calibrate returns a threshold for each wanted strong fraction in [0,1]. It is
// exact, reads the stream four times and keeps 512 KB a fraction, however long
// the stream. A NaN or infinite score is an error, as is an empty stream.
func Calibrate(scores Stream, fractions []float64) ([]Threshold, error) {
	for _, p := range fractions {
		if !(p >= 0 && p <= 1) {
			return nil, fmt.Errorf("strong fraction is %v, want it in [0,1]", p)
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

func betaQuantile(p, alpha, beta float64) float64 {
	return distuv.Beta{Alpha: alpha, Beta: beta}.Quantile(p)
}

// FractionAbove returns the share of the streamed scores at or above the
// threshold, and their number.
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
