package moved

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// CheckSame returns an error unless two summaries may sum up the same prompts: the models' qualities
// and costs must agree in every bucket.
func CheckSame(a, b *Summary) error {
	if a.Models() != b.Models() || len(a.Starts) != len(b.Starts) || a.Bucketed != b.Bucketed {
		return unlike("one has %s and %s, and the other %d and %d", text.Plural(a.Models(), "model"), text.Plural(len(a.Starts), "bucket"), b.Models(), len(b.Starts))
	}
	for i, x := range a.Starts {
		y := b.Starts[i]
		if x.Bucket != y.Bucket || x.Rows != y.Rows || !agree(x.N, y.N, x.N) {
			return unlike("one has %v rows in bucket %d, and the other %v in bucket %d", x.N, x.Bucket, y.N, y.Bucket)
		}
		for m := range x.ModelQuality {
			if q, p := x.ModelQuality[m], y.ModelQuality[m]; !agree(q, p, x.N) {
				return unlike("in bucket %d the qualities of model %d sum up to %v and %v", x.Bucket, m+1, q, p)
			}
			if c, d := x.ModelCost[m], y.ModelCost[m]; !agree(c, d, 0) {
				return unlike("in bucket %d the costs of model %d sum up to %v and %v", x.Bucket, m+1, c, d)
			}
		}
	}
	return nil
}

// agree reports whether sums over so much are equal but for rounding.
func agree(a, b, size float64) bool {
	return math.Abs(a-b) <= rounding*max(math.Abs(a), math.Abs(b), size)
}

// unlike returns the error about summaries of other prompts.
func unlike(format string, args ...any) error {
	return hint.With(fmt.Errorf("the summaries are of other prompts: "+format, args...),
		"make both from the same rows of one table, with the same --models, --cluster and --buckets: rows that cannot be used for one router must be left out for both")
}
