package filter

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

// NDJSON filters lines of JSON objects. Every byte of a line stays; the new columns follow its last
// field. Blank lines are no rows and are left out. Where the input would block, what was read is
// scored and written, so that a program can send one line and wait for its score.
func NDJSON(ctx context.Context, in io.Reader, out io.Writer, o Options) (Count, error) {
	n := &lineFilter{Options: o, names: o.columnNames(), in: bufio.NewReaderSize(in, 1<<20), out: bufio.NewWriterSize(out, 1<<16)}
	count, err := o.run(ctx, n.read, n.out.Flush)
	if err == nil {
		err = fault.Wrap(n.out.Flush())
	}
	if err != nil {
		return count, ofInput(err)
	}
	return count, nil
}

// lineFilter filters lines.
type lineFilter struct {
	Options
	names []string // names of the new columns
	in    *bufio.Reader
	out   *bufio.Writer
}

// read passes the lines.
func (n *lineFilter) read(_ context.Context, emit func(*chunk) error) error {
	for row, last := 0, false; !last; {
		c := &chunk{first: row}
		var lines [][]byte
		var wrong error
		for !c.full() && !last && wrong == nil && (len(lines) == 0 || n.in.Buffered() > 0) {
			line, err := n.in.ReadBytes('\n')
			if last = err != nil; last && err != io.EOF {
				wrong = err
				break
			}
			if len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			cell, err := n.cell(line)
			if err != nil {
				wrong = fmt.Errorf("row %d: %w", row+1, err)
				break
			}
			row++
			lines = append(lines, line)
			c.add(cell)
			c.bytes += len(line)
		}
		c.write = func(columns []values) error { return n.write(lines, columns) }
		if err := emit(c); err != nil {
			return err
		}
		if wrong != nil {
			return wrong
		}
	}
	return nil
}

// cell returns the prompt of a line.
func (n *lineFilter) cell(line []byte) (cell rows.Cell, err error) {
	if err := checkObject(line); err != nil {
		return cell, err
	}
	gjson.ParseBytes(line).ForEach(func(key, value gjson.Result) bool {
		if i := slices.Index(n.names, key.Str); i >= 0 {
			err = n.clash(i, key.Str)
		}
		if key.Str == n.Prompt {
			cell = rows.CellOf(json.RawMessage(value.Raw))
		}
		return err == nil
	})
	return cell, err
}

// checkObject returns an error that says what is wrong with a line that is no JSON object.
func checkObject(line []byte) error {
	if json.Valid(line) && gjson.ParseBytes(line).IsObject() {
		return nil
	}
	if bytes.HasPrefix(line, []byte("\xef\xbb\xbf")) {
		return hint.With(errors.New("found a byte order mark, expected a JSON object in one line"), "write the input again without the mark, as UTF-8")
	}
	var raw json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return hint.With(fmt.Errorf("expected a JSON object in one line: %w", err), `for example {"prompt": "..."}`,
			"a line that is cut off means that the input is incomplete; JSON has no NaN")
	}
	return hint.With(errors.New("expected a JSON object in one line"), `for example {"prompt": "..."}`)
}

// write writes lines with their new values.
func (n *lineFilter) write(lines [][]byte, columns []values) error {
	var b []byte
	for i, line := range lines {
		end := bytes.LastIndexByte(line, '}')
		b = append(b[:0], line[:end]...)
		if head := bytes.TrimRight(line[:end], " \t\r\n"); head[len(head)-1] != '{' {
			b = append(b, ',')
		}
		for k, c := range columns {
			if k > 0 {
				b = append(b, ',')
			}
			b = append(gjson.AppendJSONString(b, n.names[k]), ':')
			b = append(b, jsonOf(c, i)...)
		}
		b = append(b, line[end:]...)
		if line[len(line)-1] != '\n' {
			b = append(b, '\n')
		}
		if _, err := n.out.Write(b); err != nil {
			return fault.Wrap(err)
		}
	}
	return nil
}

// jsonOf returns a new value as JSON.
func jsonOf(v values, i int) []byte {
	switch {
	case v.Texts != nil && v.Texts[i] != nil:
		return gjson.AppendJSONString(nil, *v.Texts[i])
	case v.Texts != nil || math.IsNaN(v.Floats[i]):
		return []byte("null")
	}
	out, _ := json.Marshal(v.Floats[i]) // a finite number has a form
	return out
}
