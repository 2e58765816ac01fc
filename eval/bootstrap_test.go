package eval

import (
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/routellm/routellm/internal/slicesx"
)

// percents returns the strong fractions 0, 0.01, ..., 1.
func percents() []float64 {
	out := make([]float64, 101)
	for i := range out {
		out[i] = float64(i) / 100
	}
	return out
}

// drawn returns the samples of a resample, each repeated as often as its cluster was drawn.
func drawn(b Bootstrap, replicate int, cluster []int) []int {
	weight := make([]int32, len(newSums(Outcomes{Strong: make([]float64, len(cluster)), Weak: make([]float64, len(cluster))}, cluster).size))
	draw(pcg{b.Seed, uint64(replicate)}, weight)
	var index []int
	for i, c := range cluster {
		for range weight[c] {
			index = append(index, i)
		}
	}
	return index
}

// TestDrawsAreStandard compares the draws with those of math/rand/v2.
func TestDrawsAreStandard(t *testing.T) {
	for _, n := range []int{1, 2, 3, 64, 1000, 1 << 20} {
		for stream := range uint64(3) {
			rng, got, want := rand.New(rand.NewPCG(7, stream)), make([]int32, n), make([]int32, n)
			draw(pcg{7, stream}, got)
			for range want {
				want[rng.Uint32N(uint32(n))]++
			}
			if !slices.Equal(got, want) {
				t.Fatalf("n = %d, stream %d: the draws are not those of rand.PCG", n, stream)
			}
		}
	}
	rng, own := rand.New(rand.NewPCG(1, 2)), pcg{1, 2}
	const n = 1<<32 - 5
	for range 10000 {
		var got uint32
		own, got = own.below(n)
		if want := rng.Uint32N(n); got != want {
			t.Fatalf("%d, want %d", got, want)
		}
	}
}

// TestManyDraws checks a cluster that is drawn more often than a byte can count, which takes about
// 10^500 resamples.
func TestManyDraws(t *testing.T) {
	o, scores := synthetic(600)
	cluster, wide, narrow := ClusterIDs(scores), make([]int32, 600), make([]uint8, 600)
	wide[3], wide[5], wide[9], wide[599] = 300, 256, 43, 1
	for c, d := range wide {
		narrow[c] = uint8(d)
	}
	if _, ok := meansOf(newSums(o, cluster), narrow); ok {
		t.Error("the overflow of a byte is not noticed")
	}
	m, ok := meansOf(newSums(o, cluster), wide)
	if !ok {
		t.Fatal("wide counts overflow")
	}
	var index []int
	for c, d := range wide {
		for range d {
			index = append(index, c)
		}
	}
	track, err := newTrack(o, cluster, scores)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := NewCurve(o.Select(index), slicesx.Pick(scores, index))
	if err != nil {
		t.Fatal(err)
	}
	asked := Points{CPT: []float64{50}, Fractions: []float64{0.5}, Qualities: []float64{0.9}}
	got := asked.replicates(1)
	read(newReader(asked), got, 0, track, wide, m)
	equal12(t, "AUC", got.AUC[0], curve.AUC())
	equal12(t, "quality", got.QualityAt[0][0], curve.QualityAt(0.5))
	equal12(t, "fraction", got.FractionFor[0][0], orNever(curve.FractionFor(0.9*curve.Strong)))
}

// equal12 fails the test unless got is within 1e-12 of want, or both are NaN or infinite.
func equal12(t interface{ Fatalf(string, ...any) }, what string, got, want float64) {
	if math.IsNaN(got) != math.IsNaN(want) || math.IsInf(got, 0) != math.IsInf(want, 0) || math.Abs(got-want) > 1e-12 {
		t.Fatalf("%s = %.17g, want %.17g", what, got, want)
	}
}

// checkReplicates compares every metric of every resample with NewCurve on the drawn samples.
func checkReplicates(t interface{ Fatalf(string, ...any) }, b Bootstrap, o Outcomes, cluster []int, scores []float64, asked Points, got Replicates) {
	for i := range b.Resamples {
		index := drawn(b, i, cluster)
		c, err := NewCurve(o.Select(index), slicesx.Pick(scores, index))
		if err != nil {
			t.Fatalf("%v", err)
		}
		apgr := c.APGR()
		if c.totalGain() <= 0 {
			apgr = math.NaN()
		}
		equal12(t, "APGR", got.APGR[i], apgr)
		equal12(t, "AUC", got.AUC[i], c.AUC())
		for k, p := range asked.CPT {
			want := c.CPT(p).Value
			if math.IsNaN(want) && c.totalGain() > 0 {
				want = math.Inf(1)
			}
			equal12(t, "CPT", got.CPT[k][i], want)
		}
		for k, f := range asked.Fractions {
			equal12(t, "quality", got.QualityAt[k][i], c.QualityAt(f))
		}
		for k, q := range asked.Qualities {
			want := c.FractionFor(q * c.Strong)
			if math.IsNaN(want) {
				want = math.Inf(1)
			}
			equal12(t, "fraction", got.FractionFor[k][i], want)
		}
	}
}

