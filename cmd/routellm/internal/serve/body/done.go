package body

import "bytes"

// Done finds the last event of a stream, [DONE], as its bytes pass. The zero value is
// ready.
type Done struct {
	Found bool // nothing but line breaks came after it
	tail  []byte
}

// maxDone is the most bytes that the event takes, with the line breaks around it.
const maxDone = 20

// Write takes the next bytes of an answer. It never fails.
func (d *Done) Write(p []byte) (int, error) {
	d.tail = append(d.tail, p[max(0, len(p)-maxDone):]...)
	d.tail = d.tail[max(0, len(d.tail)-maxDone):]
	line := bytes.TrimRight(d.tail, "\r\n")
	// A line break cannot be within a text: there it is escaped.
	d.Found = bytes.HasSuffix(line, []byte("\ndata: [DONE]")) || bytes.HasSuffix(line, []byte("\ndata:[DONE]"))
	return len(p), nil
}
