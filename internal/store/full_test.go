//go:build linux || darwin

package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
)

// full, if set, makes the test that follows run in a process of its own, which may write no large files.
const full = "ROUTELLM_STORE_FULL"

// TestAFullDisk limits the size of files, as a full disk would: a value that does not fit is an error, leaves nothing
// behind, and can be put again once there is space.
func TestAFullDisk(t *testing.T) {
	if os.Getenv(full) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestAFullDisk$", "-test.v")
		cmd.Env = append(os.Environ(), full+"=1")
		if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS")) {
			t.Errorf("%v: %s", err, out)
		}
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	dir := t.TempDir()
	s := open(t, dir)
	value := bytes.Repeat([]byte("x"), 400_000)
	put(t, s, 0, 3)
	end := s.files[0].end
	limit(t, 300_000)
	for range 2 {
		err := s.Put(digestOf(7), value)
		if !errors.Is(err, syscall.EFBIG) {
			t.Fatalf("error %v", err)
		}
		if info, err := os.Stat(files(t, dir)[0]); err != nil || info.Size() != end {
			t.Errorf("%d bytes, %v, want %d", info.Size(), err, end)
		}
		check(t, s, 0, 3)
	}
	put(t, s, 3, 6)
	limit(t, 1<<30)
	if err := s.Put(digestOf(7), value); err != nil {
		t.Error(err)
	}
	if got, ok, err := open(t, dir).Get(digestOf(7)); !ok || err != nil || !bytes.Equal(got, value) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if w := open(t, dir).Warnings(); len(w) > 0 {
		t.Errorf("warnings %q", w)
	}
}

func limit(t *testing.T, bytes uint64) {
	t.Helper()
	var l syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &l)
	if l.Cur = bytes; err == nil {
		err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &l)
	}
	if err != nil {
		t.Fatal(fmt.Errorf("the limit of files: %w", err))
	}
}
