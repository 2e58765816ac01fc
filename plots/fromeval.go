package plots

import "github.com/routellm/routellm/eval"

// NewLine returns a router's curve with one marker per entry of percents, at the point where
// the curve first recovers that many per cent (0 to 100) of the gap between the models. A
// share that the curve never reaches gets no marker.
func NewLine(name string, c *eval.Curve, percents ...int) Line {
	l := Line{Name: name}
	for _, v := range c.Vertices {
		l.Points = append(l.Points, Point{v.StrongFraction, v.Quality})
	}
	for _, p := range percents {
		if at := c.CPT(float64(p)).Value; at == at {
			l.CPT = append(l.CPT, Marker{p, at, c.QualityAt(at)})
		}
	}
	return l
}

// NewBand returns the random router's expected line with its pointwise 95 % band, at strong
// fractions 0, 0.01, ..., 1.
func NewBand(r eval.Random) *Band {
	b := &Band{}
	for i := range 101 {
		f := float64(i) / 100
		lo, hi := r.Band(f)
		b.Lo, b.Mid, b.Hi = append(b.Lo, Point{f, lo}), append(b.Mid, Point{f, r.QualityAt(f)}), append(b.Hi, Point{f, hi})
	}
	return b
}
