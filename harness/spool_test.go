package harness

import (
	"bytes"
	"io"
	"os"
	"testing"
)

// TestSpool expects the same bytes from memory and from a temporary file, and no file afterwards.
func TestSpool(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	part := bytes.Repeat([]byte("0123456789abcdef"), 1<<18) // 4 MiB
	for _, parts := range []int{1, 17} {
		var s spool
		for range parts {
			if n, err := s.Write(part); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if onDisk := s.file != nil; onDisk != (parts == 17) {
			t.Errorf("%d parts on disk: %v", parts, onDisk)
		}
		got, err := io.ReadAll(io.NewSectionReader(s.reader(), 0, s.size))
		if err != nil || !bytes.Equal(got, bytes.Repeat(part, parts)) {
			t.Errorf("%d parts: read %d bytes, %v", parts, len(got), err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
