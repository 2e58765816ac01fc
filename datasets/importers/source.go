package importers

import (
	"context"
	"io"

	"github.com/routellm/routellm/datasets/rows"
)

// open opens a file of the tool for reading as text: decompressed, as UTF-8. What is read is counted
// for the progress, and ends with the context.
func (in *input) open(f *file) (io.ReadCloser, error) {
	text, err := rows.OpenText(in.ctx, f.at)
	if err != nil {
		return nil, err
	}
	in.used[f] = true
	return &counter{in: in, left: f.size, ReadCloser: text}, nil
}

// counter counts bytes for the progress: no more than the file has, which may be compressed.
type counter struct {
	in   *input
	left int64
	io.ReadCloser
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	count := min(int64(n), c.left)
	c.left -= count
	if report := c.in.read(count); report != nil {
		return n, report
	}
	return n, err
}

// read adds to the bytes that are read, and reports the progress.
func (in *input) read(n int64) error {
	in.done += n
	if in.Progress == nil {
		return nil
	}
	var total int64 = 1
	for _, f := range in.files {
		total += f.size
	}
	return in.Progress(int(min(100, 100*in.done/total)), 100)
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
