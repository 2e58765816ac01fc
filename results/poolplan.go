package results

import (
	"math"

	"github.com/routellm/routellm/eval"
)

// PlannedPool is the plan of one data set with any number of models. Differences are in lift, in
// the unit of quality.
type PlannedPool struct {
	Name       string   `json:"name"`
	Title      string   `json:"title"`
	Unit       string   `json:"unit"`
	Axis       Axis     `json:"axis"`
	Models     []string `json:"models"`
	Samples    int      `json:"samples"`
	Clusters   int      `json:"clusters"`
	Excluded   Excluded `json:"excluded"`
	Best       string   `json:"best"`        // the model with the highest mean quality
	Cheapest   string   `json:"cheapest"`    // the model with the lowest mean cost
	OracleLift Value    `json:"oracle_lift"` // the highest lift that any router can have
	// LiftSD is the standard deviation of the lift of a router without skill: the noise floor.
	// DifferenceSD is that of the difference of two unrelated ones.
	LiftSD       Value `json:"lift_sd"`
	DifferenceSD Value `json:"difference_sd"`
	// Static says what can be shown of one router against the static mix. Its Rho is null.
	Static       PlannedCorrelation   `json:"static"`
	Correlations []PlannedCorrelation `json:"correlations"`
	Warnings     []string             `json:"warnings"`
}

// Fill fills what can be shown for the given correlations and sizes. Samples, LiftSD and
// DifferenceSD are set before.
func (d *PlannedPool) Fill(margin, confidence float64, rhos []float64, sizes []int) {
	d.Static = d.planned(float64(d.LiftSD), margin, confidence, sizes)
	d.Static.Rho = Missing
	for _, rho := range rhos {
		c := d.planned(math.Sqrt(1-rho)*float64(d.DifferenceSD), margin, confidence, sizes)
		c.Rho = Value(rho)
		d.Correlations = append(d.Correlations, c)
	}
}

// planned returns what can be shown of a difference with a standard error on all samples.
func (d *PlannedPool) planned(se, margin, confidence float64, sizes []int) PlannedCorrelation {
	find, equal := eval.DetectableSE(confidence), eval.EquivalenceSE(confidence)
	out := PlannedCorrelation{Difference: d.needed(find*se, margin), Equivalent: d.needed(equal*se, margin)}
	for _, n := range sizes {
		at := se * math.Sqrt(float64(d.Samples)/float64(n))
		out.Sizes = append(out.Sizes, PlannedSize{n, Value(at), Value(find * at), Value(equal * at)})
	}
	return out
}

// needed returns the number of samples with which what all samples show shrinks to the margin; 0 if
// it does not exist.
func (d *PlannedPool) needed(shown, margin float64) int {
	n := float64(d.Samples) * (shown / margin) * (shown / margin)
	if !(n < 1e15) {
		return 0
	}
	return max(1, int(math.Ceil(n*(1-1e-12))))
}
