package eval

import (
	"math"
	"sort"
)

// Vertex is one operating point: the strong model is called where the score is
// at least Threshold. The first vertex of a curve calls it never, and has the
// threshold +Inf.
type Vertex struct {
	Threshold      float64 // in the router's own unit
	StrongFraction float64 // share of samples sent to the strong model, in [0,1]
	Quality        float64 // mean quality, in the unit of the outcomes
}

// Curve is the exact curve of quality against strong-model calls of one router:
// one vertex per distinct score, joined by straight lines, from (0, weak) to
// (1, strong). A line across a tie is the expectation over random order inside
// it (design, section 4).
type Curve struct {
	Vertices     []Vertex
	N            int     // samples
	Strong, Weak float64 // mean quality of always calling one model
	LargestTie   float64 // share of samples with the most frequent score; 1/N without ties

	gains []float64 // cumulative, unscaled gain at each vertex; the last one is G
}

// NewCurve orders the samples by score and returns the router's curve. It
// needs one finite score a sample.
func NewCurve(o Outcomes, scores []float64) (*Curve, error) {
	order, err := rankFor(o, scores)
	if err != nil {
		return nil, err
	}
	c := &Curve{N: o.N()}
	c.Strong, c.Weak = o.Means()
	c.trace(o, order)
	return c, nil
}

// trace fills the vertices, one per tie block.
func (c *Curve) trace(o Outcomes, order []ranked) {
	n, size := float64(c.N), distinct(order)+1
	c.Vertices = make([]Vertex, 1, size)
	c.gains = make([]float64, 1, size)
	c.Vertices[0] = Vertex{Threshold: math.Inf(1), Quality: c.Weak}
	gain, start := 0.0, 0
	for i, r := range order {
		gain += o.Strong[r.index] - o.Weak[r.index]
		if i+1 < len(order) && order[i+1].score == r.score {
			continue
		}
		c.LargestTie = max(c.LargestTie, float64(i+1-start)/n)
		start = i + 1
		c.gains = append(c.gains, gain)
		c.Vertices = append(c.Vertices, Vertex{r.score, float64(i+1) / n, c.Weak + gain/n})
	}
	// The mean of the strong model, not the weak one plus the rounded gains.
	c.Vertices[len(c.Vertices)-1].Quality = c.Strong
}

// totalGain is G, the sum of all gains.
func (c *Curve) totalGain() float64 { return c.gains[len(c.gains)-1] }

// QualityAt returns the expected quality when a share f in [0,1] of the calls
// goes to the strong model, on the straight line between vertices. NaN outside
// [0,1].
func (c *Curve) QualityAt(f float64) float64 {
	if !(f >= 0 && f <= 1) {
		return math.NaN()
	}
	v := c.Vertices
	i := sort.Search(len(v), func(i int) bool { return v[i].StrongFraction >= f })
	if i == 0 {
		return v[0].Quality
	}
	return lerp(f, v[i-1].StrongFraction, v[i].StrongFraction, v[i-1].Quality, v[i].Quality)
}

// Calibrated returns the operating point whose threshold is the k-th largest score,
// k = round(f n), for a share f in [0,1] of strong calls, as [Calibrate] does. It calls
// the strong model more often than that only where scores are equal.
func (c *Curve) Calibrated(f float64) Threshold {
	k := callsOf(f, c.N)
	i := sort.Search(len(c.Vertices), func(i int) bool { return c.calls(i) >= k })
	return Threshold{Fraction: f, Threshold: c.Vertices[i].Threshold, N: int64(c.N), K: int64(k), AtOrAbove: int64(c.calls(i))}
}

// calls is the number of strong calls at a vertex.
func (c *Curve) calls(i int) int { return callsOf(c.Vertices[i].StrongFraction, c.N) }

// FractionFor returns the smallest strong fraction from which the quality is
// reached along the curve, and NaN if it never is.
func (c *Curve) FractionFor(quality float64) float64 {
	v := c.Vertices
	if v[0].Quality >= quality {
		return 0
	}
	for i := 1; i < len(v); i++ {
		if v[i].Quality >= quality {
			return lerp(quality, v[i-1].Quality, v[i].Quality, v[i-1].StrongFraction, v[i].StrongFraction)
		}
	}
	return math.NaN()
}

// Thin returns at most limit vertices, evenly spread over the curve, always with
// both ends. limit must be at least 2.
func (c *Curve) Thin(limit int) []Vertex {
	n := len(c.Vertices)
	if n <= limit {
		return c.Vertices
	}
	out := make([]Vertex, limit)
	for i := range out {
		out[i] = c.Vertices[i*(n-1)/(limit-1)]
	}
	return out
}

// lerp maps x on [x0,x1] to [y0,y1]; the conversions keep a fused
// multiply-add from changing the last bit on other processors.
func lerp(x, x0, x1, y0, y1 float64) float64 {
	if x == x1 {
		return y1
	}
	return y0 + float64((x-x0)/(x1-x0)*(y1-y0))
}
