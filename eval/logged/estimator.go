package logged

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// Estimator estimates the values of thresholds from a log. It is safe for concurrent use.
type Estimator struct {
	units       []unit // decisions by falling score
	clusters    int
	least, most float64 // range of the outcomes
	mean        float64 // mean outcome
	sums        []sums  // sums[k] are the log's sums of the k decisions with the largest scores
	whole       models  // models fitted to the log
}

// unit is one decision.
type unit struct {
	score   float64
	cluster int32
	fold    int8
	side    int8       // side that was asked
	p       [2]float64 // probabilities of both sides
	weight  float64    // 1/p of the side that was asked
	x       float64    // rank of the score, from 1 for the largest to -1 for the smallest
	y       float64
}

// New returns an estimator for a log. It returns an error if the log is not valid.
func New(l Log) (*Estimator, error) {
	if err := l.Validate(); err != nil {
		return nil, err
	}
	e := &Estimator{units: make([]unit, len(l.Scores)), clusters: slices.Max(l.Cluster) + 1}
	e.least, e.most = slices.Min(l.Outcome), slices.Max(l.Outcome)
	for i := range e.units {
		u := unit{score: l.Scores[i], cluster: int32(l.Cluster[i]), fold: int8(l.Cluster[i] % folds), side: weak, y: l.Outcome[i]}
		if l.Strong[i] {
			u.side = strong
		}
		u.p[u.side], u.p[1-u.side] = l.Propensity[i], 1-l.Propensity[i]
		u.weight = 1 / l.Propensity[i]
		e.units[i] = u
		e.mean += l.Outcome[i] / float64(len(l.Scores))
	}
	slices.SortStableFunc(e.units, func(a, b unit) int { return cmp.Compare(b.score, a.score) })
	e.setRanks()
	once := make([]int32, e.clusters)
	for c := range once {
		once[c] = 1
	}
	e.whole = e.fit(once)
	e.sums = make([]sums, len(e.units)+1)
	all := make([]int32, len(e.sums))
	for k := range all {
		all[k] = int32(k)
	}
	e.scan(once, e.whole, all, e.sums)
	return e, nil
}

// setRanks sets x; equal scores have the same.
func (e *Estimator) setRanks() {
	n := len(e.units)
	for start, end := 0, 0; start < n; start = end {
		for end = start; end < n && e.units[end].score == e.units[start].score; end++ {
		}
		for i := start; i < end; i++ {
			e.units[i].x = 1 - float64(start+end)/float64(n)
		}
	}
}

// N returns the number of decisions.
func (e *Estimator) N() int { return len(e.units) }

// Mean returns the mean outcome of the logged decisions, exploration included.
func (e *Estimator) Mean() float64 { return e.mean }

// calls returns the number of decisions with score >= t.
func (e *Estimator) calls(t float64) int {
	return sort.Search(len(e.units), func(i int) bool { return !(e.units[i].score >= t) })
}

// Quantile returns the threshold for a share of strong calls in [0,1]: the k-th largest score,
// k the share of the decisions, rounded. For k = 0 it is +Inf.
func (e *Estimator) Quantile(share float64) float64 {
	k := int(math.Round(share * float64(len(e.units))))
	if k == 0 {
		return math.Inf(1)
	}
	return e.units[k-1].score
}

// Clusters returns the number of clusters.
func (e *Estimator) Clusters() int { return e.clusters }

// Random returns the estimates of asking the strong side for a random share of the decisions: the
// straight line between always weak and always strong.
func (e *Estimator) Random(share float64) Estimates {
	last := e.sums[len(e.units)]
	out, always := values(e.sums[0], last), values(last, last)
	for m := range out {
		out[m] += float64(share * (always[m] - out[m]))
	}
	return out
}
