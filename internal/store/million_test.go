package store

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
)

// BenchmarkMillion measures a store of a million values: putting some at a time, opening, memory and getting.
func BenchmarkMillion(b *testing.B) {
	for _, c := range []struct{ size, at int }{{1000, 1}, {1000, 64}, {6144, 256}} {
		b.Run(fmt.Sprintf("bytes=%d/at=%d", c.size, c.at), func(b *testing.B) { million(b, c.size, c.at) })
	}
}

func million(b *testing.B, size, at int) {
	const n = 1_000_000
	dir, value := b.TempDir(), make([]byte, size)
	s := open(b, dir)
	if at == 1 { // as many syncs would take half an hour
		s.sync = func(*os.File) error { return nil }
	}
	digests, values := make([]Digest, at), make([][]byte, at)
	begin := time.Now()
	for i := 0; i < n; i += at {
		for k := range digests {
			digests[k], values[k] = digestOf(i+k), value
		}
		if err := s.PutAll(digests, values); err != nil {
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
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
