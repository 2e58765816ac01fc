package body

import (
	"encoding/json"
	"io"
	"strings"
)

// Content is a request to send, in parts. The parts of [Body.WithModel] share the memory of the
// client's request, so that no request lies in memory twice.
type Content []string

// WithModel returns the request with another model's name and every other byte unchanged.
// The request must name a model.
func (b Body) WithModel(name string) Content {
	quoted, _ := json.Marshal(name) // never fails for a string
	return Content{b.raw[:b.at], string(quoted), b.raw[b.end:]}
}

// Unchanged returns the request as it came.
func (b Body) Unchanged() Content { return Content{b.raw} }

// Len returns the length in bytes.
func (c Content) Len() (n int64) {
	for _, part := range c {
		n += int64(len(part))
	}
	return n
}

// Reader returns a reader of all parts.
func (c Content) Reader() io.Reader {
	parts := make([]io.Reader, len(c))
	for i, part := range c {
		parts[i] = strings.NewReader(part)
	}
	return io.MultiReader(parts...)
}

// String returns all parts as one text.
func (c Content) String() string { return strings.Join(c, "") }
