package familiar

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"

	"github.com/routellm/routellm/routers"
)

// cloud returns prompts around a point, whose first component is at place.
func cloud(name string, n int, place float32, seed uint64) Source {
	rng := rand.New(rand.NewPCG(seed, 1))
	s := Source{Name: name}
	for i := range n {
		s.Prompts = append(s.Prompts, near(rng, place))
		s.Norm = append(s.Norm, fmt.Sprintf("%s%04d", name, i))
	}
	return s
}

func near(rng *rand.Rand, place float32) routers.Prompt {
	v := make([]float32, 8)
	for j := range v {
		v[j] = float32(rng.NormFloat64())
	}
	v[0] += place
	f := routers.Features{}
	for _, name := range counts {
		f = f.With(name, math.Exp(rng.NormFloat64()))
	}
	return routers.Prompt{Vector: v, Features: f}
}

// share returns the share of fresh prompts at a place that are unlike k.
func share(k *Known, place float32) float64 {
	rng, n := rand.New(rand.NewPCG(9, 9)), 0
	for range 1000 {
		if p := near(rng, place); k.Unlike(&p) {
			n++
		}
	}
	return float64(n) / 1000
}

// TestFlaggedShares checks that about 5 % of fresh prompts of the same sources are unlike them, and
// nearly all prompts from elsewhere.
func TestFlaggedShares(t *testing.T) {
	k := Fit([]Source{cloud("a", 600, -8, 1), cloud("b", 300, 8, 2)}, Chosen())
	same := (share(k, -8) + share(k, 8)) / 2
	if same < 0.02 || same > 0.09 {
		t.Errorf("%.3f of fresh prompts are unlike those of the same sources, want about %v", same, Flagged)
	}
	if far := share(k, 80); far < 0.99 {
		t.Errorf("%.3f of prompts from elsewhere are unlike, want all", far)
	}
	only := k.Only(func(source string) bool { return source == "a" })
	if got := share(only, 8); got < 2*same {
		t.Errorf("without the source b, %.3f of its prompts are unlike, hardly more than with it", got)
	}
}

// TestFitIgnoresOrder checks that neither a second run nor the order of prompts changes a byte.
func TestFitIgnoresOrder(t *testing.T) {
	s := cloud("a", 300, 0, 1)
	one := Fit([]Source{s}, Chosen()).Bytes()
	slices.Reverse(s.Prompts)
	slices.Reverse(s.Norm)
	if two := Fit([]Source{s}, Chosen()).Bytes(); !bytes.Equal(one, two) {
		t.Error("the order of the prompts changes the description")
	}
}

func TestFitNeedsEverything(t *testing.T) {
	few, bare, short := cloud("a", smallest-1, 0, 1), cloud("a", 30, 0, 1), cloud("a", 30, 0, 1)
	bare.Prompts[3].Features = routers.Features{}
	short.Prompts[3].Vector = short.Prompts[3].Vector[:5]
	odd := cloud("a", 30, 0, 1)
	odd.Prompts[3].Vector[2] = float32(math.NaN())
	for name, s := range map[string][]Source{"none": nil, "few": {few}, "no counts": {bare}, "lengths": {short}, "NaN": {odd}} {
		if k := Fit(s, Chosen()); k != nil {
			t.Errorf("%s: a description without what it needs", name)
		}
	}
	var none *Known
	if p := (routers.Prompt{}); none.Unlike(&p) || none.Bytes() != nil || none.Only(nil) != nil {
		t.Error("without a description, every prompt is familiar")
	}
}

// TestEqualPrompts expects no description of one prompt, repeated: it has no unit of distance, so that
// every other prompt would pass for familiar.
func TestEqualPrompts(t *testing.T) {
	s := cloud("a", 40, 0, 1)
	for i := range s.Prompts {
		s.Prompts[i] = s.Prompts[0]
	}
	if k := Fit([]Source{s}, Chosen()); k != nil {
		t.Error("a description of one prompt, repeated")
	}
	if k := Fit([]Source{s, cloud("b", 40, 0, 1)}, Chosen()); k.Unlike(&s.Prompts[0]) {
		t.Error("the only training prompt of a source is unlike the training prompts")
	}
}

// TestLength checks a length against its definition, with the prompts of one source.
func TestLength(t *testing.T) {
	s := cloud("a", 300, 0, 1)
	var x []float64
	for i := range s.Prompts {
		c, err := s.Prompts[i].Count(routers.Chars)
		if err != nil {
			t.Fatal(err)
		}
		x = append(x, math.Log1p(c))
	}
	mean, variance := stat.PopMeanVariance(x, nil)
	k := Fit([]Source{s}, Chosen())
	for _, i := range []int{0, 7, 299} {
		if want, got := (x[i]-mean)/math.Sqrt(variance), k.Length(&s.Prompts[i]); math.Abs(got-want) > 1e-5 {
			t.Errorf("length %v of prompt %d, want %v", got, i, want)
		}
	}
	long := routers.Prompt{Features: routers.Features{}.With(routers.Chars, 1e9)}
	if got := k.Length(&long); !(got > farthest) || math.IsInf(got, 1) {
		t.Errorf("length %v of a huge prompt, want more than %v", got, farthest)
	}
	var none *Known
	if k.Length(&routers.Prompt{}) != 0 || none.Length(&long) != 0 {
		t.Error("a length of which nothing is known is not 0")
	}
}

func TestUnlikeOfPromptsWithoutData(t *testing.T) {
	k := Fit([]Source{cloud("a", 100, 0, 1)}, Chosen())
	for _, p := range []routers.Prompt{{}, {Vector: make([]float32, 8)}, {Vector: make([]float32, 3), Text: "x", HasText: true}} {
		if k.Unlike(&p) {
			t.Errorf("%+v: nothing is known of the prompt, and it is unlike the others", p)
		}
	}
}

func TestFile(t *testing.T) {
	k := Fit([]Source{cloud("a", 200, -8, 1), cloud("b", 100, 8, 2)}, Chosen())
	data := k.Bytes()
	back, err := Parse(data)
	if err != nil || !bytes.Equal(back.Bytes(), data) || share(back, 9) != share(k, 9) {
		t.Fatalf("the description does not come back: %v", err)
	}
	for n := 1; n < len(data); n += 7 {
		if _, err := Parse(data[:n]); err == nil {
			t.Fatalf("%d of %d bytes pass", n, len(data))
		}
	}
	damaged := slices.Clone(data)
	copy(damaged[5:], []byte{0, 0, 0xc0, 0x7f}) // NaN
	for what, bad := range map[string][]byte{"version": {9}, "longer": append(slices.Clone(data), 0), "NaN": damaged} {
		if _, err := Parse(bad); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	if none, err := Parse(nil); none != nil || err != nil {
		t.Errorf("no bytes give %v, %v", none, err)
	}
}

func BenchmarkUnlike(b *testing.B) {
	s := Source{Name: "a"}
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range 1000 {
		v := make([]float32, 256)
		for j := range v {
			v[j] = float32(rng.NormFloat64())
		}
		s.Prompts = append(s.Prompts, routers.Prompt{Vector: v, Features: near(rng, 0).Features})
		s.Norm = append(s.Norm, fmt.Sprint(i))
	}
	k := Fit([]Source{s, {"b", s.Prompts, s.Norm}, {"c", s.Prompts, s.Norm}}, Chosen())
	for b.Loop() {
		k.Unlike(&s.Prompts[0])
	}
}
