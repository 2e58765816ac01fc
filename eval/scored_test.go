package eval

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// folded sums up samples of equal score and cluster, and shuffles what comes out.
func folded(o Outcomes, cluster []int, scores []float64, rng *rand.Rand) Scored {
	type key struct {
		cluster int
		score   float64
	}
	at := map[key]int{}
	var out Scored
	for i, s := range scores {
		k, known := at[key{cluster[i], s}]
		if !known {
			k = len(out.Scores)
			at[key{cluster[i], s}] = k
			out.Scores, out.Cluster = append(out.Scores, s), append(out.Cluster, cluster[i])
			out.Outcomes.Strong, out.Outcomes.Weak, out.Outcomes.Weight = append(out.Outcomes.Strong, 0), append(out.Outcomes.Weak, 0), append(out.Outcomes.Weight, 0)
		}
		w := out.Outcomes.Weight[k]
		out.Outcomes.Strong[k] = (out.Outcomes.Strong[k]*w + o.Strong[i]) / (w + 1)
		out.Outcomes.Weak[k] = (out.Outcomes.Weak[k]*w + o.Weak[i]) / (w + 1)
		out.Outcomes.Weight[k]++
	}
	rng.Shuffle(len(out.Scores), func(i, j int) {
		out.Scores[i], out.Scores[j] = out.Scores[j], out.Scores[i]
		out.Cluster[i], out.Cluster[j] = out.Cluster[j], out.Cluster[i]
		x := out.Outcomes
		for _, v := range [][]float64{x.Strong, x.Weak, x.Weight} {
			v[i], v[j] = v[j], v[i]
		}
	})
	return out
}

// TestCompareScored checks that routers whose samples are summed up by score and cluster, each by its
// own scores, compare as the samples themselves do.
func TestCompareScored(t *testing.T) {
	const n, clusters = 900, 60
	o, a := synthetic(n)
	rng, cluster, b := rand.New(rand.NewPCG(5, 6)), make([]int, n), make([]float64, n)
	for i := range cluster {
		cluster[i], a[i], b[i] = i%clusters, float64(int(a[i]*20)), float64(rng.IntN(15))
	}
	compare := Comparer{Bootstrap: Bootstrap{Resamples: 200, Confidence: 0.95, Seed: 3}, Permutations: 99, Margin: 0.02}
	want, err := compare.Compare(o, cluster, [][]float64{a, b})
	if err != nil {
		t.Fatal(err)
	}
	got, err := compare.CompareScored([]Scored{folded(o, cluster, a, rng), folded(o, cluster, b, rng)})
	if err != nil {
		t.Fatal(err)
	}
	x, y := got.Pairs[0], want.Pairs[0]
	for name, v := range map[string][2]float64{
		"value": {x.Value, y.Value}, "lower end": {x.Interval.Lo, y.Interval.Lo}, "upper end": {x.Interval.Hi, y.Interval.Hi}, "standard error": {x.SE, y.SE},
		"detectable": {x.Detectable, y.Detectable}, "p": {x.P, y.P}, "adjusted p": {x.Adjusted, y.Adjusted}, "p against random": {got.Random[0].P, want.Random[0].P},
	} {
		near(t, name, v[0], v[1])
	}
	if x.Verdict != y.Verdict {
		t.Errorf("verdict %s, want %s", x.Verdict, y.Verdict)
	}
	fewer := folded(o, slices.Repeat([]int{0}, n), b, rng)
	if _, err := compare.CompareScored([]Scored{folded(o, cluster, a, rng), fewer}); err == nil {
		t.Error("no error for other clusters")
	}
}

// TestBlockCurve checks a curve through blocks of one score against that of the samples.
func TestBlockCurve(t *testing.T) {
	o, scores := synthetic(300)
	for i := range scores {
		scores[i] = float64(int(scores[i] * 40))
	}
	want, err := NewCurve(o, scores)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []Block
	for k, v := range want.Vertices[1:] {
		b := Block{Threshold: v.Threshold}
		for i, s := range scores {
			if s == v.Threshold {
				b.Size, b.Strong, b.Weak = b.Size+1, b.Strong+o.Strong[i], b.Weak+o.Weak[i]
			}
		}
		if blocks = append(blocks, b); k > 0 && b.Threshold >= blocks[k-1].Threshold {
			t.Fatal("thresholds do not descend")
		}
	}
	got, err := NewBlockCurve(blocks, o.N())
	if err != nil {
		t.Fatal(err)
	}
	near(t, "APGR", got.APGR(), want.APGR())
	near(t, "CPT", got.CPT(50).Value, want.CPT(50).Value)
	near(t, "largest tie", got.LargestTie, want.LargestTie)
	for i, v := range got.Vertices {
		near(t, "quality", v.Quality, want.Vertices[i].Quality)
	}
	slices.Reverse(blocks)
	if _, err := NewBlockCurve(blocks, o.N()); err == nil {
		t.Error("no error for ascending thresholds")
	}
	if _, err := NewBlockCurve(nil, 0); err == nil {
		t.Error("no error without blocks")
	}
}
