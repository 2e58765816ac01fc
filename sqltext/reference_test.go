package sqltext_test

import (
	"cmp"
	"math"
	"slices"

	"github.com/routellm/routellm/sqltext"
)

// sums is one row of a summary, computed from its definition.
type sums struct {
	bin          float64 // NaN for rows that cannot be used
	task, bucket string  // "" where absent
	lo, hi       float64
	rows         float64
	n            float64
	strong, weak float64
	gain2, area  float64
	scale        float64 // sum of the sizes of what area adds up: what rounding is measured by
}

// wanted says what the reference sums by.
type wanted struct {
	bin                   func(score float64) float64
	tasks, weights, plain bool // plain: scores alone
	buckets               int
	within                func(score float64) bool
}

// usable reports whether the row can be used.
func (r logged) usable(w wanted) bool {
	ok := func(x *float64) bool { return x != nil && !math.IsNaN(*x) && !math.IsInf(*x, 0) }
	return ok(r.score) && (w.plain || ok(r.strong) && ok(r.weak)) && (!w.weights || ok(r.weight) && *r.weight > 0) &&
		(w.buckets == 0 || r.cluster != "" || r.id != "")
}

// reference computes a summary row by row, sorted as sorted does.
func reference(rows []logged, w wanted) []sums {
	var groups []sums
	var used []logged
	for _, r := range rows {
		s := sums{bin: math.NaN(), lo: math.NaN(), hi: math.NaN(), rows: 1, n: 1}
		if r.usable(w) {
			if w.within != nil && !w.within(*r.score) {
				continue
			}
			used = append(used, r)
			s = one(r, w)
		} else if w.within != nil {
			continue
		}
		add(&groups, s)
	}
	areas(groups, used, w)
	return sorted(groups)
}

// one returns the sums of one usable row.
func one(r logged, w wanted) sums {
	x := *r.score + 0
	s := sums{bin: w.bin(x), lo: x, hi: x, rows: 1, n: 1}
	if w.weights {
		s.n = *r.weight
	}
	if w.tasks {
		s.task = r.task
	}
	if w.buckets > 0 {
		s.bucket = bucketOf(r, w.buckets)
	}
	if !w.plain {
		gain := *r.strong - *r.weak
		s.strong, s.weak, s.gain2 = s.n**r.strong, s.n**r.weak, s.n*gain*gain
	}
	return s
}

func bucketOf(r logged, k int) string {
	return number(float64(sqltext.Bucket(cmp.Or(r.cluster, r.id), k)))
}

// add adds the sums to their group.
func add(groups *[]sums, s sums) {
	for i := range *groups {
		if g := &(*groups)[i]; sameKey(*g, s) {
			g.lo, g.hi = min(g.lo, s.lo), max(g.hi, s.hi)
			g.rows, g.n, g.strong, g.weak, g.gain2 = g.rows+s.rows, g.n+s.n, g.strong+s.strong, g.weak+s.weak, g.gain2+s.gain2
			return
		}
	}
	*groups = append(*groups, s)
}

func sameKey(a, b sums) bool {
	return (a.bin == b.bin || math.IsNaN(a.bin) && math.IsNaN(b.bin)) && a.task == b.task && a.bucket == b.bucket
}

// areas computes each group's area from all pairs of rows of a bin.
func areas(groups []sums, used []logged, w wanted) {
	if w.plain || w.tasks {
		return
	}
	byBin := map[float64][]sums{}
	for _, r := range used {
		s := one(r, w)
		byBin[s.bin] = append(byBin[s.bin], s)
	}
	for _, bin := range byBin {
		for _, s := range bin {
			below := 0.0
			for _, other := range bin {
				if other.lo < s.lo {
					below += other.n
				} else if other.lo == s.lo {
					below += other.n / 2
				}
			}
			i := slices.IndexFunc(groups, func(g sums) bool { return sameKey(g, s) })
			groups[i].area += (s.strong - s.weak) * below
			groups[i].scale += math.Abs(s.strong-s.weak) * below
		}
	}
}

// sorted sorts groups by bin, the one of unusable rows last, then by task and bucket.
func sorted(groups []sums) []sums {
	key := func(s sums) float64 {
		if math.IsNaN(s.bin) {
			return math.Inf(1)
		}
		return s.bin
	}
	slices.SortFunc(groups, func(a, b sums) int {
		return cmp.Or(cmp.Compare(key(a), key(b)), cmp.Compare(a.task, b.task), cmp.Compare(a.bucket, b.bucket))
	})
	return groups
}
