package eval

import (
	"errors"
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/num"
)

// Block sums up samples whose scores lie together: no other sample's score lies between theirs.
type Block struct {
	Threshold    float64 // smallest of the scores
	Size         float64 // number of samples or, with weights, the sum of them; above 0
	Strong, Weak float64 // sums of the qualities, each times its sample's weight
}

// NewBlockCurve returns the curve through the ends of blocks, which are in descending order of
// their thresholds. It is exact at these vertices, and everywhere if all scores of a block are
// equal, where it has the same floats as that of [NewCurve] if the qualities are whole numbers.
// n is the number of samples. [Curve.LargestTie] is the share of the largest block. It returns an
// error without blocks, for numbers that are not finite, and for another order.
func NewBlockCurve(blocks []Block, n int) (*Curve, error) {
	if len(blocks) == 0 {
		return nil, errors.New("no samples: want at least one")
	}
	c, last := &Curve{N: n, gains: make([]float64, 1, len(blocks)+1)}, math.Inf(1)
	count, strong, weak, gain := make([]float64, 1, len(blocks)+1), 0.0, 0.0, 0.0
	for i, b := range blocks {
		if !(b.Size > 0) || !(b.Threshold < last) || !num.Finite(b.Threshold) || !num.Finite(b.Size) || !num.Finite(b.Strong) || !num.Finite(b.Weak) {
			return nil, fmt.Errorf("block %d: size %v, qualities %v and %v, threshold %v: want finite numbers, a size above 0, and thresholds in descending order",
				i, b.Size, b.Strong, b.Weak, b.Threshold)
		}
		last, c.total = b.Threshold, c.total+b.Size
		strong, weak, gain = strong+b.Strong, weak+b.Weak, gain+(b.Strong-b.Weak)
		count, c.gains = append(count, c.total), append(c.gains, gain)
	}
	c.Strong, c.Weak = strong/c.total, weak/c.total
	c.Vertices = append(make([]Vertex, 0, len(count)), Vertex{Threshold: math.Inf(1), Quality: c.Weak})
	for i, b := range blocks {
		c.LargestTie = max(c.LargestTie, b.Size/c.total)
		c.Vertices = append(c.Vertices, Vertex{b.Threshold, count[i+1] / c.total, c.Weak + c.gains[i+1]/c.total})
	}
	c.Vertices[len(c.Vertices)-1].Quality = c.Strong // as in trace
	return c, nil
}
