package cmdutil

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

// Stdin returns standard input. If that is a terminal, the first read says there what is expected, such
// as "a table": without that, a command which waits looks like one that hangs.
func Stdin(what string) io.Reader { return Streams{Err: os.Stderr}.FromTerminal(os.Stdin, what) }

// FromTerminal returns in or, if that is a terminal, a reader that says on Err what it waits for when it
// is first read.
func (s Streams) FromTerminal(in io.Reader, what string) io.Reader {
	if file, ok := in.(*os.File); ok && IsTerminal(file) {
		return &typed{in: file, err: s.Err, what: what}
	}
	return in
}

// IsTyped reports whether a person types what a reader of [Streams.FromTerminal] reads.
func IsTyped(in io.Reader) bool {
	_, ok := in.(*typed)
	return ok
}

// typing is true once a terminal is read, on which nothing may disturb what is typed.
var typing atomic.Bool

// typed is a terminal that is read.
type typed struct {
	in   io.Reader
	err  io.Writer
	what string
	once sync.Once
}

// Read reads from the terminal, and says once what it waits for.
func (t *typed) Read(p []byte) (int, error) {
	t.once.Do(func() {
		typing.Store(true)
		end := "Ctrl-D ends"
		if runtime.GOOS == "windows" {
			end = "Ctrl-Z and Enter end"
		}
		fmt.Fprintf(t.err, "waiting for %s; %s\n", t.what, end)
	})
	return t.in.Read(p)
}
