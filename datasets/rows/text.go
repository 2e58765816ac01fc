package rows

import (
	"bufio"
	"bytes"
	"context"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const utf8BOM = "\ufeff"

// decodeHead finds out whether the head is UTF-16, and turns it into UTF-8 without a byte order
// mark.
func (f *file) decodeHead() {
	f.utf16 = utf16Of(f.head)
	if f.utf16 != "" {
		f.head, _, _ = transform.Bytes(f.decoder(), f.head)
	}
	f.head = bytes.TrimPrefix(f.head, []byte(utf8BOM))
}

// utf16Of returns the encoding of a text in UTF-16, with or without a byte order mark, or "".
// Without one, a text in a Latin script is known by its zero bytes.
func utf16Of(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(head, []byte{0xff, 0xff}):
		return "" // UTF-32, which refuse refuses, or Arrow
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return "UTF-16LE"
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return "UTF-16BE"
	}
	head = head[:min(len(head), 1<<10)&^1]
	var zero [2]int
	for i, c := range head {
		if c == 0 {
			zero[i%2]++
		}
	}
	switch enough := len(head) / 4; {
	case len(head) < 4:
	case zero[1] > enough && zero[0] == 0:
		return "UTF-16LE"
	case zero[0] > enough && zero[1] == 0:
		return "UTF-16BE"
	}
	return ""
}

func (f *file) decoder() transform.Transformer {
	endian := unicode.LittleEndian
	if f.utf16 == "UTF-16BE" {
		endian = unicode.BigEndian
	}
	return unicode.UTF16(endian, unicode.UseBOM).NewDecoder()
}

// text opens the file's content as UTF-8, without a byte order mark.
func (f *file) text(ctx context.Context) (io.ReadCloser, error) {
	in, err := f.bytes(ctx)
	if err != nil {
		return nil, err
	}
	var r io.Reader = in
	if f.utf16 != "" {
		r = transform.NewReader(in, f.decoder())
	}
	br := bufio.NewReaderSize(r, 1<<16)
	if head, _ := br.Peek(len(utf8BOM)); string(head) == utf8BOM {
		_, err = br.Discard(len(utf8BOM))
	}
	return &textReader{br, in}, err
}

type textReader struct {
	*bufio.Reader
	io.Closer
}

// OpenText opens a text file, which may be compressed with gzip or Zstandard or encoded in
// UTF-16, as UTF-8 without a byte order mark.
func OpenText(ctx context.Context, path string) (io.ReadCloser, error) {
	f, err := openFile(ctx, path, path)
	if err != nil {
		return nil, err
	}
	if err := refuse(f); err != nil {
		return nil, err
	}
	return f.text(ctx)
}

// isText reports whether a file may be a text file: few bytes are control characters.
func isText(head []byte) bool {
	control := 0
	for _, c := range head {
		if c < ' ' && (c < '\t' || c > '\r') && c != 0x1f && c != 0x1b {
			control++
		}
	}
	return len(head) > 0 && control*50 <= len(head)
}
