package eval

import (
	"math"
	"sort"
)

// Vertex is one operating point: the strong model is called where score >= Threshold. The
// first vertex of a curve never calls the strong model and has the threshold +Inf.
type Vertex struct {
	Threshold      float64 // score from which the strong model is called, in the router's own unit
	StrongFraction float64 // share of samples sent to the strong model, in [0,1]
	Quality        float64 // mean quality, in the unit of the outcomes
}

// Curve is the exact curve of one router's quality against its strong fraction: one vertex
// per distinct score, joined by straight lines, from (0, weak) to (1, strong). The line
// across a block of tied scores is the expected curve if ties are broken at random.
type Curve struct {
	Vertices     []Vertex // vertices in ascending order of the strong fraction
	N            int      // number of samples
	Strong, Weak float64  // mean quality of always calling the strong or the weak model
	LargestTie   float64  // share of samples with the most frequent score; 1/N without ties

	total float64   // sum of the samples' weights
	gains []float64 // summed gain up to each vertex; the last one is G
}

// NewCurve orders the samples by score and returns the router's curve. It returns an error
// unless the outcomes are valid and there is one finite score per sample.
func NewCurve(o Outcomes, scores []float64) (*Curve, error) {
	order, err := rankFor(o, scores)
	if err != nil {
		return nil, err
	}
	c := &Curve{N: o.N(), total: o.total()}
	c.Strong, c.Weak = o.Means()
	c.trace(o, order)
	return c, nil
}

// trace fills in the vertices, one per block of tied scores.
func (c *Curve) trace(o Outcomes, order []ranked) {
	ends := func(k int) bool { return k+1 == len(order) || order[k+1].score != order[k].score }
	n := 1
	for k := range order {
		if ends(k) {
			n++
		}
	}
	c.Vertices = append(make([]Vertex, 0, n), Vertex{Threshold: math.Inf(1), Quality: c.Weak})
	c.gains = append(make([]float64, 0, n), 0)
	count, before, gain := 0.0, 0.0, 0.0 // summed weights up to the sample and up to the last vertex, summed gain
	for k, r := range order {
		w := o.weight(r.index)
		count += w
		gain += float64(w * (o.Strong[r.index] - o.Weak[r.index]))
		if ends(k) {
			c.LargestTie = max(c.LargestTie, (count-before)/c.total)
			c.Vertices = append(c.Vertices, Vertex{r.score, count / c.total, c.Weak + gain/c.total})
			c.gains = append(c.gains, gain)
			before = count
		}
	}
	// The strong model's mean is exact; the weak model's mean plus the gains is rounded. So are sums
	// of weights in different orders.
	last := &c.Vertices[len(c.Vertices)-1]
	last.StrongFraction, last.Quality = 1, c.Strong
}

// Size returns the sum of the samples' weights; the number of samples without weights.
func (c *Curve) Size() float64 { return c.total }

// GainAt returns the summed gain up to vertex i: that of all samples with scores at or above its
// threshold.
func (c *Curve) GainAt(i int) float64 { return c.gains[i] }

// totalGain returns G, the sum of all gains.
func (c *Curve) totalGain() float64 { return c.gains[len(c.gains)-1] }

// QualityAt returns the expected quality at strong fraction f, on the straight line between
// vertices. It returns NaN for f outside [0,1].
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

// Calibrated returns the threshold for a strong fraction f in [0,1] on the curve's own
// scores, as [Calibrate] does: the k-th largest score, k = round(f n). It calls the strong
// model more often than requested only where scores are tied.
func (c *Curve) Calibrated(f float64) Threshold {
	k := callsOf(f, c.N)
	i := sort.Search(len(c.Vertices), func(i int) bool { return c.calls(i) >= k })
	return Threshold{Fraction: f, Threshold: c.Vertices[i].Threshold, N: int64(c.N), K: int64(k), AtOrAbove: int64(c.calls(i))}
}

// calls returns the number of strong calls at vertex i.
func (c *Curve) calls(i int) int { return callsOf(c.Vertices[i].StrongFraction, c.N) }

// FractionFor returns the smallest strong fraction at which the curve reaches the quality,
// or NaN if it never does.
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

// Thin returns at most limit vertices, evenly spread over the curve's vertices and including
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

// lerp maps x linearly from [x0,x1] to [y0,y1]. The conversion prevents a fused multiply-add,
// which would change the last bit on some processors.
func lerp(x, x0, x1, y0, y1 float64) float64 {
	if x == x1 {
		return y1
	}
	return y0 + float64((x-x0)/(x1-x0)*(y1-y0))
}
