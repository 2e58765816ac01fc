package neighbours

func project(dots []float32, inverse, out []float64) float64 {
	whole := len(dots) / lanes * lanes
	if !hasAVX2 || whole == 0 {
		return projectGo(dots, inverse, out)
	}
	_, _ = inverse[whole-1], out[whole-1] // check the bounds here, since assembly does not
	largest := projectAVX2(whole, &dots[0], &inverse[0], &out[0])
	return max(largest, projectGo(dots[whole:], inverse[whole:], out[whole:]))
}

func powers(x []float64, scale, factor float64) {
	whole := len(x) / lanes * lanes
	if !hasAVX2 || whole == 0 {
		powersGo(x, scale, factor)
		return
	}
	powersAVX2(whole, &x[0], &taylor[0], scale, factor)
	powersGo(x[whole:], scale, factor)
}

// projectAVX2 does what projectGo does. n must be a multiple of lanes above 0.
//
//go:noescape
func projectAVX2(n int, dots *float32, inverse, out *float64) float64

// powersAVX2 does what powersGo does, with the 13 coefficients of taylor. n must be a multiple of
// lanes above 0.
//
//go:noescape
func powersAVX2(n int, x, coefficients *float64, scale, factor float64)
