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

func TestCreate(t *testing.T) {
	t.Cleanup(func() { state.stopped = false })
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	write := func() *Writer {
		t.Helper()
		w, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"1", "2"} {
			if _, err := w.Write([]byte(part)); err != nil {
				t.Fatal(err)
			}
		}
		return w
	}
	write().Abort()
	if got := listed(t, dir); len(got) != 0 {
		t.Errorf("left after Abort: %q", got)
	}
	w := write()
	if _, err := os.Stat(path); err == nil {
		t.Error("the file appeared before Commit")
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	w.Abort()
	if data, err := os.ReadFile(path); err != nil || string(data) != "12" {
		t.Errorf("after Commit: %q, %v", data, err)
	}
	if _, err := Create(filepath.Join(dir, "none", "b")); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), filepath.Join("none", "b")) {
		t.Errorf("a folder that does not exist: %v", err)
	}
	w = write()
	Stop()
	if _, err := w.Write([]byte("3")); !errors.Is(err, ErrStopped) {
		t.Errorf("Write after Stop: %v", err)
	}
	if err := w.Commit(); !errors.Is(err, ErrStopped) {
		t.Errorf("Commit after Stop: %v", err)
	}
	w.Abort()
	if got := listed(t, dir); !slices.Equal(got, []string{"a"}) || len(state.unfinished) != 0 {
		t.Errorf("left after Stop: %q, %v", got, state.unfinished)
	}
	if data, _ := os.ReadFile(path); string(data) != "12" {
		t.Errorf("replaced after Stop: %q", data)
	}
}
