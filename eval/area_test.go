package eval

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestAreaInfluence compares the area with that of the curve, and each influence with what one more
// such sample changes.
func TestAreaInfluence(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const n = 400
	o, scores := Outcomes{}, []float64{}
	for range n {
		o.Strong, o.Weak = append(o.Strong, float64(r.IntN(2))), append(o.Weak, float64(r.IntN(2)))
		scores = append(scores, float64(r.IntN(20))) // with ties
	}
	area, influence, err := AreaInfluence(o, scores)
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewCurve(o, scores)
	if err != nil || math.Abs(area-c.AreaOverRandom()) > 1e-12 {
		t.Errorf("area %v, want %v: %v", area, c.AreaOverRandom(), err)
	}
	sum := 0.0
	for _, v := range influence {
		sum += v
	}
	if math.Abs(sum) > 1e-9 {
		t.Errorf("the influences sum to %v", sum)
	}
	for _, i := range []int{0, 17, 399} {
		more := Outcomes{Strong: append(slices.Clone(o.Strong), o.Strong[i]), Weak: append(slices.Clone(o.Weak), o.Weak[i])}
		c, err := NewCurve(more, append(slices.Clone(scores), scores[i]))
		if err != nil {
			t.Fatal(err)
		}
		if got := n * (c.AreaOverRandom() - area); math.Abs(got-influence[i]) > 0.01 {
			t.Errorf("one more sample like %d changes the area by %v/n, want %v/n", i, got, influence[i])
		}
	}
	if _, _, err := AreaInfluence(o, scores[1:]); err == nil {
		t.Error("too few scores are no error")
	}
}

func TestSplitShares(t *testing.T) {
	keys := make([]string, 5000)
	for i := range keys {
		keys[i] = string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676))
	}
	shares := []float64{0.6, 0.2, 0.2}
	parts, sizes := SplitShares(keys, shares, 1), make([]float64, 3)
	for _, p := range parts {
		sizes[p]++
	}
	for k, share := range shares {
		if got := sizes[k] / float64(len(keys)); math.Abs(got-share) > 0.03 {
			t.Errorf("part %d has the share %v, want about %v", k, got, share)
		}
	}
	if alone := SplitShares(keys[7:8], shares, 1); alone[0] != parts[7] {
		t.Error("the part of a sample depends on the others")
	}
}
