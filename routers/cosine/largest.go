package cosine

import (
	"context"

	"github.com/routellm/routellm/routers/internal/neighbours"
)

// Largest returns, for each vector of a, the largest cosine with a vector of b. It is 0
// if the vector, or all of b, is zero. All vectors must have the same number of finite
// components. Like [Between]'s, the result equals that of a double loop in float64.
func Largest(ctx context.Context, a, b [][]float32) ([]float64, error) {
	out, x, y := make([]float64, len(a)), newRows(a), newRows(b)
	if len(a) == 0 || len(b) == 0 {
		return out, ctx.Err()
	}
	slack := 2 * float64(y.dim+8) / (1 << 23) // bound on the error of the difference of two products in float32
	err := neighbours.Rows(b, y.dim, 0).Cosines(ctx, a, func(i int, cosines []float64) error {
		if x.norm2[i] == 0 {
			return nil
		}
		near := -2.0
		for j, c := range cosines {
			if c > near && y.norm2[j] > 0 {
				near = c
			}
		}
		best := -2.0
		for j, c := range cosines {
			if c >= near-slack && y.norm2[j] > 0 {
				best = max(best, cosineOf(a[i], b[j], x.norm2[i], y.norm2[j]))
			}
		}
		if best >= -1 {
			out[i] = best
		}
		return nil
	})
	return out, err
}
