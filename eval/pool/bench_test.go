package pool

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/routellm/routellm/eval"
)

// BenchmarkSweep sorts the breakpoints of one router.
func BenchmarkSweep(b *testing.B) {
	for _, size := range []struct{ n, models int }{{365, 11}, {14042, 10}, {1_000_000, 10}} {
		b.Run(fmt.Sprintf("%dx%d", size.n, size.models), func(b *testing.B) {
			o, p := artificial(rand.New(rand.NewPCG(1, 2)), size.n, size.models, 0.1)
			for b.Loop() {
				if _, err := NewSweep(o, p, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkResample measures resamples of one router. ns/op is per resample.
func BenchmarkResample(b *testing.B) {
	for _, size := range []struct{ n, models int }{{365, 11}, {14042, 10}, {1_000_000, 10}} {
		b.Run(fmt.Sprintf("%dx%d", size.n, size.models), func(b *testing.B) {
			o, p := artificial(rand.New(rand.NewPCG(1, 2)), size.n, size.models, 0.1)
			s := sweepOf(b, o, p)
			b.ResetTimer()
			t := Table{Outcomes: o, Routers: []Router{s}, Shares: []float64{0.9, 0.95, 0.99}}
			if _, err := t.Resample(eval.Bootstrap{Resamples: b.N, Confidence: 0.95}); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(s.events.Len()), "events")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(s.events.Len()), "ns/event")
		})
	}
}

// BenchmarkMillion evaluates a router of ten models on a million prompts with 200 resamples. Each
// prompt changes its model at nine lambdas, the most there can be. Run it with -benchtime 1x under
// /usr/bin/time -v for the memory of the whole process.
func BenchmarkMillion(b *testing.B) {
	o, p := artificial(rand.New(rand.NewPCG(1, 2)), 1_000_000, 10, 0.1)
	for b.Loop() {
		t := Table{Outcomes: o, Routers: []Router{sweepOf(b, o, p)}, Shares: []float64{0.9, 0.95, 0.99}}
		if _, err := t.Evaluate(eval.Bootstrap{Resamples: 200, Confidence: 0.95}); err != nil {
			b.Fatal(err)
		}
	}
}
