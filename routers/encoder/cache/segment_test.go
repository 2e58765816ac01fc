package cache

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeTexts writes a file as earlier releases did, and returns its path.
func writeTexts(t testing.TB, dir string, dim int, texts ...string) string {
	t.Helper()
	c, err := Open(dir, "key")
	if err != nil {
		t.Fatal(err)
	}
	h := header{Magic: magic, Key: c.key, Dim: uint32(dim), Count: uint32(len(texts))}
	var b bytes.Buffer
	digests, vectors := make([]digest, len(texts)), make([][]float32, len(texts))
	for i, text := range texts {
		digests[i], vectors[i] = c.digest(text), fakeVector(text, dim)
	}
	for _, part := range []any{h, digests} {
		if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range vectors {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha256.Sum256(b.Bytes())
	b.Write(sum[:])
	path := filepath.Join(c.dir, hex.EncodeToString(sum[:])+extension)
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestFilesOfEarlierReleasesAreRead asks for the texts that no file has, and for no other.
func TestFilesOfEarlierReleasesAreRead(t *testing.T) {
	dir, f := t.TempDir(), &fake{dim: 5}
	writeTexts(t, dir, 5, numbered(300)...)
	writeTexts(t, dir, 5, "b", "a")
	if c := open(t, dir, "key"); !c.Has("a") || !c.Has("text 299") || c.Has("c") {
		t.Error("Has is wrong")
	}
	for range 2 {
		c := encode(t, dir, f, append(numbered(300), "a", "c", "b"))
		if len(f.asked) != 1 || f.asked["c"] != 1 || len(c.Warnings()) != 0 {
			t.Errorf("asked %v, warnings %q", f.asked, c.Warnings())
		}
	}
}

// TestAFileOfTheFirstRelease reads a file that the release of November 2026 wrote.
func TestAFileOfTheFirstRelease(t *testing.T) {
	dir, f := t.TempDir(), &fake{dim: 3}
	path := writeTexts(t, dir, 3, "a")
	old, err := filepath.Glob(filepath.Join("testdata", "*"+extension))
	if err != nil || len(old) != 1 {
		t.Fatal(old, err)
	}
	content, err := os.ReadFile(old[0])
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, content)
	if encode(t, dir, f, []string{"b", "a"}); len(f.asked) != 0 {
		t.Errorf("asked %v", f.asked)
	}
}

func TestAFileOfAnotherLengthIsLeftOut(t *testing.T) {
	dir := t.TempDir()
	writeTexts(t, dir, 2, "a")
	writeTexts(t, dir, 3, "a")
	got := open(t, dir, "key").Warnings()
	if len(got) != 1 || !strings.Contains(got[0], "components, expected") {
		t.Errorf("warnings %q", got)
	}
}

// TestDamagedSegmentsAreLeftOut changes one of two files; its text must be requested again,
// once.
func TestDamagedSegmentsAreLeftOut(t *testing.T) {
	for want, damage := range map[string]func([]byte) []byte{
		"incomplete: ":                    func(b []byte) []byte { return b[:len(b)-5] },
		"hold 1 vectors":                  func(b []byte) []byte { return append(b, 0) },
		"not a file of vectors":           func([]byte) []byte { return nil },
		"not a file":                      func(b []byte) []byte { b[0]++; return b },
		"it belongs to another cache key": func(b []byte) []byte { b[8]++; return b },
		"of 0 components":                 func(b []byte) []byte { copy(b[40:], "\x00\x00\x00\x00"); return b },
		"of 4294967295 components":        func(b []byte) []byte { copy(b[40:], "\xff\xff\xff\xff\xff\xff\xff\xff"); return b },
		"damaged: the checksum":           func(b []byte) []byte { b[len(b)-40]++; return b },
		"the checksum does not":           func(b []byte) []byte { b[len(b)-1]++; return b },
		"hold 4294967295 vectors of ":     func(b []byte) []byte { copy(b[44:], "\xff\xff\xff\xff"); return b },
	} {
		t.Run(want, func(t *testing.T) {
			dir, f := t.TempDir(), &fake{dim: 3}
			path := writeTexts(t, dir, 3, "first")
			writeTexts(t, dir, 3, "second")
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, path, damage(content))
			c := encode(t, dir, f, []string{"second", "first"})
			if got := c.Warnings(); len(got) != 1 || !strings.Contains(got[0], want) || !strings.Contains(got[0], filepath.Base(path)) {
				t.Errorf("warnings %q, want %q", got, want)
			}
			encode(t, dir, f, []string{"first", "second"})
			if f.asked["first"] != 1 || f.asked["second"] != 0 {
				t.Errorf("asked %v", f.asked)
			}
		})
	}
}

// TestSegmentsOfAnotherKeyAreNeverServed moves files between folders, with and without a
// header that fits.
func TestSegmentsOfAnotherKeyAreNeverServed(t *testing.T) {
	dir, f := t.TempDir(), &fake{dim: 3}
	path := writeTexts(t, dir, 3, "a")
	other := open(t, dir, "other key")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(other.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(other.dir, "moved"+extension), content)
	copy(content[8:], other.key[:])
	sum := sha256.Sum256(content[:len(content)-sha256.Size])
	copy(content[len(content)-sha256.Size:], sum[:])
	write(t, filepath.Join(other.dir, "forged"+extension), content)

	c := open(t, dir, "other key")
	if _, err := Wrap(f, c).Encode(context.Background(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	if f.asked["a"] != 1 || len(c.Warnings()) != 1 || !strings.Contains(c.Warnings()[0], "another cache key") {
		t.Errorf("asked %v, warnings %q", f.asked, c.Warnings())
	}
}
