package binned

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/routellm/routellm/eval"
)

// samplesOf draws samples with tied scores, weights and clusters.
func samplesOf(t *rapid.T) (o eval.Outcomes, scores []float64, bucket []int) {
	n := rapid.IntRange(2, 300).Draw(t, "n")
	score := rapid.OneOf(rapid.Map(rapid.IntRange(-3, 3), func(k int) float64 { return float64(k) }), rapid.Float64Range(-1e3, 1e3), rapid.Just(math.Copysign(0, -1)))
	weighted := rapid.Bool().Draw(t, "weighted")
	for range n {
		scores = append(scores, score.Draw(t, "score"))
		o.Strong, o.Weak = append(o.Strong, rapid.Float64Range(0, 1).Draw(t, "strong")), append(o.Weak, rapid.Float64Range(0, 1).Draw(t, "weak"))
		bucket = append(bucket, rapid.IntRange(0, 6).Draw(t, "bucket"))
		if weighted {
			o.Weight = append(o.Weight, rapid.Float64Range(0.5, 3).Draw(t, "weight"))
		}
	}
	return o, scores, bucket
}

// built sums samples up in at most the given number of bins.
func built(t *rapid.T, o eval.Outcomes, scores []float64, bucket []int, bins, drawn int) *Summary {
	s := NewSampler(drawn)
	for part := range slices.Chunk(scores, 7) {
		s.Add(part)
	}
	edges := s.Edges(bins)
	if len(edges) >= bins || !slices.IsSorted(edges) {
		t.Fatalf("%d edges %v, want fewer than %d in ascending order", len(edges), edges, bins)
	}
	b := NewBuilder(edges, 7)
	for i, w := range o.Weights() {
		b.Add(scores[i], o.Strong[i], o.Weak[i], w, bucket[i])
	}
	b.Add(math.NaN(), 1, 1, 1, 0)
	b.Add(1, math.Inf(1), 1, 1, 0)
	out, err := b.Summary()
	if err != nil {
		t.Fatal(err)
	}
	if out.Rows() != int64(len(scores)) || out.Unused != 2 {
		t.Fatalf("%d rows and %d unused, want %d and 2", out.Rows(), out.Unused, len(scores))
	}
	return out
}

// TestBuilder compares summaries with the curves of the samples: exact with enough bins, within the bounds with fewer.
func TestBuilder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, scores, bucket := samplesOf(t)
		c, err := eval.NewCurve(o, scores)
		if err != nil {
			t.Fatal(err)
		}
		for _, bins := range []int{1000, rapid.IntRange(2, 40).Draw(t, "bins")} {
			s := built(t, o, scores, bucket, bins, rapid.IntRange(1, 400).Draw(t, "drawn"))
			const rounding = 1e-9
			for name, x := range map[string]struct {
				got  Value
				want float64
			}{"AUC": {s.AUC(), c.AUC()}, "quality": {s.QualityAt(0.3), c.QualityAt(0.3)}, "area": {s.AreaOverRandom(), c.AreaOverRandom()}} {
				if !(x.got.Lo-rounding <= x.want && x.want <= x.got.Hi+rounding) {
					t.Fatalf("%s of %d bins: %v, want the exact %v inside", name, bins, x.got, x.want)
				}
			}
		}
		if s := built(t, o, scores, bucket, 1000, 1000); !s.Single() {
			t.Fatalf("bins %v of at most 300 scores are not single", s.Bins)
		}
	})
}

// TestSampler checks how many scores are kept, and where they put the edges.
func TestSampler(t *testing.T) {
	s := NewSampler(100)
	values := make([]float64, 100_000)
	for i := range values {
		values[i] = float64(i)
	}
	s.Add(values)
	if n := len(s.kept); n < 100 || n >= 200 {
		t.Errorf("%d scores are kept, want 100 to 199", n)
	}
	edges := s.Edges(11)
	for k, x := range edges {
		if want := 1e4 * float64(k+1); math.Abs(x-want) > 2e4 {
			t.Errorf("edge %d is %v, want about %v", k, x, want)
		}
	}
	if s := NewSampler(10); s.Edges(5) != nil {
		t.Error("edges without scores")
	}
}

// TestHeavyTies: a score of a third of the rows gets a bin of its own, though not every score was drawn.
func TestHeavyTies(t *testing.T) {
	s, scores := NewSampler(200), make([]float64, 0, 30_000)
	for i := range 10_000 {
		scores = append(scores, 0.5, float64(i)/1e4, 0.5+1/float64(i+2))
	}
	s.Add(scores)
	b := NewBuilder(s.Edges(50), 0)
	for _, x := range scores {
		b.Add(x, x, 0, 1, 0)
	}
	out, err := b.Summary()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(out.Bins, func(b Bin) bool { return b.Min == 0.5 })
	if i < 0 || !out.Bins[i].single() || out.Bins[i].Rows != 10_001 {
		t.Errorf("the tied score is in %+v", out.Bins[max(i, 0)])
	}
}
