package datasets

import (
	"io"
	"runtime"
	"strings"
	"testing"
)

// TestWriterMemory writes more than a row group holds and bounds what the writer keeps.
func TestWriterMemory(t *testing.T) {
	const batches, size = 8, 20 << 20
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&before)
	w := NewWriter(io.Discard)
	for b := range batches {
		batch := rowsOf(smallTable((b+1)*10), b*10, (b+1)*10)
		for i := range batch.Prompt {
			batch.Prompt[i] = strings.Repeat("0123456789", size/100)
		}
		if err := w.Write(batch); err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		runtime.GC() // pools keep what they hold for one collection
		runtime.ReadMemStats(&after)
		got := int(after.HeapAlloc) - int(before.HeapAlloc)
		t.Logf("%d MiB", got>>20)
		if got > groupBytes+2*size {
			t.Fatalf("after %d MiB the writer keeps %d MiB, want at most %d", (b+1)*size>>20, got>>20, (groupBytes+2*size)>>20)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
