package harness

import (
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/pool"
)

// drawn is a population of prompts with three models. Costs are lognormal with the given spread,
// and harder prompts cost more.
type drawn struct {
	spread float64
	n      int // calibration samples, and as many held out
}

// side draws n prompts with what a router predicts of them.
func (x drawn) side(rng *rand.Rand, n int) poolSide {
	o := pool.Outcomes{Quality: pool.NewMatrix(n, 3), Cost: pool.NewMatrix(n, 3), Cluster: upTo(n)}
	p := pool.Predictions{Quality: pool.NewMatrix(n, 3), Cost: pool.NewMatrix(1, 3)}
	for i := range n {
		hard := rng.Float64()
		for m, ability := range []float64{0.3, 0.6, 0.9} {
			chance := 1 / (1 + math.Exp(6*(hard-ability)))
			if rng.Float64() < chance {
				o.Quality.Row(i)[m] = 1
			}
			o.Cost.Row(i)[m] = 0.0001 * math.Pow(8, float64(m)) * math.Exp(hard+float64(x.spread*rng.NormFloat64()))
			p.Quality.Row(i)[m] = chance + float64(0.1*rng.NormFloat64())
		}
	}
	return poolSide{all: o, routed: o, predictions: p}
}

// calibrator draws both parts of a calibration.
func (x drawn) calibrator(rng *rand.Rand, o CalibrateOptions) *poolCalibrator {
	c := &poolCalibrator{o: o, columns: upTo(3), set: x.side(rng, x.n), report: x.side(rng, x.n), pool: &Pool{models: []string{"small", "middle", "big"}}}
	c.pool.table = &datasets.Table{Meta: datasets.Meta{Min: 0, Max: 1}}
	costs := pool.NewConstants(c.report.routed, nil).Cost
	c.set.predictions.Cost.Values, c.report.predictions.Cost.Values = costs, costs
	return c
}

// wrong returns whether an operating point that is established does not hold on the population,
// and whether there is one.
func (x drawn) wrong(t *testing.T, c *poolCalibrator, population poolSide) (wrong, found bool) {
	t.Helper()
	grid, last, err := c.walk()
	if err != nil {
		t.Fatal(err)
	}
	if last < 0 {
		return false, false
	}
	population.predictions.Cost = c.set.predictions.Cost
	d, _, err := grid[last].Apply(population.routed, population.predictions, 0)
	if err != nil {
		t.Fatal(err)
	}
	if c.o.Target.kind == budgetTarget {
		return 1000*meanOf(d.Cost) > c.o.Target.value, true
	}
	return meanOf(d.Quality) < c.o.Target.value*meanOf(population.all.Quality.Column(c.best())), true
}

func meanOf(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// An operating point that is guaranteed with 95 % confidence fails on at most 5 % of data sets,
// however heavy the tails of costs are. ROUTELLM_SETS sets the number of data sets.
func TestPoolGuaranteeHolds(t *testing.T) {
	sets := 25
	if n, err := strconv.Atoi(os.Getenv("ROUTELLM_SETS")); err == nil {
		sets = n
	}
	for _, x := range []drawn{{0.3, 150}, {1, 150}, {1.5, 150}, {2, 150}} {
		rng := rand.New(rand.NewPCG(1, 2))
		population := x.side(rng, 20_000)
		for _, target := range []Target{StayBelow(1000 * meanOf(population.all.Cost.Column(2)) / 3), KeepQuality(0.8)} {
			wrong, found := 0, 0
			for range sets {
				bad, ok := x.wrong(t, x.calibrator(rng, CalibrateOptions{Target: target, Confidence: 0.95}), population)
				if bad {
					wrong++
				}
				if ok {
					found++
				}
			}
			t.Logf("spread %v, target %v: %d of %d wrong, %d found", x.spread, target.value, wrong, sets, found)
			n := float64(sets)
			if most := 0.05*n + 3*math.Sqrt(0.05*0.95*n); float64(wrong) > most {
				t.Errorf("spread %v, target %v: %d of %d guarantees are wrong, want at most %.0f", x.spread, target.value, wrong, sets, most)
			}
			if found < sets/2 {
				t.Errorf("spread %v, target %v: %d of %d calibrations find an operating point, want half of them", x.spread, target.value, found, sets)
			}
		}
	}
}
