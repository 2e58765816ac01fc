//go:build unix

package rows

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipe reads a named pipe, as bash makes one for <(zcat x).
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("skipped: no named pipes: ", err)
	}
	go func() { _ = os.WriteFile(path, []byte("id,p\n1,x\n"), 0) }()
	if got, err := dump(t, path, Options{}); err != nil || got != `1 t"1" t"x"`+"\n" {
		t.Error(err, got)
	}
}
