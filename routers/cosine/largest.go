package cosine

import (
	"context"

	"github.com/routellm/routellm/routers/internal/neighbours"
)

// Largest returns, for each vector of a, the cosine of the one in b that it is closest
// to; 0 where it, or all of b, has no direction. All have as many finite components. The
// result is that of a double loop in float64, as [Between]'s is.
func Largest(ctx context.Context, a, b [][]float32) ([]float64, error) {
	out, x, y := make([]float64, len(a)), newRows(a), newRows(b)
	if len(a) == 0 || len(b) == 0 {
		return out, ctx.Err()
	}
	slack := 2 * float64(y.dim+8) / (1 << 23) // more than two products in float32 differ by
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
