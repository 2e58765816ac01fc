package eval

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/routellm/routellm/eval/sweep"
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
	return b.ResampleScored(scoredBy(o, cluster, scores), asked)
}

// ResampleScored does what [Bootstrap.Resample] does for routers with samples of their own, and draws
// the same clusters for all of them. It returns an error if their numbers of clusters differ, and for
// the same input as Resample.
func (b Bootstrap) ResampleScored(routers []Scored, asked Points) ([]Replicates, error) {
	tracks, groups := make([]*sweep.Track, len(routers)), []group(nil)
	out := make([]Replicates, len(routers))
	for k, r := range routers {
		if err := b.check(r.Outcomes, r.Cluster); err != nil {
			return nil, err
		}
		var err error
		if tracks[k], err = newTrack(r.Outcomes, r.Cluster, r.Scores); err != nil {
			return nil, err
		}
		out[k] = asked.replicates(b.Resamples)
		if k == 0 || !r.sameSamples(routers[k-1]) {
			groups = append(groups, group{newSums(r.Outcomes, r.Cluster), k, k})
		}
		groups[len(groups)-1].to = k + 1
	}
	if len(routers) == 0 {
		return out, nil
	}
	if err := checkClusters(routers); err != nil {
		return nil, err
	}
	err := b.each(func() func(int, pcg) {
		r, draws, wide := newReader(asked), make([]uint8, len(groups[0].size)), []int32(nil)
		return func(i int, source pcg) {
			draw(source, draws)
			if readAll(r, out, i, tracks, groups, draws) {
				return
			}
			wide = make([]int32, len(draws))
			draw(source, wide)
			readAll(r, out, i, tracks, groups, wide)
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// group holds the sums of the samples that routers share, from one index up to, but without, another.
type group struct {
	sums
	from, to int
}

// readAll writes the metrics of resample i to the replicates of every router. It returns false if a
// count has overflowed.
func readAll[D sweep.Draws](r *reader, to []Replicates, i int, tracks []*sweep.Track, groups []group, draws []D) bool {
	for _, g := range groups {
		d, ok := meansOf(g.sums, draws)
		if !ok {
			return false
		}
		for k := g.from; k < g.to; k++ {
			read(r, to[k], i, tracks[k], draws, d)
		}
	}
	return true
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
	return b.each(func() func(int, pcg) {
		do, weight := worker(), make([]int32, clusters)
		return func(i int, source pcg) {
			draw(source, weight)
			do(i, weight)
		}
	})
}

// each calls workers as [Bootstrap.Each] does, but leaves the draws of a resample to them.
func (b Bootstrap) each(worker func() func(i int, source pcg)) error {
	var next atomic.Int64
	var wait sync.WaitGroup
	done := counter{total: b.Resamples, report: b.Progress}
	for range min(b.Resamples, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			do := worker()
			for i := int(next.Add(1)) - 1; i < b.Resamples; i = int(next.Add(1)) - 1 {
				do(i, pcg{b.Seed, uint64(i)})
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
