package eval

import (
	"cmp"
	"fmt"
	"slices"
)

// Compat is a router's curve as RouteLLM's reference implementation computes it
// (lm-sys/RouteLLM 0b64fda, evals): at a few quantiles of the scores instead of at every
// score.
type Compat struct {
	Points       []Vertex // points in ascending order of the strong fraction
	Strong, Weak float64  // mean quality of the two models
}

// TiedEdgesError reports that two quantile thresholds coincide. The reference raises an
// error there too.
type TiedEdgesError struct {
	Quantiles int     // number of quantile bins requested
	First     int     // index of the edge that equals the next one
	Value     float64 // score at both edges
}

// Error returns a message that names the two edges and the score.
func (e *TiedEdgesError) Error() string {
	return fmt.Sprintf("quantile edges %d and %d of %d are both %v: too many scores are equal", e.First, e.First+1, e.Quantiles, e.Value)
}

// NewCompat evaluates the scores at the k + 1 edges of k >= 1 quantile bins. It needs one
// finite score per sample. It returns a [*TiedEdgesError] for the scores for which the
// reference raises an error.
func NewCompat(o Outcomes, scores []float64, k int) (*Compat, error) {
	curve, err := NewCurve(o, scores) // checks the input
	if err != nil {
		return nil, err
	}
	if k < 1 {
		return nil, fmt.Errorf("number of quantile bins is %d: want at least 1", k)
	}
	edges, err := quantileEdges(scores, k)
	if err != nil {
		return nil, err
	}
	c := &Compat{Strong: curve.Strong, Weak: curve.Weak, Points: make([]Vertex, len(edges))}
	for i, t := range edges {
		c.Points[k-i] = vertexAt(o, scores, t, i == k)
	}
	return c, nil
}

// vertexAt returns the point at threshold t. The strong model is called where score >= t, but
// only where score > t at the last edge.
func vertexAt(o Outcomes, scores []float64, t float64, last bool) Vertex {
	count, quality := 0, 0.0
	for i, s := range scores {
		if s > t || s == t && !last {
			count++
			quality += o.Strong[i]
		} else {
			quality += o.Weak[i]
		}
	}
	n := float64(len(scores))
	return Vertex{t, float64(count) / n, quality / n}
}

// quantileEdges returns the k+1 edges of k equally filled bins, as pandas.qcut computes them
// (numpy's linear quantile; Hyndman and Fan 1996, definition 7).
func quantileEdges(scores []float64, k int) ([]float64, error) {
	sorted := slices.Clone(scores)
	slices.Sort(sorted)
	edges := make([]float64, k+1)
	step := 1 / float64(k)
	for i := range edges {
		q := float64(i) * step
		if i == k {
			q = 1
		}
		edges[i] = quantile(sorted, q)
		if i > 0 && edges[i] == edges[i-1] {
			return nil, &TiedEdgesError{k, i - 1, edges[i]}
		}
	}
	return edges, nil
}

// quantile returns the q quantile of sorted values. It interpolates from the nearer
// neighbour, as numpy does, so the result never leaves the interval between the two.
func quantile(sorted []float64, q float64) float64 {
	pos := q * float64(len(sorted)-1)
	low := min(int(pos), len(sorted)-1)
	high := min(low+1, len(sorted)-1)
	t := pos - float64(low)
	a, b := sorted[low], sorted[high]
	if t >= 0.5 {
		return b - float64((b-a)*(1-t))
	}
	return a + float64((b-a)*t)
}

// NewCompatRandom returns the curve of the reference's random router at k quantile bins. It
// makes ten passes of uniform scores, drawn sample by sample from one generator seeded with
// 0, and averages the points of equal strong fraction. The samples must be in the
// reference's order.
func NewCompatRandom(o Outcomes, k int) (*Compat, error) {
	const passes = 10
	rng := newPyRandom(0)
	var points []Vertex
	var last *Compat
	for range passes {
		scores := make([]float64, o.N())
		for i := range scores {
			scores[i] = rng.Float64()
		}
		c, err := NewCompat(o, scores, k)
		if err != nil {
			return nil, err
		}
		points, last = append(points, c.Points...), c
	}
	last.Points = averagePoints(points)
	return last, nil
}

// averagePoints merges the points of equal strong fraction into their mean.
func averagePoints(points []Vertex) []Vertex {
	slices.SortStableFunc(points, func(a, b Vertex) int {
		return cmp.Compare(a.StrongFraction, b.StrongFraction)
	})
	var out []Vertex
	for i := 0; i < len(points); {
		v, j := Vertex{StrongFraction: points[i].StrongFraction}, i
		for ; j < len(points) && points[j].StrongFraction == v.StrongFraction; j++ {
			v.Threshold += points[j].Threshold
			v.Quality += points[j].Quality
		}
		v.Threshold /= float64(j - i)
		v.Quality /= float64(j - i)
		out = append(out, v)
		i = j
	}
	return out
}
