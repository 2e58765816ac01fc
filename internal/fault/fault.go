// Package fault marks the errors that are no fault of the input: a disk that is full, a
// built-in file that cannot be read. The command line exits with 1 for them, and with 2
// for the others.
package fault

import "errors"

// fault is an error that is no fault of the input.
type fault struct{ error }

// Unwrap returns the wrapped error.
func (f fault) Unwrap() error { return f.error }

// Wrap marks err. It returns nil if err is nil.
func Wrap(err error) error {
	if err == nil {
		return nil
	}
	return fault{err}
}

// Is reports whether err, or an error that it wraps, was marked.
func Is(err error) bool { return errors.As(err, new(fault)) }
