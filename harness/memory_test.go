package harness

import (
	"context"
	"path/filepath"
	"runtime"
	"testing"
)

// TestBytesPerRow bounds the memory that each of many rows keeps in use while it is evaluated:
// a million rows have to fit into a gigabyte, with what the collector leaves uncollected.
func TestBytesPerRow(t *testing.T) {
	defer func(n int) { manyRows = n }(manyRows)
	manyRows = 1000
	for routers, most := range map[string]float64{"random,length": 200, "mf": 580} {
		const few, many = 2_000, 20_000
		evaluationBytes(t, routers, few) // reads what the program reads once
		got := (evaluationBytes(t, routers, many) - evaluationBytes(t, routers, few)) / (many - few)
		t.Logf("%s: %.0f bytes per row", routers, got)
		if got > most {
			t.Errorf("%s: want at most %.0f bytes per row", routers, most)
		}
	}
}

// evaluationBytes returns the bytes that an evaluation of so many rows keeps in use.
func evaluationBytes(t *testing.T, routers string, rows int) float64 {
	t.Helper()
	path := filepath.Join(t.TempDir(), "many.parquet")
	if err := manyTable(rows).WriteFile(path); err != nil {
		t.Fatal(err)
	}
	before := inUse()
	rs, err := Open([]string{routers}, RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	benches, err := Load(context.Background(), []string{path}, rs, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := Run(context.Background(), rs, benches, RunOptions{Points: DefaultPoints()})
	if err != nil {
		t.Fatal(err)
	}
	got := inUse() - before
	runtime.KeepAlive(e)
	return got
}

// inUse returns the bytes of all objects that are in use.
func inUse() float64 {
	runtime.GC()
	runtime.GC() // and what the first call made finalizable
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
