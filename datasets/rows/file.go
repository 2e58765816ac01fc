package rows

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/outfile"
)

// sniffSize is the number of bytes at the beginning of a file that tell what it is.
const sniffSize = 1 << 18

// file is a file on disk that holds a table, plain or compressed.
type file struct {
	name string // name in messages and in Row.File
	path string
	size int64
	hive []hiveColumn // columns from the names of its folders

	codec  string // "gzip", "Zstandard" or "" if it is plain
	head   []byte // first bytes, decompressed; if it is text, as UTF-8 without a byte order mark
	cut    bool   // whether there are more
	read   int64  // compressed bytes that the running scan has read
	opened *os.File
	utf16  string   // "UTF-16LE" or "UTF-16BE" if the text is in that encoding
	plain  string   // path of the decompressed copy that ReadAt needs
	remove []func() // remove temporary files
}

// openFile finds out how a file is compressed, and reads its beginning.
func openFile(ctx context.Context, name, path string) (*file, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fileError(name, err)
	}
	f := &file{name: name, path: path, size: info.Size()}
	in, err := os.Open(path)
	if err != nil {
		return nil, fileError(name, err)
	}
	defer in.Close()
	var magic [4]byte
	n, _ := io.ReadFull(in, magic[:])
	f.codec = codecOf(magic[:n])
	r, err := f.bytes(ctx)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	f.head = make([]byte, sniffSize)
	n, err = io.ReadFull(r, f.head)
	f.head = f.head[:n]
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF && n == 0 {
		return nil, fmt.Errorf("%q: %w", name, err)
	}
	f.cut = n == sniffSize
	if inner := codecOf(f.head); f.codec != "" && inner != "" {
		return nil, hint.With(fmt.Errorf("%q: is compressed twice, with %s inside of %s", name, inner, f.codec), "decompress the outer one first")
	}
	f.decodeHead()
	return f, nil
}

func codecOf(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return "gzip"
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}), len(head) > 3 && head[0]&0xf0 == 0x50 && string(head[1:4]) == "\x2a\x4d\x18":
		return "Zstandard"
	}
	return ""
}

// bytes opens the file's content from the beginning, decompressed. Reading ends with the
// context's error once that is done.
func (f *file) bytes(ctx context.Context) (io.ReadCloser, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return nil, fileError(f.name, err)
	}
	f.read = 0
	counted := &counter{ctx, in, &f.read}
	switch f.codec {
	case "gzip":
		zr, err := gzip.NewReader(bufio.NewReaderSize(counted, 1<<16))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%q: %w", f.name, cutOff(err, f.codec)), in.Close())
		}
		return &opened{zr, f.codec, in.Close}, nil
	case "Zstandard":
		zr, err := zstd.NewReader(counted, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%q: %w", f.name, cutOff(err, f.codec)), in.Close())
		}
		return &opened{zr, f.codec, func() error { zr.Close(); return in.Close() }}, nil
	}
	return &opened{counted, "", in.Close}, nil
}

// counter counts the bytes that are read, and ends reading when the context is done.
type counter struct {
	ctx  context.Context
	r    io.Reader
	read *int64
}

func (c *counter) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	*c.read += int64(n)
	return n, err
}

// opened reads a compressed stream and says so in errors.
type opened struct {
	io.Reader
	codec string
	close func() error
}

func (o *opened) Read(p []byte) (int, error) {
	n, err := o.Reader.Read(p)
	if err != nil && err != io.EOF && o.codec != "" {
		err = cutOff(err, o.codec)
	}
	return n, err
}

func (o *opened) Close() error { return o.close() }

// cutOff explains an error of decompression.
func cutOff(err error, codec string) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF {
		err = errors.New("the file is cut off")
	}
	return hint.With(fmt.Errorf("damaged %s data: %w", codec, err), "copy or download the file again")
}

// ReadAt reads from the decompressed file. The first call decompresses it into a temporary file.
func (f *file) ReadAt(p []byte, at int64) (int, error) {
	if f.opened == nil {
		path := f.path
		if f.codec != "" {
			path = f.plain
		}
		in, err := os.Open(path)
		if err != nil {
			return 0, fileError(f.name, err)
		}
		f.opened = in
	}
	return f.opened.ReadAt(p, at)
}

// random prepares the file for ReadAt, and returns its size, decompressed. Call it once before
// the first ReadAt.
func (f *file) random(ctx context.Context) (size int64, err error) {
	if f.codec == "" {
		return f.size, nil
	}
	in, err := f.bytes(ctx)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	path, size, remove, err := spool(in)
	if err != nil {
		return 0, fileError(f.name, err)
	}
	f.plain, f.remove = path, append(f.remove, remove)
	return size, nil
}

// spool copies a stream into a temporary file, which remove removes.
func spool(in io.Reader) (path string, size int64, remove func(), err error) {
	dir, remove, err := outfile.TempDir("routellm-rows-*")
	if err != nil {
		return "", 0, nil, err
	}
	path = filepath.Join(dir, "table")
	out, err := os.Create(path)
	if err == nil {
		size, err = io.Copy(out, in)
		err = errors.Join(err, out.Close())
	}
	if err != nil {
		remove()
		return "", 0, nil, err
	}
	return path, size, remove, nil
}

// release closes what ReadAt has opened. A later call opens it again.
func (f *file) release() (err error) {
	if f.opened != nil {
		err = f.opened.Close()
		f.opened = nil
	}
	return err
}

func (f *file) close() error {
	err := f.release()
	for _, remove := range f.remove {
		remove()
	}
	return err
}

// share returns the share of the file that has been read as a stream.
func (f *file) share() float64 { return float64(f.read) / float64(max(f.size, 1)) }

// digest returns the SHA-256 of the file as it is on disk.
func (f *file) digest() (string, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return "", fileError(f.name, err)
	}
	defer in.Close()
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return "", fileError(f.name, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
