package rows

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// maxDepth bounds how deeply objects and lists may be nested.
const maxDepth = 1000

// jsonReader reads a stream of JSON value by value.
type jsonReader struct {
	br  *bufio.Reader
	buf []byte // the value that was read last
}

func newJSONReader(r io.Reader) *jsonReader { return &jsonReader{br: bufio.NewReaderSize(r, 1<<16)} }

// peek returns the next byte that is no white space, without reading it.
func (r *jsonReader) peek() (byte, error) {
	for {
		c, err := r.br.ReadByte()
		if err != nil {
			return 0, err
		}
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c, r.br.UnreadByte()
		}
	}
}

// take reads the next byte that is no white space. The end of the file is errCut.
func (r *jsonReader) take() (byte, error) {
	c, err := r.peek()
	if err == nil {
		c, err = r.br.ReadByte()
	}
	return c, noEnd(err)
}

// nesting follows objects, lists and strings from byte to byte.
type nesting struct {
	depth           int
	inside, escaped bool // whether the next byte is in a string, and whether a backslash precedes it
}

// add reads bytes up to the end of the value, and reports whether it has ended.
func (n *nesting) add(b []byte) (used int, ended bool, err error) {
	for i, c := range b {
		switch {
		case n.escaped:
			n.escaped = false
		case n.inside && c == '\\':
			n.escaped = true
		case n.inside && c < ' ':
			return i, false, errors.New("a string is not closed on its line")
		case c == '"':
			n.inside = !n.inside
		case n.inside:
		case c == '{' || c == '[':
			if n.depth++; n.depth > maxDepth {
				return i, false, fmt.Errorf("nested deeper than %d levels", maxDepth)
			}
		case c == '}' || c == ']':
			n.depth--
		}
		if n.depth <= 0 && !n.inside && !n.escaped && (c == '"' || c == '}' || c == ']') {
			return i + 1, true, nil
		}
	}
	return len(b), false, nil
}

// value reads an object, a list or a string, and keeps it in r.buf if keep is true. depth counts
// the objects and lists that are open already.
func (r *jsonReader) value(depth int, keep bool) error {
	n := nesting{depth: depth}
	r.buf = r.buf[:0]
	for {
		if _, err := r.br.Peek(1); err != nil {
			return noEnd(err)
		}
		chunk, _ := r.br.Peek(r.br.Buffered())
		used, ended, err := n.add(chunk)
		if keep {
			r.buf = append(r.buf, chunk[:used]...)
		}
		if _, discarded := r.br.Discard(used); err == nil {
			err = discarded
		}
		if err == nil && len(r.buf) > maxRecord {
			err = fmt.Errorf("is longer than %d MB", maxRecord>>20)
		}
		if ended || err != nil {
			return err
		}
	}
}

// skip reads any value and drops it.
func (r *jsonReader) skip() error {
	c, err := r.peek()
	if err != nil {
		return noEnd(err)
	}
	if c == '{' || c == '[' || c == '"' {
		return r.value(0, false)
	}
	for {
		c, err := r.br.ReadByte()
		if err != nil {
			return noEnd(err)
		}
		if c == ',' || c == '}' || c == ']' {
			return r.br.UnreadByte()
		}
	}
}

// row reads an object and returns it as JSON.
func (r *jsonReader) row() (string, error) {
	c, err := r.peek()
	if err != nil {
		return "", noEnd(err)
	}
	if c != '{' {
		return "", fmt.Errorf("found %s, expected an object", kindAt(c))
	}
	if err := r.value(0, true); err != nil {
		return "", err
	}
	if err := checkJSON(r.buf); err != nil {
		return "", err
	}
	return string(r.buf), nil
}

// kindAt names the kind of value that begins with c.
func kindAt(c byte) string {
	switch {
	case c == '[':
		return "a list"
	case c == '"':
		return "a string"
	case c == '-' || c >= '0' && c <= '9':
		return "a number"
	case c == 't' || c == 'f' || c == 'n':
		return "true, false or null"
	}
	return fmt.Sprintf("%q", c)
}

// errNotUTF8 is the error about JSON in another encoding.
type errNotUTF8 struct{ text []byte }

func (e errNotUTF8) Error() string { return "found text that is not UTF-8" }

// checkJSON checks a value. The numbers NaN, Infinity and -Infinity are allowed.
func checkJSON(raw []byte) error {
	if !utf8.Valid(raw) {
		return errNotUTF8{raw}
	}
	if strict := lenient(raw); !gjson.ValidBytes(strict) {
		var v any
		if err := json.Unmarshal(strict, &v); err != nil {
			return err
		}
		return errors.New("invalid JSON")
	}
	return nil
}

// members calls visit with each key of an object, whose value follows. visit must read the value.
// It stops early if visit returns true.
func (r *jsonReader) members(visit func(key string) (stop bool, err error)) (stopped bool, err error) {
	if _, err := r.take(); err != nil { // the bracket
		return false, err
	}
	for first := true; ; first = false {
		c, err := r.take()
		if err != nil || c == '}' && first {
			return false, err
		}
		if c == '}' {
			return false, nil
		}
		if c == ',' && !first {
			c, err = r.take()
		}
		if err != nil || c != '"' {
			return false, firstError(err, fmt.Errorf("found %q, expected a key", c))
		}
		key, err := r.key()
		if err != nil {
			return false, err
		}
		if stop, err := visit(key); err != nil || stop {
			return stop, err
		}
	}
}

// key reads a key, after its first quote, and the colon.
func (r *jsonReader) key() (string, error) {
	if err := r.br.UnreadByte(); err != nil {
		return "", err
	}
	if err := r.value(0, true); err != nil {
		return "", err
	}
	key := gjson.ParseBytes(r.buf).Str
	if c, err := r.take(); err != nil || c != ':' {
		return "", firstError(err, fmt.Errorf("found %q, expected a colon", c))
	}
	return key, nil
}
