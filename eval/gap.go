package eval

import "fmt"

// GapState says what the samples allow to say about the quality gap between the models.
type GapState int

const (
	// GapEstablished: strong is better by more than 4 standard errors.
	GapEstablished GapState = iota
	// GapThin: strong is better by more than z but less than 4 standard errors; PGR
	// metrics exist but are unstable.
	GapThin
	// GapNotEstablished: the models cannot be told apart; PGR metrics mean nothing.
	GapNotEstablished
	// GapReversed: the weak model is better by more than z standard errors.
	GapReversed
)

// Gap is the mean quality gap strong - weak with its standard error.
type Gap struct {
	Value float64 // in units of quality
	SE    float64 // cluster-robust standard error; NaN with a single cluster
	State GapState
}

// NewGap measures the gap. cluster[i] is the cluster of sample i, from
// [ClusterIDs]. The states use z = 1.96 (95 %).
func NewGap(o Outcomes, cluster []int) (Gap, error) {
	if len(cluster) != o.N() {
		return Gap{}, fmt.Errorf("%d clusters for %d samples", len(cluster), o.N())
	}
	value, se, _ := clusterMean(o.Gains(), cluster)
	return Gap{value, se, gapState(value, se)}, nil
}

// Measurable reports whether metrics of the gap, such as APGR, exist.
func (g Gap) Measurable() bool { return g.State == GapEstablished || g.State == GapThin }

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
