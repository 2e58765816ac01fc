//go:build !amd64

package neighbours

func project(dots []float32, inverse, out []float64) float64 { return projectGo(dots, inverse, out) }

func powers(x []float64, scale, factor float64) { powersGo(x, scale, factor) }
