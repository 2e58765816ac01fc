package plots

import "github.com/routellm/routellm/eval"

// NewLine returns a router's curve with a marker where it first recovers each per cent, 0
// to 100, of the gap between the models. Per cents that it never recovers have none.
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

// NewBand returns the random router's line with its pointwise 95 % band at every per cent
// of strong calls.
func NewBand(r eval.Random) *Band {
	b := &Band{}
	for i := range 101 {
		f := float64(i) / 100
		lo, hi := r.Band(f)
		b.Lo, b.Mid, b.Hi = append(b.Lo, Point{f, lo}), append(b.Mid, Point{f, r.QualityAt(f)}), append(b.Hi, Point{f, hi})
	}
	return b
}
