package store

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"
)

// BenchmarkMillion measures a store of a million values: putting, opening, memory and getting.
func BenchmarkMillion(b *testing.B) {
	const n, at = 1_000_000, 256
	for _, size := range []int{500, 6144} {
		b.Run(fmt.Sprint("bytes=", size), func(b *testing.B) {
			dir, value := b.TempDir(), make([]byte, size)
			s := open(b, dir)
			begin := time.Now()
			for i := 0; i < n; i += at {
				digests, values := make([]Digest, at), make([][]byte, at)
				for k := range digests {
					digests[k], values[k] = digestOf(i+k), value
				}
				if err := s.PutAll(digests[:min(at, n-i)], values[:min(at, n-i)]); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(n/time.Since(begin).Seconds(), "puts/s")
			_ = s.Close()
			s = nil
			before := heap()
			begin = time.Now()
			s, err := Open(context.Background(), dir, "test")
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(time.Since(begin).Seconds(), "s/open")
			b.ReportMetric(float64(heap()-before)/1e6, "MB")
			begin = time.Now()
			for i := range n / 10 {
				if _, ok, err := s.Get(digestOf(i * 10)); !ok || err != nil {
					b.Fatal(i, err)
				}
			}
			b.ReportMetric(n/10/time.Since(begin).Seconds(), "gets/s")
			runtime.KeepAlive(s)
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
