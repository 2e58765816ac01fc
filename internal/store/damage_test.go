package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

// written returns the bytes of a file with n values, one per frame, and the ends of its header and frames.
func written(t testing.TB, n int) (content []byte, ends []int) {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir)
	for i := range n {
		put(t, s, i, i+1)
		if i == 0 {
			ends = append(ends, int(s.files[0].start))
		}
		ends = append(ends, int(s.files[0].end))
	}
	return read(t, files(t, dir)[0]), ends
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// placeFile writes a file that a store of this machine takes for its own, and returns the store.
func placeFile(t testing.TB, dir string, content []byte) *Store {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, writer()+"-0"+extension), content, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	s.sync = func(*os.File) error { return nil }
	return s
}

// TestEveryIncompleteFile cuts a file at every byte: what is complete stays, and the next value is appended to it.
func TestEveryIncompleteFile(t *testing.T) {
	content, ends := written(t, 3)
	for cut := range len(content) {
		complete := 0
		for complete < 3 && ends[complete+1] <= cut {
			complete++
		}
		dir := t.TempDir()
		s := placeFile(t, dir, content[:cut])
		check(t, s, 0, complete)
		put(t, s, 0, 4)
		check(t, s, 0, 4)
		check(t, open(t, dir), 0, 4)
		if got := files(t, dir); len(got) != 1 {
			t.Fatalf("cut at %d: files %q", cut, got)
		}
	}
}

// TestEveryDamagedByte changes every byte of a file: no wrong value comes back, the others stay, and what was lost can
// be put again, for good.
func TestEveryDamagedByte(t *testing.T) {
	content, ends := written(t, 3)
	for at := range content {
		dir, changed := t.TempDir(), bytes.Clone(content)
		changed[at] ^= 0x40
		s := placeFile(t, dir, changed)
		lost := 0
		for i := range 3 {
			switch got, ok, err := s.Get(digestOf(i)); {
			case err != nil || ok && !bytes.Equal(got, valueOf(i)):
				t.Fatalf("byte %d changed: value %d: %q, %v, %v", at, i, got, ok, err)
			case !ok:
				lost++
			}
		}
		tail := at >= ends[2] && at < ends[2]+fixedFrame+entrySize
		if inHeader := at < ends[0]; lost > 1 && !inHeader || lost == 0 || (len(s.Warnings()) == 1) == tail {
			t.Fatalf("byte %d changed: %d values lost, warnings %q", at, lost, s.Warnings())
		}
		put(t, s, 0, 3)
		again := open(t, dir)
		for i := range 3 {
			if got, ok, err := again.Get(digestOf(i)); err != nil || !ok || !bytes.Equal(got, valueOf(i)) {
				t.Fatalf("byte %d changed: value %d after it was put again: %q, %v, %v", at, i, got, ok, err)
			}
		}
	}
}

// TestWhatReplacesDamageCounts puts a damaged value again, which a file that is read first or last still holds.
func TestWhatReplacesDamageCounts(t *testing.T) {
	content, ends := written(t, 2)
	content[ends[1]+fixedFrame+entrySize]++ // the value with number 1
	for _, name := range []string{"0" + extension, "z" + extension} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, dir)
		if _, ok, err := s.Get(digestOf(1)); ok || err != nil {
			t.Errorf("damaged, but found: %v", err)
		}
		if w := s.Warnings(); len(w) != 1 || !strings.Contains(w[0], name) || !strings.Contains(w[0], "is damaged") || s.Len() != 1 {
			t.Errorf("%d values, warnings %q", s.Len(), w)
		}
		put(t, s, 1, 2)
		check(t, open(t, dir), 0, 2)
	}
}

func TestFilesThatAreNotOurs(t *testing.T) {
	content, _ := written(t, 2)
	newer := bytes.Clone(content)
	newer[magicVersion]++
	for want, c := range map[string]struct {
		content []byte
		kind    string
	}{
		"not a file of a store":                     {[]byte("prompt,answer\n"), "test"},
		"found version 2, expected 1":               {newer, "test"},
		`values of kind "test", expected "answers"`: {content, "answers"},
	} {
		dir := t.TempDir()
		placeFile(t, dir, c.content)
		s, err := Open(context.Background(), dir, c.kind)
		if err != nil {
			t.Fatal(err)
		}
		if w := s.Warnings(); len(w) != 1 || !strings.Contains(w[0], want) || s.Len() != 0 {
			t.Errorf("%d values, warnings %q, want %q", s.Len(), w, want)
		}
		put(t, s, 0, 3)
		if again, err := Open(context.Background(), dir, c.kind); err != nil || again.Len() != 3 {
			t.Errorf("%d values, %v", again.Len(), err)
		}
		if got := read(t, filepath.Join(dir, writer()+"-0"+extension)); !bytes.Equal(got, c.content) {
			t.Errorf("%s: the file was changed", want)
		}
	}
}

func TestARemovedFileIsAnEmptyStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	put(t, open(t, dir), 0, 3)
	s := open(t, dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.Get(digestOf(1)); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	put(t, s, 1, 2)
	if got, ok, err := s.Get(digestOf(1)); !ok || err != nil || !bytes.Equal(got, valueOf(1)) {
		t.Errorf("%q, %v, %v", got, ok, err)
	}
	if again := open(t, dir); again.Len() != 1 {
		t.Errorf("%d values", again.Len())
	}
}

func TestFoldersThatCannotBeUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), file, "test"); err == nil || !strings.Contains(err.Error(), "cannot be read: ") {
		t.Errorf("error %v", err)
	}
	s := open(t, filepath.Dir(file))
	s.dir = filepath.Join(file, "below")
	err := s.Put(digestOf(0), nil)
	if err == nil || !strings.Contains(err.Error(), "nothing can be kept in ") || !fault.Is(err) || len(hint.Of(err)) != 1 {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	cause := errors.New("no more")
	cancel(cause)
	put(t, s, 0, 0)
	s.dir = filepath.Dir(file)
	put(t, s, 0, 1)
	if _, err := Open(ctx, s.dir, "test"); !errors.Is(err, cause) {
		t.Errorf("error %v", err)
	}
}

func TestReadOnlyFolders(t *testing.T) {
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("skipped: this user may write everywhere")
	}
	dir := t.TempDir()
	put(t, open(t, dir), 0, 3)
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	check(t, open(t, dir), 0, 3)
	if err := os.Chmod(files(t, dir)[0], 0o400); err != nil {
		t.Fatal(err)
	}
	if err := open(t, dir).Put(digestOf(9), nil); !errors.Is(err, os.ErrPermission) {
		t.Errorf("error %v", err)
	}
}

// FuzzOpen opens any file: it neither fails nor returns a value that was not put.
func FuzzOpen(f *testing.F) {
	content, ends := written(f, 4)
	f.Add(content)
	f.Add(content[:ends[3]+20])
	f.Add(append(bytes.Clone(content[:ends[2]]), content[ends[1]:]...))
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := t.TempDir()
		s := placeFile(t, dir, content)
		for i := range 4 {
			if got, ok, err := s.Get(digestOf(i)); err != nil || ok && !bytes.Equal(got, valueOf(i)) {
				t.Errorf("value %d: %q, %v", i, got, err)
			}
		}
		put(t, s, 0, 4)
		again := open(t, dir)
		for i := range 4 {
			if got, ok, err := again.Get(digestOf(i)); err != nil || !ok || !bytes.Equal(got, valueOf(i)) {
				t.Errorf("value %d after it was put again: %q, %v, %v", i, got, ok, err)
			}
		}
	})
}
