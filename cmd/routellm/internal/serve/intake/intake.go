// Package intake reads the bodies of requests into memory: within a size and a time for each of
// them, and within a size for all.
//
// Call [Memory.Read] for a [Body] and [Body.Release] at the end of its request.
package intake

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Limits are the limits of requests.
type Limits struct {
	Body int64         // largest body in bytes, also once it is decompressed
	All  int64         // most bytes of all bodies in memory
	Time time.Duration // longest time for a body to arrive
}

// Errors of [Memory.Read]. A body that is too large is a [*http.MaxBytesError].
var (
	ErrFull     = errors.New("the bodies of all requests have reached their limit")
	ErrSlow     = errors.New("the body did not arrive in time")
	ErrEncoding = errors.New("the body has an unknown Content-Encoding")
	ErrBroken   = errors.New("the body is broken: wrong chunks, wrong compression, or an early end")
)

// Memory counts the bytes of all bodies in memory. It is safe for concurrent use.
type Memory struct{ used atomic.Int64 }

// Used returns the number of bytes.
func (m *Memory) Used() int64 { return m.used.Load() }

// Hold counts n bytes of something else that a request keeps in memory, and reports whether they are
// within the limit of all. If not, they do not count.
func (m *Memory) Hold(n, all int64) bool {
	if m.used.Add(n) <= all {
		return true
	}
	m.Free(n)
	return false
}

// Free gives n bytes back that [Memory.Hold] has counted.
func (m *Memory) Free(n int64) { m.used.Add(-n) }

// Body is a request's body in memory. It is a string, so that its parts can be taken without a
// copy.
type Body struct {
	text *strings.Builder

	memory *Memory
	held   int64
	all    int64
}

// String returns the body.
func (b *Body) String() string { return b.text.String() }

// Len returns the length of the body in bytes.
func (b *Body) Len() int { return b.text.Len() }

// Release gives the body's bytes back to the limit of all bodies.
func (b *Body) Release() {
	b.memory.used.Add(-b.held)
	b.held = 0
}

// Read reads a request's whole body, and decompresses it if it is compressed with gzip. Bytes
// count as they come, whatever length the request announces. With an error, the body has been
// released.
func (m *Memory) Read(w http.ResponseWriter, r *http.Request, l Limits) (*Body, error) {
	// net/http lifts the deadline after the body, before it waits for the next request.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(l.Time))
	zipped, err := isZipped(r.Header)
	switch {
	case err != nil:
		return nil, err
	case r.ContentLength > l.Body:
		return nil, &http.MaxBytesError{Limit: l.Body}
	}
	in, size := io.Reader(http.MaxBytesReader(w, r.Body, l.Body)), r.ContentLength
	if zipped {
		in, size = &unzipped{in: in, limit: l.Body}, -1
	}
	b := &Body{text: new(strings.Builder), memory: m, all: l.All}
	if err := b.fill(in, size); err != nil {
		b.Release()
		return nil, errorOf(err)
	}
	return b, nil
}

// firstPart is the most memory in bytes that a body gets before a byte has come.
const firstPart = 4 << 10

// buffers is a pool of the buffers that bodies are read with.
var buffers = sync.Pool{New: func() any { return new([16 << 10]byte) }}

// fill reads all of in. size is the announced size, or -1.
func (b *Body) fill(in io.Reader, size int64) error {
	buffer := buffers.Get().(*[16 << 10]byte)
	defer buffers.Put(buffer)
	b.text.Grow(int(min(firstPart, max(size, 512))))
	for {
		n, err := in.Read(buffer[:])
		if !b.hold(int64(n)) {
			return ErrFull
		}
		b.grow(n, int(size))
		b.text.Write(buffer[:n])
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// hold counts n further bytes, and reports false if they are too many.
func (b *Body) hold(n int64) bool {
	b.held += n
	return b.memory.used.Add(n) <= b.all
}

// grow makes room for n further bytes. It doubles the memory, but not beyond what an honest body
// of the announced size needs.
func (b *Body) grow(n, size int) {
	need := b.text.Len() + n
	if need <= b.text.Cap() {
		return
	}
	room := max(need, 2*b.text.Cap())
	if size >= need {
		room = min(room, size)
	}
	larger := new(strings.Builder)
	larger.Grow(room)
	larger.WriteString(b.text.String())
	b.text = larger
}

// errorOf returns the error of this package for an error of reading.
func errorOf(err error) error {
	var large *http.MaxBytesError
	var slow interface{ Timeout() bool }
	switch {
	case errors.As(err, &large), errors.Is(err, ErrFull):
		return err
	case errors.As(err, &slow) && slow.Timeout():
		return ErrSlow
	}
	return ErrBroken
}