// TestReplicateIsCurveOfRepeatedSamples compares resamples with curves of the drawn samples.
// The cases include partly drawn ties, clusters of any size and resamples without a gap.
func TestReplicateIsCurveOfRepeatedSamples(t *testing.T) {
	asked := Points{CPT: []float64{20, 50, 80, 100, 130}, Fractions: []float64{0, 0.3, 0.5, 1}, Qualities: []float64{0.5, 0.9, 1, 1.2}}
	rapid.Check(t, func(t *rapid.T) {
		o, scores := drawCase(t, 12)
		names := make([]int, o.N())
		for i := range names {
			names[i] = rapid.IntRange(0, 5).Draw(t, "cluster")
		}
		b := Bootstrap{Resamples: 5, Confidence: 0.95, Seed: rapid.Uint64().Draw(t, "seed")}
		cluster := ClusterIDs(names)
		got, err := b.Resample(o, cluster, [][]float64{OracleScores(o), scores}, asked)
		if err != nil {
			t.Fatal(err)
		}
		checkReplicates(t, b, o, cluster, OracleScores(o), asked, got[0])
		checkReplicates(t, b, o, cluster, scores, asked, got[1])
	})
}

// TestReplicateOfManySamples does the same with sums that are rounded.
func TestReplicateOfManySamples(t *testing.T) {
	o, scores := synthetic(3000)
	cluster := make([]int, 3000)
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range cluster {
		o.Strong[i] += rng.Float64()
		cluster[i] = i / 2
	}
	b := Bootstrap{Resamples: 20, Confidence: 0.95, Seed: 9}
	asked := Points{CPT: []float64{20, 50, 80}, Fractions: percents(), Qualities: []float64{0.9, 0.95}}
	got, err := b.Resample(o, cluster, [][]float64{scores}, asked)
	if err != nil {
		t.Fatal(err)
	}
	checkReplicates(t, b, o, cluster, scores, asked, got[0])
}

// TestResampleOnAnyCores checks that the number of cores changes no bit, and that Progress is
// called once per resample.
func TestResampleOnAnyCores(t *testing.T) {
	o, scores := synthetic(500)
	var want []Replicates
	for _, cores := range []int{1, 2, 5} {
		old := runtime.GOMAXPROCS(cores)
		calls := 0
		b := Bootstrap{Resamples: 100, Confidence: 0.95, Seed: 3, Progress: func(done, total int) error {
			if calls++; done != calls || total != 100 {
				t.Errorf("call %d of Progress reports %d of %d, want its own number of 100", calls, done, total)
			}
			return nil
		}}
		got, err := b.Resample(o, ClusterIDs(scores), [][]float64{scores}, Points{CPT: []float64{50}})
		runtime.GOMAXPROCS(old)
		if err != nil || calls != 100 {
			t.Fatal(calls, err)
		}
		if want == nil {
			want = got
		}
		for i := range got[0].APGR {
			if got[0].APGR[i] != want[0].APGR[i] || got[0].CPT[0][i] != want[0].CPT[0][i] {
				t.Fatalf("resample %d on %d cores: %v, want %v", i, cores, got[0].APGR[i], want[0].APGR[i])
			}
		}
	}
}

// TestResampleStops checks that Resample stops when Progress returns an error.
func TestResampleStops(t *testing.T) {
	o, scores := synthetic(500)
	stop, calls := errors.New("stop"), 0
	_, err := Bootstrap{Resamples: 1000, Progress: func(done, _ int) error {
		if calls++; done == 3 {
			return stop
		}
		return nil
	}}.Resample(o, ClusterIDs(scores), [][]float64{scores}, Points{})
	if err != stop || calls != 3 {
		t.Errorf("error %v after %d calls, want %v after 3", err, calls, stop)
	}
}

func TestResampleErrors(t *testing.T) {
	one := Outcomes{Strong: []float64{1}, Weak: []float64{0}}
	for _, c := range []struct {
		want      string
		o         Outcomes
		cluster   []int
		scores    []float64
		resamples int
	}{
		{"no samples", Outcomes{}, nil, nil, 1},
		{"2 clusters for 1 sample", one, []int{0, 0}, []float64{1}, 1},
		{"number of resamples is 0", one, []int{0}, []float64{1}, 0},
		{"0 scores for 1 sample", one, []int{0}, nil, 1},
		{"score is not finite (NaN)", one, []int{0}, []float64{math.NaN()}, 1},
	} {
		_, err := Bootstrap{Resamples: c.resamples}.Resample(c.o, c.cluster, [][]float64{c.scores}, Points{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

// BenchmarkResample measures samples like MMLU's, with the program's numbers of routers, points and
// resamples. half has ties, as counts of characters have them.
func BenchmarkResample(b *testing.B) {
	const n, resamples = 14037, 2000
	o, scores := synthetic(n)
	half := make([]float64, n)
	for i, s := range scores {
		half[i] = math.Round(n / 2 * s)
	}
	asked := Points{CPT: []float64{20, 50, 80}, Fractions: percents(), Qualities: []float64{0.9, 0.95, 0.99}}
	cluster := ClusterIDs(scores)
	for _, c := range []struct {
		name    string
		routers int
		scores  []float64
	}{{"routers=3", 3, scores}, {"routers=8", 8, scores}, {"routers=8,half", 8, half}} {
		b.Run(c.name, func(b *testing.B) {
			routers := slices.Repeat([][]float64{c.scores}, c.routers)
			for b.Loop() {
				if _, err := (Bootstrap{Resamples: resamples, Confidence: 0.95}).Resample(o, cluster, routers, asked); err != nil {
					b.Fatal(err)
				}
			}
			walked := float64(b.N) * n * resamples * float64(c.routers)
			cores := min(resamples, runtime.GOMAXPROCS(0))
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())*float64(cores)/walked, "ns/sample/router")
		})
	}
}
