package cmdutil

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync/atomic"

	"golang.org/x/term"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// The exit codes of every command.
const (
	ExitDone         = 0
	ExitFailed       = 1   // a failure, a gate that did not pass, or drift
	ExitUsage        = 2   // wrong usage or bad input
	ExitInconclusive = 3   // the data allow no verdict
	ExitSignal       = 128 // plus the number of the signal: 130 for SIGINT, 143 for SIGTERM
)

// drainKey is the context key of a flag, which is true while the command drains.
type drainKey struct{}

// WithDrain returns a context on which a command can call [Drain], and reports whether it has.
func WithDrain(ctx context.Context) (context.Context, func() bool) {
	flag := new(atomic.Bool)
	return context.WithValue(ctx, drainKey{}, flag), flag.Load
}

// Drain says that from now on the command ends in its own time after a signal, which ends its
// context. Other commands have half a second.
func Drain(ctx context.Context) {
	if flag, ok := ctx.Value(drainKey{}).(*atomic.Bool); ok {
		flag.Store(true)
	}
}

// inconclusive marks an error as a missing verdict.
type inconclusive struct{ error }

// Unwrap returns the marked error, whose hints are printed.
func (e inconclusive) Unwrap() error { return e.error }

// Inconclusive marks an error as a missing verdict, which exits with [ExitInconclusive].
func Inconclusive(err error) error { return inconclusive{err} }

// PrintError prints the error with its hints and returns the exit code.
func PrintError(w io.Writer, err error) int {
	fmt.Fprintln(w, fitted(w, fmt.Sprintf("routellm: %v", err)))
	printHints(w, err)
	switch {
	case fault.Is(err) || errors.Is(err, context.Canceled) || failedWrite(err):
		return ExitFailed
	case errors.As(err, new(inconclusive)):
		return ExitInconclusive
	}
	return ExitUsage
}

// failedWrite reports whether a file, such as standard output, could not be written to.
func failedWrite(err error) bool {
	pe := (*fs.PathError)(nil)
	return errors.As(err, &pe) && pe.Op == "write"
}

// PrintInterrupt prints that a signal ended the command, with the advice of the command's
// error, such as how to continue. err is nil if the command gave none.
func PrintInterrupt(w io.Writer, err error) {
	fmt.Fprintln(w, "routellm: interrupted")
	if errors.Is(err, context.Canceled) {
		printHints(w, err)
	}
}

func printHints(w io.Writer, err error) {
	for _, line := range hint.Of(err) {
		fmt.Fprintln(w, fitted(w, "hint: "+line))
	}
}

// fitted breaks a line between words where it is too long for a terminal, which would break it within
// one. A line with a command stays whole, so that it can be pasted.
func fitted(w io.Writer, line string) string {
	f, ok := w.(interface{ Fd() uintptr })
	if !ok || strings.Contains(line, "routellm ") || strings.Contains(line, "\n") {
		return line
	}
	width, _, err := term.GetSize(int(f.Fd())) // fails unless it is a terminal
	if err != nil || width < 20 {
		return line
	}
	return text.WrapTo(line, width)
}
