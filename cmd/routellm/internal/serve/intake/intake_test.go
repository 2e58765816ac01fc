package intake

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

var limits = Limits{Body: 4 << 20, All: 8 << 20}

// read reads a body that announces its size, or -1.
func (m *Memory) read(in io.Reader, size int64, encoding ...string) (*Body, error) {
	r := httptest.NewRequest("POST", "/", in)
	r.ContentLength, r.Header["Content-Encoding"] = size, encoding
	return m.Read(httptest.NewRecorder(), r, limits)
}

// allocated returns the bytes that a function allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestRead reads bodies of several sizes, with and without their length.
func TestRead(t *testing.T) {
	var m Memory
	for _, n := range []int{0, 1, 511, 512, firstPart - 1, firstPart, firstPart + 1, 1 << 20} {
		whole := strings.Repeat("x", n)
		for _, size := range []int64{-1, int64(n)} {
			for _, in := range []io.Reader{strings.NewReader(whole), iotest.DataErrReader(strings.NewReader(whole)), iotest.HalfReader(strings.NewReader(whole))} {
				got, err := m.read(in, size)
				if err != nil || got.String() != whole || m.Used() != int64(n) {
					t.Fatalf("%d of %d bytes, %d counted, %v", len(got.String()), n, m.Used(), err)
				}
				if size >= 0 && got.text.Cap() > max(n+n/4, 512) {
					t.Errorf("memory for %d bytes, expected %d", got.text.Cap(), n)
				}
				got.Release()
				got.Release()
				if m.Used() != 0 {
					t.Fatalf("%d bytes are counted after the end", m.Used())
				}
			}
		}
	}
}

// TestAnnouncedLength expects a request to get memory for what it sends, not for what it says
// that it will send.
func TestAnnouncedLength(t *testing.T) {
	var m Memory
	got := allocated(func() {
		if _, err := m.read(io.MultiReader(strings.NewReader("{"), iotest.ErrReader(io.ErrUnexpectedEOF)), limits.Body); err != ErrBroken {
			t.Errorf("error %v", err)
		}
	})
	if got > 10*firstPart || m.Used() != 0 {
		t.Errorf("%d bytes allocated for 1 byte, %d counted", got, m.Used())
	}
	part := strings.Repeat("x", 1<<20)
	got = allocated(func() {
		if _, err := m.read(io.MultiReader(strings.NewReader(part), iotest.ErrReader(io.ErrUnexpectedEOF)), limits.Body); err != ErrBroken {
			t.Errorf("error %v", err)
		}
	})
	if got > 5*uint64(len(part)) {
		t.Errorf("%d bytes allocated for %d", got, len(part))
	}
}

func zipped(t testing.TB, parts ...string) string {
	t.Helper()
	var out bytes.Buffer
	for _, part := range parts {
		z := gzip.NewWriter(&out)
		if _, err := io.WriteString(z, part); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func TestGzip(t *testing.T) {
	var m Memory
	text := zipped(t, "abc")
	for _, c := range []struct {
		in       string
		encoding []string
		want     string
		err      error
	}{
		{text, []string{"gzip"}, "abc", nil},
		{text, []string{"X-GZIP"}, "abc", nil},
		{text, []string{"identity"}, text, nil},
		{text, nil, text, nil},
		{zipped(t, "abc", "def"), []string{"gzip"}, "abcdef", nil},
		{text, []string{"br"}, "", ErrEncoding},
		{text, []string{"gzip, gzip"}, "", ErrEncoding},
		{text, []string{"gzip", "gzip"}, "", ErrEncoding},
		{text[:len(text)-1], []string{"gzip"}, "", ErrBroken},
		{text[:5], []string{"gzip"}, "", ErrBroken},
		{"", []string{"gzip"}, "", ErrBroken},
		{"{}", []string{"gzip"}, "", ErrBroken},
		{text + "{}", []string{"gzip"}, "", ErrBroken},
	} {
		b, err := m.read(strings.NewReader(c.in), int64(len(c.in)), c.encoding...)
		if err != c.err || err == nil && b.String() != c.want {
			t.Errorf("%q as %q: error %v", c.in, c.encoding, err)
		}
		if err == nil {
			b.Release()
		}
	}
	if m.Used() != 0 {
		t.Errorf("%d bytes are counted", m.Used())
	}
}

// TestBomb decompresses bodies that are far larger than allowed.
func TestBomb(t *testing.T) {
	var m Memory
	whole := strings.Repeat("x", int(limits.Body))
	for name, in := range map[string]string{"one": zipped(t, whole+"x"), "many": zipped(t, whole[:1<<20], whole), "huge": zipped(t, strings.Repeat(whole, 8))} {
		got := allocated(func() {
			_, err := m.read(strings.NewReader(in), int64(len(in)), "gzip")
			if large := (*http.MaxBytesError)(nil); !errors.As(err, &large) || large.Limit != limits.Body {
				t.Errorf("%s: error %v", name, err)
			}
		})
		if got > 5*uint64(limits.Body) || m.Used() != 0 {
			t.Errorf("%s: %d bytes allocated, %d counted", name, got, m.Used())
		}
	}
	if b, err := m.read(strings.NewReader(zipped(t, whole)), -1, "gzip"); err != nil || b.String() != whole {
		t.Errorf("the largest body: %v", err)
	}
}

// TestFull reads more bodies at once than fit.
func TestFull(t *testing.T) {
	var m Memory
	whole := strings.Repeat("x", int(limits.Body))
	first, err := m.read(strings.NewReader(whole), -1)
	if err != nil {
		t.Fatal(err)
	}
	second, err := m.read(strings.NewReader(whole), limits.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"{", zipped(t, "{")} {
		if _, err := m.read(strings.NewReader(text), -1, map[bool][]string{true: {"gzip"}}[text != "{"]...); err != ErrFull {
			t.Errorf("error %v", err)
		}
	}
	if m.Used() != limits.All {
		t.Errorf("%d bytes counted", m.Used())
	}
	first.Release()
	if _, err := m.read(strings.NewReader("{"), -1); err != nil {
		t.Errorf("after the end of one: %v", err)
	}
	second.Release()
}

// TestConcurrent reads from many goroutines and expects no byte to stay counted.
func TestConcurrent(t *testing.T) {
	var m Memory
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				if b, err := m.read(strings.NewReader(strings.Repeat("x", 10_000)), -1); err != nil {
					t.Error(err)
				} else {
					b.Release()
				}
			}
		})
	}
	wait.Wait()
	if m.Used() != 0 {
		t.Errorf("%d bytes counted", m.Used())
	}
}

func TestSlow(t *testing.T) {
	var m Memory
	if _, err := m.read(iotest.ErrReader(os.ErrDeadlineExceeded), -1); err != ErrSlow {
		t.Errorf("error %v", err)
	}
}
