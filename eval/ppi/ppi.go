// Package ppi corrects what cheap labels say by a few expensive ones: prediction-powered inference
// (Angelopoulos et al. 2023, arXiv 2301.09633; power tuning: 2311.01453). Call [Correct].
package ppi

import (
	"errors"

	"github.com/routellm/routellm/eval"
)

// Labels are two labels of each sample.
type Labels struct {
	Cheap   []float64 // Cheap is known of every sample
	Gold    []float64 // Gold is NaN for samples outside the gold part
	Weight  []float64 // Weight holds the samples' weights; nil if they are equal
	Cluster []int     // Cluster holds the samples' clusters; nil if all are independent
}

// Correct returns one pseudo-outcome per sample, whose mean over any share of the samples that does
// not depend on the labels estimates the mean of the gold labels there without bias.
func Correct(l Labels) ([]float64, error) { return nil, errors.New("not built yet") }

var _ eval.Outcomes
