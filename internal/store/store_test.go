package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func digestOf(i int) Digest { return sha256.Sum256(fmt.Append(nil, i)) }

// valueOf returns a value whose length and bytes depend on i.
func valueOf(i int) []byte { return bytes.Repeat(fmt.Append(nil, "value ", i, ";"), i%7) }

func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(context.Background(), dir, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func put(t testing.TB, s *Store, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if err := s.Put(digestOf(i), valueOf(i)); err != nil {
			t.Fatal(err)
		}
	}
}

// check checks that the store has the values from one number to another, and no others.
func check(t testing.TB, s *Store, from, to int) {
	t.Helper()
	if s.Len() != to-from {
		t.Errorf("%d values, want %d", s.Len(), to-from)
	}
	for i := from; i < to; i++ {
		if got, ok, err := s.Get(digestOf(i)); err != nil || !ok || !bytes.Equal(got, valueOf(i)) {
			t.Fatalf("value %d: %q, %v, %v", i, got, ok, err)
		}
	}
	if w := s.Warnings(); len(w) > 0 {
		t.Errorf("warnings %q", w)
	}
}

func files(t testing.TB, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*"+extension))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func TestValuesComeBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := open(t, dir)
	if _, ok, err := s.Get(digestOf(1)); ok || err != nil {
		t.Errorf("an empty store: %v, %v", ok, err)
	}
	put(t, s, 0, 20)
	check(t, s, 0, 20)
	check(t, open(t, dir), 0, 20)
	put(t, open(t, dir), 10, 30)
	check(t, open(t, dir), 0, 30)
	if got := files(t, dir); len(got) != 1 {
		t.Errorf("files %q", got)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Dir(dir): 0o700, files(t, dir)[0]: 0o600, files(t, dir)[0] + lockExtension: 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: %v, %v, want %v", path, info.Mode(), err, want)
		}
	}
}

func TestConcurrentPuts(t *testing.T) {
	dir := t.TempDir()
	one, two := open(t, dir), open(t, dir)
	var g sync.WaitGroup
	for i := range 400 {
		for _, s := range []*Store{one, two} {
			g.Go(func() {
				if err := s.Put(digestOf(i), valueOf(i)); err != nil {
					t.Error(err)
				}
				if got, ok, err := s.Get(digestOf(i)); err != nil || !ok || !bytes.Equal(got, valueOf(i)) {
					t.Errorf("value %d: %q, %v, %v", i, got, ok, err)
				}
			})
		}
	}
	g.Wait()
	check(t, one, 0, 400)
	check(t, two, 0, 400)
	check(t, open(t, dir), 0, 400)
}

func TestTheFirstValueStays(t *testing.T) {
	dir := t.TempDir()
	one, two := open(t, dir), open(t, dir)
	for i, s := range []*Store{one, one, two} {
		if err := s.Put(digestOf(0), []byte([]string{"first", "second", "third"}[i])); err != nil {
			t.Fatal(err)
		}
	}
	if got, _, _ := open(t, dir).Get(digestOf(0)); string(got) != "first" {
		t.Errorf("found %q", got)
	}
}

// TestNoProcessWaits puts values while another process holds the lock, and where there are no locks.
func TestNoProcessWaits(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, 0, 2)
	unlock, err := tryLock(files(t, dir)[0] + lockExtension)
	if err != nil || unlock == nil {
		t.Fatal(err)
	}
	put(t, s, 2, 4)
	unlock()
	put(t, s, 4, 6)
	if n := len(files(t, dir)); n != 2 {
		t.Errorf("%d files, want 2", n)
	}
	for range 2 {
		other := open(t, dir)
		other.tryLock = func(string) (func(), error) { return nil, &os.PathError{Err: errors.ErrUnsupported} }
		from := other.Len()
		put(t, other, from, from+2)
		put(t, other, from+2, from+4)
		check(t, other, 0, from+4)
	}
	if n := len(files(t, dir)); n != 4 {
		t.Errorf("%d files, want 4", n)
	}
	check(t, open(t, dir), 0, 14)
}

func TestPutAll(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	const n = 2*maxEntries + 5
	digests, values := make([]Digest, n), make([][]byte, n)
	for i := range n {
		digests[i], values[i] = digestOf(i), valueOf(i)
	}
	if err := s.PutAll(append(digests, digests[:3]...), append(values, values[3:6]...)); err != nil {
		t.Fatal(err)
	}
	check(t, s, 0, n)
	check(t, open(t, dir), 0, n)
	if err := s.PutAll(nil, nil); err != nil {
		t.Error(err)
	}
}

// TestManyFiles opens more files than a store keeps open.
func TestManyFiles(t *testing.T) {
	dir := t.TempDir()
	for i := range maxOpen + 10 {
		s := open(t, dir)
		s.sync = func(*os.File) error { return nil }
		s.own = filepath.Join(dir, fmt.Sprint(i)+extension)
		s.tryLock = func(string) (func(), error) { return nil, errors.ErrUnsupported }
		put(t, s, i, i+1)
		_ = s.Close()
	}
	s := open(t, dir)
	for range 2 {
		check(t, s, 0, maxOpen+10)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func BenchmarkPut(b *testing.B) {
	for _, at := range []int{1, 4, 16, 64} {
		b.Run(fmt.Sprint("concurrent=", at), func(b *testing.B) {
			s := open(b, b.TempDir())
			next := make(chan int)
			var g sync.WaitGroup
			value := make([]byte, 1000)
			for range at {
				g.Go(func() {
					for i := range next {
						if err := s.Put(digestOf(i), value); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for i := range b.N {
				next <- i
			}
			close(next)
			g.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
		})
	}
}
