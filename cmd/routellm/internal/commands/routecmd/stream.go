package routecmd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/inorder"
)

// request is one line of standard input.
type request struct {
	ID     json.RawMessage `json:"id"`
	Prompt *string         `json:"prompt"`
}

// chunkLines is the maximum number of lines that a worker takes at once.
const chunkLines = 256

// chunk is a batch of consecutive lines with their answers.
type chunk struct {
	typed bool // a person types the lines
	first int  // row of the first line, from 1
	lines [][]byte
	out   bytes.Buffer
	err   error
}

// stream routes one JSON object per line on all cores and writes the answers in order.
func stream(ctx context.Context, d decider, in io.Reader, out io.Writer) error {
	w := bufio.NewWriter(out)
	err := inorder.Run(ctx, runtime.GOMAXPROCS(0), inorder.Stages[*chunk]{
		Read: func(_ context.Context, emit func(*chunk) error) error {
			return readChunks(in, func(c *chunk) error {
				c.typed = cmdutil.IsTyped(in)
				return emit(c)
			})
		},
		Work: func(ctx context.Context, c *chunk) { c.err = answer(ctx, d, c) },
		Write: func(c *chunk, idle bool) error {
			if _, err := w.Write(c.out.Bytes()); err != nil {
				return fault.Wrap(err)
			}
			if c.err != nil {
				return errors.Join(c.err, w.Flush())
			}
			if idle { // a client may be waiting for this answer
				return fault.Wrap(w.Flush())
			}
			return nil
		},
	})
	if err != nil {
		return err
	}
	return fault.Wrap(w.Flush())
}

// readChunks splits the input into chunks. A chunk ends where the input would block, so that
// a client that waits for an answer before it sends the next line gets one.
func readChunks(in io.Reader, emit func(*chunk) error) error {
	r := bufio.NewReaderSize(in, 1<<20)
	row := 1
	for {
		c := &chunk{first: row}
		var err error
		for len(c.lines) < chunkLines && err == nil && (len(c.lines) == 0 || r.Buffered() > 0) {
			var line []byte
			if line, err = r.ReadBytes('\n'); len(line) > 0 {
				c.lines = append(c.lines, line)
			}
		}
		row += len(c.lines)
		if len(c.lines) > 0 {
			if err := emit(c); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("standard input: %w", err)
		}
	}
}

// answer routes a chunk's lines. It stops at the first line that is not a request and
// returns an error for it, after the answers to the lines before.
func answer(ctx context.Context, d decider, c *chunk) error {
	var requests []request
	var ids, texts []string
	var wrong error
	for i, line := range c.lines {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		req, plain := request{}, string(bytes.TrimSpace(line))
		if c.typed && !strings.HasPrefix(plain, "{") {
			req.Prompt = &plain
		} else if err := json.Unmarshal(line, &req); err != nil || req.Prompt == nil {
			wrong = hint.With(fmt.Errorf("standard input: row %d: expected a JSON object with the string \"prompt\"", c.first+i),
				`for example {"id": 1, "prompt": "..."}`)
			break
		}
		requests, ids, texts = append(requests, req), append(ids, fmt.Sprintf("row %d", c.first+i)), append(texts, *req.Prompt)
	}
	if len(texts) == 0 {
		return wrong
	}
	all, err := d.decide(ctx, ids, texts)
	if err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	enc := json.NewEncoder(&c.out)
	enc.SetEscapeHTML(false)
	for i, got := range all {
		got.ID = requests[i].ID
		if err := enc.Encode(got); err != nil {
			return err
		}
	}
	return wrong
}
