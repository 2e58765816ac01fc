package store

import (
	"bytes"
	"context"
	"crypto/sha256"
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
	for value, s := range map[string]*Store{"first": one} {
		if err := s.Put(digestOf(0), []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range []*Store{one, two} {
		if err := s.Put(digestOf(0), []byte("second")); err != nil {
			t.Fatal(err)
		}
	}
	if got, _, _ := open(t, dir).Get(digestOf(0)); string(got) != "first" {
		t.Errorf("found %q", got)
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
