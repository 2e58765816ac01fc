package cmdutil

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

// The exit codes of every command.
const (
	ExitDone         = 0
	ExitFailed       = 1 // a failure, a gate that did not pass, or drift
	ExitUsage        = 2 // wrong usage or bad input
	ExitInconclusive = 3 // the data allow no verdict
)

// inconclusive marks an error as a missing verdict.
type inconclusive struct{ error }

// Unwrap returns the marked error, whose hints are printed.
func (e inconclusive) Unwrap() error { return e.error }

// Inconclusive marks an error as a missing verdict, which exits with [ExitInconclusive].
func Inconclusive(err error) error { return inconclusive{err} }

// PrintError prints the error with its hints and returns the exit code.
func PrintError(w io.Writer, err error) int {
	fmt.Fprintf(w, "routellm: %v\n", err)
	for _, line := range hint.Of(err) {
		fmt.Fprintf(w, "hint: %s\n", line)
	}
	switch {
	case fault.Is(err) || errors.Is(err, context.Canceled):
		return ExitFailed
	case errors.As(err, new(inconclusive)):
		return ExitInconclusive
	}
	return ExitUsage
}
