// Package fault marks errors that are not caused by the input, such as a full disk or a
// built-in file that cannot be read. Call [Wrap] to mark an error, and [Is] to find a mark.
// The command line exits with 1 for marked errors and with 2 for others. [Cause] shortens the
// operating system's errors.
package fault

import (
	"errors"
	"io/fs"
)

// fault is a marked error.
type fault struct{ error }

// Unwrap returns the wrapped error.
func (f fault) Unwrap() error { return f.error }

// Wrap marks err as not caused by the input. It returns nil if err is nil.
func Wrap(err error) error {
	if err == nil {
		return nil
	}
	return fault{err}
}

// Is reports whether err, or an error that it wraps, was marked.
func Is(err error) bool { return errors.As(err, new(fault)) }

// Cause drops the operation and the path from an error of the operating system about a file, for
// messages that name the file themselves. It returns other errors as they are.
func Cause(err error) error {
	var system *fs.PathError
	if errors.As(err, &system) {
		return system.Err
	}
	return err
}
