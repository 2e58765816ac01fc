package upstream

import (
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

	first []byte // the bytes that peek has read
	err   error  // the error that peek met, which is io.EOF for an empty answer
}

// peek waits for the first byte. An empty answer is not a failure.
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
		err = classify(a.ctx, err, Idle, Cut)
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
