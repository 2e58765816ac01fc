package rows

import (
	"bytes"
	"io"
)

// LenientJSON returns a reader of r in which the numbers NaN, Infinity and -Infinity, which
// Python writes and JSON does not have, are the strings "NaN", "Infinity" and "-Infinity".
func LenientJSON(r io.Reader) io.Reader { return &lenientReader{r: r} }

// bare lists the numbers that JSON does not have.
var bare = [][]byte{[]byte("NaN"), []byte("Infinity"), []byte("-Infinity")}

// lenientReader translates in blocks.
type lenientReader struct {
	r       io.Reader
	in      [1 << 15]byte
	left    []byte // read, but not translated: a word that may go on
	out     []byte // translated, but not read
	quoter  quoter
	err     error
	scratch []byte
}

func (l *lenientReader) Read(p []byte) (int, error) {
	for len(l.out) == 0 && l.err == nil {
		n, err := l.r.Read(l.in[:])
		l.err = err
		l.scratch = append(append(l.scratch[:0], l.left...), l.in[:n]...)
		var rest []byte
		l.out, rest = l.quoter.add(l.out[:0:0], l.scratch, err != nil)
		l.left = append(l.left[:0], rest...)
	}
	if len(l.out) == 0 {
		return 0, l.err
	}
	n := copy(p, l.out)
	l.out = l.out[n:]
	return n, nil
}

// quoter puts bare words outside of strings in quotes.
type quoter struct{ inside, escaped bool }

// add appends the translation of in to out. It returns what it needs more bytes for.
func (q *quoter) add(out, in []byte, end bool) (translated, rest []byte) {
	for i := 0; i < len(in); {
		c := in[i]
		if !q.inside && (c == 'N' || c == 'I' || c == '-') {
			word, more := bareAt(in[i:], end)
			if more {
				return out, in[i:]
			}
			if word != nil {
				out = append(append(append(out, '"'), word...), '"')
				i += len(word)
				continue
			}
		}
		switch {
		case q.escaped:
			q.escaped = false
		case q.inside && c == '\\':
			q.escaped = true
		case c == '"':
			q.inside = !q.inside
		}
		out = append(out, c)
		i++
	}
	return out, nil
}

// bareAt returns the word that in begins with, or whether that needs more bytes.
func bareAt(in []byte, end bool) (word []byte, more bool) {
	for _, w := range bare {
		if bytes.HasPrefix(in, w) {
			return w, false
		}
		if !end && bytes.HasPrefix(w, in) {
			return nil, true
		}
	}
	return nil, false
}

// lenient translates a whole value.
func lenient(raw []byte) []byte {
	if !bytes.Contains(raw, bare[0]) && !bytes.Contains(raw, bare[1]) {
		return raw
	}
	out, _ := new(quoter).add(nil, raw, true)
	return out
}
