package pool

import (
	"math"
	"math/rand/v2"

	"github.com/routellm/routellm/eval"
)

// Noise says how much chance moves the lifts of routers without skill: their standard deviations
// over samples of prompts like these, which fall with the square root of the number of prompts.
type Noise struct {
	Lift       float64 // standard deviation of one router's lift over the static mix
	Difference float64 // standard deviation of the difference in lift of two unrelated routers
	Clusters   int
}

// noiseRouters is the number of routers without skill that the noise is the mean of.
const noiseRouters = 8

// NewNoise measures the noise on resamples of the prompts. A router without skill predicts what the
// oracle does, dealt to the prompts at random: it chooses each model as often, but for no reason.
// The same seed gives the same floats. NaN stands for a lift that does not exist.
func NewNoise(o Outcomes, r Range, b eval.Bootstrap) (Noise, error) {
	t := Table{Outcomes: o, Range: r}
	for k := range noiseRouters {
		order := rand.New(rand.NewPCG(b.Seed, uint64(k))).Perm(o.N())
		sweep, err := NewSweep(o, Oracle(o).Pick(order), 0)
		if err != nil {
			return Noise{}, err
		}
		t.Routers = append(t.Routers, sweep)
	}
	found, err := t.Resample(b)
	if err != nil {
		return Noise{}, err
	}
	n := Noise{Clusters: o.clusters()}
	for k, x := range found.Routers {
		other := found.Routers[(k+1)%noiseRouters]
		differences := make([]float64, len(x.Lift))
		for i := range x.Lift {
			differences[i] = x.Lift[i] - other.Lift[i]
		}
		n.Lift += variance(x.Lift) / noiseRouters
		n.Difference += variance(differences) / noiseRouters
	}
	few := math.Sqrt(float64(n.Clusters) / float64(n.Clusters-1))
	n.Lift, n.Difference = math.Sqrt(n.Lift)*few, math.Sqrt(n.Difference)*few
	return n, nil
}

func variance(x []float64) float64 {
	d := deviation(x)
	return float64(d * d)
}
