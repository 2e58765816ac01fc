package importers

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets/rows"
)

// owns reports whether a file is the tool's, by itself.
func (t Tool) owns(p *peek) bool {
	for _, k := range t.kinds {
		if k.match(p) {
			return !k.companion
		}
	}
	return false
}

// headBytes is the number of bytes by which a file is recognised.
const headBytes = 128 << 10

// peek is the beginning of a file.
type peek struct {
	path string
	name string // last part of path
	head []byte // first bytes, decompressed
}

// look reads the beginning of a regular file.
func look(path string) (*peek, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p := &peek{path: path, name: filepath.Base(path)}
	if p.head, err = head(f); err != nil {
		return nil, err
	}
	if p.is("PK\x03\x04") || p.is("PAR1") {
		return p, nil // no text
	}
	content, err := rows.OpenText(context.Background(), path)
	if err != nil {
		return p, nil // damaged or no text: known by its first bytes, if at all
	}
	defer content.Close()
	if p.head, err = head(content); err != nil {
		p.head = nil // damaged: no tool's
	}
	return p, nil
}

// head reads the first bytes.
func head(r io.Reader) ([]byte, error) {
	out := make([]byte, headBytes)
	n, err := io.ReadFull(r, out)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return out[:n], err
}

// object returns the first JSON object: the document, the first line of JSON Lines, or the first
// element of an array. It may be cut off. Where the file is no JSON, no key exists in it.
func (p *peek) object() gjson.Result {
	text := bytes.TrimLeft(p.head, " \t\r\n")
	if bytes.HasPrefix(text, []byte("[")) {
		text = bytes.TrimLeft(text[1:], " \t\r\n")
	}
	if !bytes.HasPrefix(text, []byte("{")) {
		return gjson.Result{}
	}
	return gjson.ParseBytes(text)
}

// isArray reports whether the document is a JSON array.
func (p *peek) isArray() bool {
	return bytes.HasPrefix(bytes.TrimLeft(p.head, " \t\r\n"), []byte("["))
}

// has reports whether the first JSON object has all of the keys, which may be paths of gjson.
func (p *peek) has(keys ...string) bool {
	o := p.object()
	for _, k := range keys {
		if !o.Get(k).Exists() {
			return false
		}
	}
	return o.Exists()
}

// columns lists the columns of a CSV file with commas; nil if the file is none.
func (p *peek) columns() []string {
	if p.is("PK") || p.is("PAR1") || p.is("{") || p.is("[") || bytes.IndexByte(p.head, 0) >= 0 {
		return nil
	}
	r := csv.NewReader(bytes.NewReader(p.head))
	r.LazyQuotes = true
	names, err := r.Read()
	if err != nil || len(names) < 2 {
		return nil
	}
	return names
}

// is reports whether the file begins with some bytes.
func (p *peek) is(magic string) bool { return bytes.HasPrefix(p.head, []byte(magic)) }
