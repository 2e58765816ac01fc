package importers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets/rows"
)

// visitor is called with one element of an array, or one line of JSON Lines.
type visitor func(r record) error

// each visits every object in a file: the lines of JSON Lines, or the elements of the array that
// the document is. Only one of them is in memory at a time.
func (in *input) each(f *file, visit visitor) error {
	r, err := in.open(f)
	if err != nil {
		return err
	}
	defer r.Close()
	return eachIn(f.path, r, visit)
}

// arrays reads one JSON document and visits the elements of the arrays at some places in it, such
// as "results.results", one at a time; a nil visitor passes over them. It returns the rest of the
// document, in which these arrays are empty.
func (in *input) arrays(f *file, visit map[string]visitor) (rest record, err error) {
	r, err := in.open(f)
	if err != nil {
		return record{}, err
	}
	defer r.Close()
	return arraysIn(f.path, r, visit)
}

func eachIn(path string, r io.Reader, visit visitor) error {
	w := newWalker(path, r)
	first, err := w.first()
	if err != nil || first == 0 {
		return err
	}
	if first == '[' {
		if _, err := w.d.Token(); err != nil {
			return w.bad(err)
		}
		return w.elements("", visit)
	}
	for w.row = 1; ; w.row++ {
		var raw json.RawMessage
		if err := w.d.Decode(&raw); err == io.EOF {
			return nil
		} else if err != nil {
			return w.bad(err)
		}
		if err := visit(record{Result: gjson.ParseBytes(raw), file: path, row: w.row}); err != nil {
			return err
		}
	}
}

func arraysIn(path string, r io.Reader, visit map[string]visitor) (rest record, err error) {
	w := newWalker(path, r)
	w.arrays = visit
	var out bytes.Buffer
	err = w.value("", &out)
	return record{Result: gjson.ParseBytes(out.Bytes()), file: path}, err
}

// walker reads JSON from a stream.
type walker struct {
	path   string
	r      *bufio.Reader
	d      *json.Decoder
	arrays map[string]visitor
	row    int // number of the element or line, from 1; 0 outside
}

func newWalker(path string, r io.Reader) *walker {
	b := bufio.NewReader(rows.LenientJSON(r))
	return &walker{path: path, r: b, d: json.NewDecoder(b)}
}

// first returns the first byte that is no white space, without reading it; 0 if there is none.
func (w *walker) first() (byte, error) {
	for {
		b, err := w.r.ReadByte()
		switch {
		case err == io.EOF:
			return 0, nil
		case err != nil:
			return 0, w.bad(err)
		case !strings.ContainsRune(" \t\r\n", rune(b)):
			return b, w.r.UnreadByte()
		}
	}
}

// value reads the value at a place and copies it to out, but for the elements of arrays.
func (w *walker) value(place string, out *bytes.Buffer) error {
	visit, isArray := w.arrays[place]
	if !isArray && !w.leads(place) {
		var raw json.RawMessage
		err := w.d.Decode(&raw)
		out.Write(raw)
		return w.bad(err)
	}
	token, err := w.d.Token()
	if err != nil {
		return w.bad(err)
	}
	switch {
	case token == json.Delim('['):
		out.WriteString("[]")
		return w.elements(place, visit)
	case token == json.Delim('{'):
		return w.object(place, out)
	}
	out.WriteString("null")
	return nil
}

// object reads an object whose brace is read.
func (w *walker) object(place string, out *bytes.Buffer) error {
	out.WriteByte('{')
	for n := 0; w.d.More(); n++ {
		key, err := w.d.Token()
		if err != nil {
			return w.bad(err)
		}
		if n > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(key)
		if err != nil {
			return err
		}
		out.Write(append(name, ':'))
		if err := w.value(strings.TrimPrefix(place+"."+key.(string), "."), out); err != nil {
			return err
		}
	}
	out.WriteByte('}')
	_, err := w.d.Token()
	return w.bad(err)
}

// leads reports whether an array that is asked for lies below a place.
func (w *walker) leads(place string) bool {
	for at := range w.arrays {
		if place == "" || strings.HasPrefix(at, place+".") {
			return true
		}
	}
	return false
}

// elements visits the elements of an array whose bracket is read.
func (w *walker) elements(at string, visit visitor) error {
	for w.row = 1; w.d.More(); w.row++ {
		var raw json.RawMessage
		if err := w.d.Decode(&raw); err != nil {
			return w.bad(err)
		}
		if visit == nil {
			continue
		}
		if err := visit(record{Result: gjson.ParseBytes(raw), file: w.path, row: w.row, at: at}); err != nil {
			return err
		}
	}
	_, err := w.d.Token()
	w.row = 0
	return w.bad(err)
}

// bad describes damaged JSON.
func (w *walker) bad(err error) error {
	where := fmt.Sprintf("%q", w.path)
	if w.row > 0 {
		where += fmt.Sprintf(": row %d", w.row)
	}
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return fmt.Errorf("%s: expected JSON, found at byte %d: %w", where, syntax.Offset, err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s: the file ends inside a JSON value, expected a complete one", where)
	}
	return fmt.Errorf("%q: %w", w.path, err)
}
