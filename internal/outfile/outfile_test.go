package outfile

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// listed returns the names of everything in a folder.
func listed(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWriteAllWritesAllOrNone(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "none", "b")
	if err := WriteAll([]File{{a, []byte("1")}, {b, []byte("2")}}); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), b+":") {
		t.Errorf("a folder that does not exist: %v", err)
	}
	if got := listed(t, dir); len(got) != 0 {
		t.Errorf("left after an error: %q", got)
	}
	b = filepath.Join(dir, "b")
	if err := WriteAll([]File{{a, []byte("1")}, {b, []byte("2")}}); err != nil {
		t.Error(err)
	}
	if got := listed(t, dir); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("written: %q", got)
	}
	if err := os.Chmod(a, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(a, []byte("3")); err != nil {
		t.Error(err)
	}
	data, err := os.ReadFile(a)
	info, _ := os.Stat(a)
	if err != nil || string(data) != "3" || info.Mode().Perm() != 0o600 {
		t.Errorf("replaced: %q, %v, %v", data, info.Mode(), err)
	}
	if len(state.unfinished) != 0 {
		t.Errorf("still known: %v", state.unfinished)
	}
}

// TestStop stops while a file is complete under its temporary name.
func TestStop(t *testing.T) {
	t.Cleanup(func() { state.stopped = false })
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	temporary, remove, err := TempDir("x-")
	if err != nil {
		t.Fatal(err)
	}
	p, err := stage(File{filepath.Join(dir, "a"), []byte("1")})
	if err != nil {
		t.Fatal(err)
	}
	Stop()
	if err := commit([]*pending{p}); !errors.Is(err, ErrStopped) {
		t.Errorf("commit after Stop: %v", err)
	}
	p.discard()
	if err := Write(filepath.Join(dir, "b"), nil); !errors.Is(err, ErrStopped) {
		t.Errorf("Write after Stop: %v", err)
	}
	if _, _, err := TempDir("x-"); !errors.Is(err, ErrStopped) {
		t.Errorf("TempDir after Stop: %v", err)
	}
	if err := MkdirAll(filepath.Join(dir, "c")); !errors.Is(err, ErrStopped) {
		t.Errorf("MkdirAll after Stop: %v", err)
	}
	if err := Append(filepath.Join(dir, "d"), nil); !errors.Is(err, ErrStopped) {
		t.Errorf("Append after Stop: %v", err)
	}
	if got := listed(t, dir); len(got) != 0 {
		t.Errorf("left: %q, folder %q", got, temporary)
	}
	state.stopped = false
	for range 2 {
		if err := Append(filepath.Join(dir, "d"), []byte("x")); err != nil {
			t.Error(err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "d")); err != nil || string(data) != "xx" {
		t.Errorf("appended: %q, %v", data, err)
	}
	remove() // removing twice is no error
}
