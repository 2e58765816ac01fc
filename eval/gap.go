package eval

import (
	"fmt"

	"github.com/routellm/routellm/internal/text"
)

// GapState classifies the evidence for a quality gap between the two models.
type GapState int

// The states of a gap, by its size in standard errors.
const (
	// GapEstablished means that the strong model is better by more than 4 standard errors.
	GapEstablished GapState = iota
	// GapThin means that the strong model is better by more than 1.96 but at most 4 standard
	// errors. Metrics relative to the gap, such as APGR, exist but are unstable.
	GapThin
	// GapNotEstablished means that the models are not significantly different. Metrics
	// relative to the gap mean nothing.
	GapNotEstablished
	// GapReversed means that the weak model is better by more than 1.96 standard errors.
	GapReversed
)

// Gap is the mean gain, strong quality minus weak quality, with its standard error.
type Gap struct {
	Value float64 // mean gain, in units of quality
	SE    float64 // cluster-robust standard error; NaN with a single cluster
	State GapState
}

// NewGap measures the gap. cluster[i] is the cluster of sample i, from [ClusterIDs]. It
// returns an error if the lengths differ.
func NewGap(o Outcomes, cluster []int) (Gap, error) {
	if len(cluster) != o.N() {
		return Gap{}, fmt.Errorf("%s for %s: want one cluster per sample", text.Plural(len(cluster), "cluster"), text.Plural(o.N(), "sample"))
	}
	value, se, _ := o.clusterMean(o.Gains(), cluster)
	return GapOf(value, se), nil
}

// GapOf returns the gap of a mean gain and its standard error.
func GapOf(value, se float64) Gap { return Gap{value, se, gapState(value, se)} }

// Measurable reports whether the gap is large enough for metrics relative to it, such as
// APGR.
func (g Gap) Measurable() bool { return g.State == GapEstablished || g.State == GapThin }

// gapState returns the state of a gap with the given standard error.
func gapState(value, se float64) GapState {
	switch {
	case value > 4*se && value > 0:
		return GapEstablished
	case value > z95*se && value > 0:
		return GapThin
	case value < -z95*se && value < 0:
		return GapReversed
	}
	return GapNotEstablished
}
