package eval

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func TestSplit(t *testing.T) {
	keys := make([]string, 10000)
	for i := range keys {
		keys[i] = fmt.Sprint("key ", i/2)
	}
	calibration, held := Split(keys, 0.3, 1)
	if got := float64(len(held)) / 10000; math.Abs(got-0.3) > 3*math.Sqrt(0.3*0.7/5000) {
		t.Errorf("%v held out, want about 0.3", got)
	}
	if len(calibration)+len(held) != len(keys) || !slices.IsSorted(held) {
		t.Error("the parts must hold every sample once, in ascending order")
	}
	in := map[string]bool{}
	for _, i := range held {
		in[keys[i]] = true
	}
	for _, i := range calibration {
		if in[keys[i]] {
			t.Fatalf("%q is in both parts", keys[i])
		}
	}
	// Neither the order of the samples nor the other samples matter.
	backwards := slices.Clone(keys[:100])
	slices.Reverse(backwards)
	_, again := Split(backwards, 0.3, 1)
	for _, i := range again {
		if !in[backwards[i]] {
			t.Fatalf("%q is held out among other samples only", backwards[i])
		}
	}
	if _, other := Split(keys, 0.3, 2); slices.Equal(held, other) {
		t.Error("another seed holds out the same samples")
	}
	if c, h := Split(keys, 0, 1); len(c) != len(keys) || h != nil {
		t.Error("a held-out share of 0 holds samples out")
	}
	if c, _ := Split(keys, 1, 1); c != nil {
		t.Error("a held-out share of 1 leaves samples in the calibration part")
	}
}

// TestGroups checks that samples are joined through either name and through other samples.
func TestGroups(t *testing.T) {
	clusters := []string{"c", "b", "b", "a", "x", "y"}
	digests := []string{"1", "2", "3", "3", "", ""}
	got := Groups(clusters, digests)
	if want := []string{"c", "a", "a", "a", "x", "y"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Groups(clusters, nil); !slices.Equal(got, clusters) {
		t.Errorf("without digests: %q, want %q", got, clusters)
	}
}
