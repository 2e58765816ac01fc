package binned

import (
	"math"
	"slices"
)

// Sampler draws scores at random from a stream of any length: the same ones on every run, whatever
// order the scores are in. It keeps at most twice as many as were asked for.
type Sampler struct {
	wanted int
	limit  uint64 // scores whose hash is below it are kept
	rows   uint64
	kept   []drawn
}

// drawn is a score with the hash of its row's number.
type drawn struct {
	hash  uint64
	score float64
}

// NewSampler returns a sampler of at least wanted scores, if there are as many.
func NewSampler(wanted int) *Sampler { return &Sampler{wanted: wanted, limit: math.MaxUint64} }

// Add adds the scores of the next rows. It ignores scores that are not finite.
func (s *Sampler) Add(scores []float64) {
	for _, x := range scores {
		h := mix(s.rows)
		s.rows++
		if h > s.limit || math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		s.kept = append(s.kept, drawn{h, x})
		for len(s.kept) >= 2*s.wanted {
			s.limit /= 2
			s.kept = slices.DeleteFunc(s.kept, func(d drawn) bool { return d.hash > s.limit })
		}
	}
}

// mix returns the hash of a number (the finalizer of SplitMix64; Steele, Lea and Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Edges returns at most bins - 1 scores, in ascending order, that divide all scores into bins of about the
// same size. Scores that many rows share get bins of their own, as far as the sample shows them. If the
// stream has no more distinct scores than bins and all were drawn, every score does.
func (s *Sampler) Edges(bins int) []float64 {
	scores := make([]float64, len(s.kept))
	for i, d := range s.kept {
		scores[i] = d.score + 0 // -0 is 0
	}
	slices.Sort(scores)
	all := s.limit == math.MaxUint64
	for size := float64(len(scores)) / float64(bins); ; size *= 1.5 {
		if edges := edgesOf(scores, size, all); len(edges) < bins {
			return edges
		}
	}
}

// edgesOf divides sorted scores into bins of at least the given size, or of one score. all says that there
// are no others.
func edgesOf(scores []float64, size float64, all bool) []float64 {
	var edges []float64
	add := func(x float64) {
		if n := len(edges); n == 0 || edges[n-1] < x {
			edges = append(edges, x)
		}
	}
	filled := 0.0 // of the bin so far
	for from, to := 0, 0; from < len(scores); from = to {
		for to = from; to < len(scores) && scores[to] == scores[from]; to++ {
		}
		count := float64(to - from)
		if filled >= size || count >= size {
			add(scores[from])
			filled = 0
		}
		if filled += count; count >= size && !all {
			add(math.Nextafter(scores[from], math.Inf(1)))
			filled = 0
		}
	}
	if len(edges) > 0 && edges[0] == scores[0] {
		edges = edges[1:] // nothing that was drawn lies below
	}
	return edges
}
