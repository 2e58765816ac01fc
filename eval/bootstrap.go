package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/routellm/routellm/internal/text"
)

// Bootstrap holds the settings of a cluster bootstrap (Efron 1979), which shows how much a
// result depends on the samples at hand. Each resample draws whole clusters with replacement,
// as many as the data has. Call [Bootstrap.Resample], then [Percentile] for an interval.
type Bootstrap struct {
	Resamples  int     // number of resamples, at least 1; see MinResamples
	Confidence float64 // confidence of the intervals that callers make from the resamples, in (0,1)
	Seed       uint64
	// Progress, if non-nil, is called after each resample, never concurrently. If it returns
	// an error, Resample stops and returns that error.
	Progress func(done, total int) error
}

// Points lists the points of a curve that are measured on every resample, besides the areas.
type Points struct {
	CPT       []float64 // shares of the gap to recover, in per cent
	Fractions []float64 // strong fractions in [0,1] at which to measure the quality
	Qualities []float64 // shares of the strong model's quality to reach
}

// Replicates holds one router's metrics on every resample: the values that [NewCurve] gives
// for the drawn samples. The nested slices have one row per requested point and one value
// per resample.
type Replicates struct {
	APGR, AUC   []float64   // one value per resample; APGR is NaN if the strong model is not better
	OverRandom  []float64   // area over random
	CPT         [][]float64 // NaN if the strong model is not better, +Inf if the share is never reached
	QualityAt   [][]float64 // quality at each strong fraction
	FractionFor [][]float64 // strong fraction for each quality; +Inf if it is never reached
}

// Resample measures every router on the same resamples. cluster[i] is the cluster of sample
// i, from [ClusterIDs], and scores[k][i] is router k's score for sample i. It returns one
// Replicates per router. Resample b depends only on the seed and b, so any number of cores
// gives the same floats. It returns an error if the lengths differ, a value is not finite or
// Resamples is below 1.
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
	err := b.Each(len(sums.size), func() func(int, []int32) {
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

// check returns an error if the outcomes, the clusters or the settings are unusable.
func (b Bootstrap) check(o Outcomes, cluster []int) error {
	if err := o.Validate(); err != nil {
		return err
	}
	if len(cluster) != o.N() {
		return fmt.Errorf("%s for %s: want one cluster per sample", text.Plural(len(cluster), "cluster"), text.Plural(o.N(), "sample"))
	}
	if b.Resamples < 1 {
		return fmt.Errorf("number of resamples is %d: want at least 1", b.Resamples)
	}
	return nil
}

// Each draws every resample, on all cores. It calls worker once per goroutine; the function
// that worker returns gets each resample's number and the number of times that the resample
// holds each cluster. It returns the error of Progress, if any.
func (b Bootstrap) Each(clusters int, worker func() func(i int, weight []int32)) error {
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

// counter counts finished resamples, reports each, and keeps the first error of report.
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

// draw draws len(weight) clusters with replacement and counts how often it drew each.
func draw(rng *rand.Rand, weight []int32) {
	clear(weight)
	n := uint32(len(weight))
	for range weight {
		weight[rng.Uint32N(n)]++
	}
}

// replicates allocates the metrics of the points on a number of resamples.
func (a Points) replicates(resamples int) Replicates {
	table := func(rows []float64) [][]float64 {
		out := make([][]float64, len(rows))
		for i := range out {
			out[i] = make([]float64, resamples)
		}
		return out
	}
	return Replicates{
		APGR: make([]float64, resamples), AUC: make([]float64, resamples), OverRandom: make([]float64, resamples),
		CPT: table(a.CPT), QualityAt: table(a.Fractions), FractionFor: table(a.Qualities),
	}
}

// measure writes the metrics of resample i, whose curve is c.
func (r Replicates) measure(i int, c *Curve, asked Points) {
	area, total := c.gainArea(), c.totalGain()
	r.AUC[i], r.APGR[i] = c.Weak+area/float64(c.N), math.NaN()
	r.OverRandom[i] = overRandom(area, total) / float64(c.N)
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

// orNever replaces NaN, which stands for "never reached", with +Inf, which sorts last.
func orNever(fraction float64) float64 {
	if math.IsNaN(fraction) {
		return math.Inf(1)
	}
	return fraction
}
