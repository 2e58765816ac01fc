package harness

import (
	"fmt"
	"maps"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/internal/hint"
)

// OwnCosts says what routers themselves cost, by label; the label "" stands for every router that
// is not named.
type OwnCosts struct {
	Cost    map[string]float64 // USD per prompt
	Latency map[string]float64 // seconds per prompt; without it, the measured processor time
	CPUHour float64            // price in USD of an hour of one processor core, for costs that are not given
}

// Apply returns the predictors with their own costs. A router without a given latency takes the
// processor time that was measured for its kind on one core, see [benchmarks.OverheadOf], and 0
// where none was. A label that no router has is an error.
func (o OwnCosts) Apply(ps []Predictor) ([]Predictor, error) {
	var labels []string
	for _, p := range ps {
		labels = append(labels, p.Spec.Label)
	}
	for _, given := range []map[string]float64{o.Cost, o.Latency} {
		for _, label := range slices.Sorted(maps.Keys(given)) {
			if label != "" && !slices.Contains(labels, label) {
				return nil, hint.DidYouMean(fmt.Errorf("own cost of %q: there is no such router", label), label, labels)
			}
		}
	}
	out := slices.Clone(ps)
	for k := range out {
		o.set(&out[k])
	}
	return out, nil
}

// set sets the own costs of one router.
func (o OwnCosts) set(p *Predictor) {
	seconds, measured := benchmarks.OverheadOf(p.Spec.Name)
	cost, given := ofLabel(o.Cost, p.Spec.Label)
	p.OwnCost = cost
	if !given && o.CPUHour > 0 {
		p.OwnCost = seconds * o.CPUHour / 3600
	}
	latency, given := ofLabel(o.Latency, p.Spec.Label)
	p.OwnLatency, p.unmeasured = latency, !given && !measured
	if !given {
		p.OwnLatency = seconds
	}
}

// ofLabel returns the value for a label.
func ofLabel(values map[string]float64, label string) (v float64, ok bool) {
	if v, ok = values[label]; !ok {
		v, ok = values[""]
	}
	return v, ok
}
