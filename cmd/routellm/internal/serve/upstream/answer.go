package upstream

import (
	"bytes"
	"context"
	"io"
	"time"
)

// answer is the body of an answer. It fails if the next bytes take longer than idle.
type answer struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	watch  *time.Timer
	idle   time.Duration
	until  time.Time   // the end of peek: what comes later is passed on as it comes
	failed func(error) // told of each failure, once

	first []byte // the bytes that peek has read
	err   error  // the error that peek met, which is io.EOF if the answer has no more
}

// maxPeek is the largest number of bytes that are read ahead of an answer.
const maxPeek = 64 << 10

// Parts of an answer that peek reads.
func wholeError([]byte) bool { return false }

// oddBeginning ends where the answer turns out not to begin like an error in an answer with status
// 200, which has nothing else before "error". An answer after white space, which some servers send
// while they compute, is passed on at once.
func oddBeginning(first []byte) bool {
	const odd = `{"error"`
	n := min(len(first), len(odd))
	return n > 0 && string(first[:n]) != odd[:n]
}

// firstEvent ends with the first event of a stream, or with a comment, which some servers send
// while they compute.
func firstEvent(first []byte) bool {
	return len(first) > 0 && first[0] == ':' || bytes.Contains(first, []byte("\n\n")) || bytes.Contains(first, []byte("\n\r\n"))
}

// peek reads ahead until there is enough, or the answer ends, or maxPeek, or until. It fails if reading does;
// an empty answer is not a failure.
func (a *answer) peek(size int, enough func([]byte) bool) error {
	part := make([]byte, size)
	late := func() bool { return len(a.first) > 0 && !time.Now().Before(a.until) }
	for a.err == nil && !enough(a.first) && len(a.first) < maxPeek && !late() {
		var n int
		n, a.err = a.read(part)
		a.first = append(a.first, part[:n]...)
	}
	if a.err == io.EOF {
		return nil
	}
	return a.err
}

// Read returns a *Failure if the connection breaks, stalls or is closed by the client.
func (a *answer) Read(p []byte) (int, error) {
	if len(a.first) > 0 {
		n := copy(p, a.first)
		a.first = a.first[n:]
		return n, nil
	}
	if a.err != nil {
		return 0, a.err
	}
	return a.read(p)
}

func (a *answer) read(p []byte) (int, error) {
	a.watch.Reset(a.idle)
	n, err := a.ReadCloser.Read(p)
	a.watch.Stop() // the client may take its time before it reads on
	if err != nil && err != io.EOF {
		err = broken(a.ctx, Idle)
		a.failed(err)
	}
	return n, err
}

// Close returns the connection to the pool, or closes it if the answer is not complete.
func (a *answer) Close() error {
	a.watch.Stop()
	err := a.ReadCloser.Close()
	a.cancel(nil)
	return err
}
