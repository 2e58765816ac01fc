package upstream

import (
	"context"
	"io"
	"time"
)

// answer is the body of an answer. A wait for more of it that is longer than idle ends
// it.
type answer struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	watch  *time.Timer
	idle   time.Duration

	first []byte // read ahead
	err   error  // of reading ahead: the end
}

// peek waits for the first byte. An empty answer is none that failed.
func (a *answer) peek() error {
	first := make([]byte, 1)
	n, err := a.read(first)
	for n == 0 && err == nil {
		n, err = a.read(first)
	}
	a.first, a.err = first[:n], err
	if err == io.EOF || n > 0 {
		return nil
	}
	return err
}

// Read reads on, and says why where it cannot.
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
	a.watch.Stop() // until the client wants more
	if err != nil && err != io.EOF {
		err = classify(a.ctx, err, Idle, Cut)
	}
	return n, err
}

// Close gives the connection back, or breaks it within an answer.
func (a *answer) Close() error {
	a.watch.Stop()
	err := a.ReadCloser.Close()
	a.cancel(nil)
	return err
}
