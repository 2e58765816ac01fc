package body

import "bytes"

// Done detects the last event of a stream, "data: [DONE]", while the stream passes. The
// zero value is ready to use.
type Done struct {
	Found bool // the event came, and only line breaks after it
	tail  []byte
}

// maxDone is the largest length of the event in bytes, with the line breaks around it.
const maxDone = 20

// Write takes the next bytes of an answer. It never fails.
func (d *Done) Write(p []byte) (int, error) {
	d.tail = append(d.tail, p[max(0, len(p)-maxDone):]...)
	d.tail = d.tail[max(0, len(d.tail)-maxDone):]
	line := bytes.TrimRight(d.tail, "\r\n")
	// A JSON string cannot contain the line break, which would be escaped.
	d.Found = bytes.HasSuffix(line, []byte("\ndata: [DONE]")) || bytes.HasSuffix(line, []byte("\ndata:[DONE]"))
	return len(p), nil
}
