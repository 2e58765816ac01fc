package ppi

import "math"

// fit holds the sums of a weighted regression of gold labels on cheap ones.
type fit struct{ n, f, y, ff, fy, yy float64 }

// fits returns the sums over all gold samples and over those of each cluster. Labels are taken less
// their means, so that the sums keep their digits.
func (l Labels) fits(gold []int, inverse []float64) (all centred, byCluster map[int]fit) {
	weight, total := make([]float64, len(gold)), 0.0
	for k, i := range gold {
		weight[k] = inverse[k] * l.weight(i)
		total += weight[k]
		all.meanF += float64(weight[k] * l.Cheap[i])
		all.meanY += float64(weight[k] * l.Gold[i])
	}
	all.meanF, all.meanY = all.meanF/total, all.meanY/total
	byCluster = map[int]fit{}
	for k, i := range gold {
		f, y, w := l.Cheap[i]-all.meanF, l.Gold[i]-all.meanY, weight[k]
		one := fit{w, w * f, w * y, w * f * f, w * f * y, w * y * y}
		all.fit = all.fit.plus(one, 1)
		byCluster[l.cluster(i)] = byCluster[l.cluster(i)].plus(one, 1)
	}
	return all, byCluster
}

// plus returns the sums with others added, times a sign.
func (a fit) plus(b fit, sign float64) fit {
	add := func(x, y float64) float64 { return x + float64(sign*y) }
	return fit{add(a.n, b.n), add(a.f, b.f), add(a.y, b.y), add(a.ff, b.ff), add(a.fy, b.fy), add(a.yy, b.yy)}
}

// centred is a fit of labels less their means.
type centred struct {
	fit
	meanF, meanY float64
}

// without returns the fit without the samples of a cluster.
func (c centred) without(cluster fit) centred {
	c.fit = c.fit.plus(cluster, -1)
	return c
}

// moments returns the summed squared deviations of both labels, and their products.
func (c centred) moments() (ff, fy, yy float64) {
	return c.ff - float64(c.f*c.f)/c.n, c.fy - float64(c.f*c.y)/c.n, c.yy - float64(c.y*c.y)/c.n
}

// line returns the line of gold labels over cheap ones with the least squares. It never falls: a
// judge whose labels fall where gold rises is not believed.
func (c centred) line() (lambda, offset float64) {
	const digits = 1e-12 // what is left of equal labels is rounding
	if ff, fy, _ := c.moments(); fy > 0 && ff > digits*c.ff {
		lambda = fy / ff
	}
	return lambda, c.meanY + (c.y-float64(lambda*c.f))/c.n - float64(lambda*c.meanF)
}

// correlation returns the correlation of both labels, NaN if one is constant.
func (c centred) correlation() float64 {
	ff, fy, yy := c.moments()
	if !(ff > 0 && yy > 0) {
		return math.NaN()
	}
	return max(-1, min(1, fy/math.Sqrt(ff*yy)))
}
