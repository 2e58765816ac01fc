package importers

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
)

// open opens a file of the tool for reading as text: decompressed, without a byte order mark. What
// is read is counted for the progress, and ends with the context.
func (in *input) open(f *file) (io.ReadCloser, error) {
	in.used[f] = true
	raw, err := os.Open(f.at)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", f.path, err)
	}
	r, err := decompress(&counter{in: in, r: raw})
	if err != nil {
		raw.Close()
		return nil, fmt.Errorf("%q: %w", f.path, err)
	}
	text := bufio.NewReaderSize(r, 1<<16)
	if mark, _ := text.Peek(3); string(mark) == "\ufeff" {
		_, _ = text.Discard(3)
	}
	return &closers{Reader: text, close: []io.Closer{r, raw}}, nil
}

// counter counts bytes for the progress.
type counter struct {
	in *input
	r  io.Reader
}

func (c *counter) Read(p []byte) (int, error) {
	if err := c.in.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	if report := c.in.read(n); report != nil {
		return n, report
	}
	return n, err
}

// read adds to the bytes that are read, and reports the progress.
func (in *input) read(n int) error {
	in.done += int64(n)
	if in.Progress == nil {
		return nil
	}
	var total int64 = 1
	for _, f := range in.files {
		total += f.size
	}
	return in.Progress(int(min(100, 100*in.done/total)), 100)
}

type closers struct {
	io.Reader
	close []io.Closer
}

func (c *closers) Close() (err error) {
	for _, one := range c.close {
		if e := one.Close(); err == nil {
			err = e
		}
	}
	return err
}

// contextReader ends with its context.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// decompress reads gzip and Zstandard, which it tells by their first bytes, and anything else as
// it is.
func decompress(r io.Reader) (io.ReadCloser, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	magic, _ := b.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		return gzip.NewReader(b)
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		d, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return io.NopCloser(b), nil
}
