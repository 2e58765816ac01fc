package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// Bootstrap says how samples are drawn again to see how much results depend on which
// ones there happen to be (Efron 1979): whole clusters, with replacement, as many as
// there are.
type Bootstrap struct {
	Resamples  int
	Confidence float64 // of the intervals made from them, in (0,1)
	Seed       uint64
	// Progress, if any, is told how many resamples are done, one call at a time. An error
	// of it ends the resampling and is returned.
	Progress func(done, total int) error
}

// Points are the points of a curve to be measured on every resample.
type Points struct {
	CPT       []float64 // per cent of the gap
	Fractions []float64 // strong fractions in [0,1] to give the quality at
	Qualities []float64 // shares of the strong model's quality to reach
}

// Replicates are one router's metrics on every resample, each the same that [NewCurve]
// gives on the drawn samples.
type Replicates struct {
	APGR, AUC   []float64   // APGR is NaN where the strong model is not better
	CPT         [][]float64 // [asked][resample]; NaN as APGR, +Inf where never reached
	QualityAt   [][]float64
	FractionFor [][]float64 // +Inf where never reached
}

// Resample measures every router on the same resamples. cluster[i] is the cluster of
// sample i, from [ClusterIDs]; each of scores is one router's, one a sample. Resample b
// depends on the seed and b alone, so that any number of cores gives the same floats.
func (b Bootstrap) Resample(o Outcomes, cluster []int, scores [][]float64, asked Points) ([]Replicates, error) {
	if err := b.check(o, cluster); err != nil {
		return nil, err
	}
	orders := make([]order, len(scores))
	out := make([]Replicates, len(scores))
	for k := range scores {
		var err error
		if orders[k], err = newOrder(o, cluster, scores[k]); err != nil {
			return nil, err
		}
		out[k] = asked.replicates(b.Resamples)
	}
	sums := newSums(o, cluster)
	err := b.each(len(sums.size), func() func(int, []int32) {
		c := &Curve{Vertices: make([]Vertex, o.N()+1), gains: make([]float64, o.N()+1)}
		return func(i int, weight []int32) {
			n, strong, weak := sums.means(weight)
			for k := range orders {
				orders[k].trace(c, weight, n, strong, weak)
				out[k].measure(i, c, asked)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (b Bootstrap) check(o Outcomes, cluster []int) error {
	if err := o.Validate(); err != nil {
		return err
	}
	if len(cluster) != o.N() {
		return fmt.Errorf("%d clusters for %d samples", len(cluster), o.N())
	}
	if b.Resamples < 1 {
		return fmt.Errorf("number of resamples is %d, want at least 1", b.Resamples)
	}
	return nil
}

// each draws every resample, on all cores. worker makes what one of them calls with the
// number of a resample and how often each cluster is in it.
func (b Bootstrap) each(clusters int, worker func() func(i int, weight []int32)) error {
	var next atomic.Int64
	var wait sync.WaitGroup
	done := counter{total: b.Resamples, report: b.Progress}
	for range min(b.Resamples, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			do, weight := worker(), make([]int32, clusters)
			for i := int(next.Add(1)) - 1; i < b.Resamples; i = int(next.Add(1)) - 1 {
				draw(rand.New(rand.NewPCG(b.Seed, uint64(i))), weight)
				do(i, weight)
				if done.add() != nil {
					return
				}
			}
		})
	}
	wait.Wait()
	return done.err
}

// counter counts what is done and remembers the first error of reporting it.
type counter struct {
	lock        sync.Mutex
	done, total int
	report      func(done, total int) error
	err         error
}

func (c *counter) add() error {
	if c.report == nil {
		return nil
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.err == nil {
		c.done++
		c.err = c.report(c.done, c.total)
	}
	return c.err
}

// draw draws as many clusters as there are and counts how often each came.
func draw(rng *rand.Rand, weight []int32) {
	clear(weight)
	n := uint32(len(weight))
	for range weight {
		weight[rng.Uint32N(n)]++
	}
}

func (a Points) replicates(resamples int) Replicates {
	table := func(rows []float64) [][]float64 {
		out := make([][]float64, len(rows))
		for i := range out {
			out[i] = make([]float64, resamples)
		}
		return out
	}
	return Replicates{
		APGR: make([]float64, resamples), AUC: make([]float64, resamples),
		CPT: table(a.CPT), QualityAt: table(a.Fractions), FractionFor: table(a.Qualities),
	}
}

// measure notes the metrics of resample i.
func (r Replicates) measure(i int, c *Curve, asked Points) {
	area, total := c.gainArea(), c.totalGain()
	r.AUC[i], r.APGR[i] = c.Weak+area/float64(c.N), math.NaN()
	if total > 0 {
		r.APGR[i] = area / total
	}
	for k, percent := range asked.CPT {
		r.CPT[k][i] = math.NaN()
		if total > 0 {
			r.CPT[k][i] = orNever(c.reach(percent * total / 100))
		}
	}
	for k, f := range asked.Fractions {
		r.QualityAt[k][i] = c.QualityAt(f)
	}
	for k, share := range asked.Qualities {
		r.FractionFor[k][i] = orNever(c.FractionFor(share * c.Strong))
	}
}

// orNever turns "not reached" into a value that sorts behind all others.
func orNever(fraction float64) float64 {
	if math.IsNaN(fraction) {
		return math.Inf(1)
	}
	return fraction
}
