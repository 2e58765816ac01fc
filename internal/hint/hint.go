// Package hint attaches advice to errors. Call [With] or [DidYouMean] to add
// hints to an error, and [Of] to get the hints of an error that is printed.
package hint

import "errors"

// Error is an error with advice. Each hint is one line, in lower case, without the
// word "hint", which the printer adds.
type Error struct {
	Err   error
	Hints []string
}

// Error returns the wrapped error's message, without the hints.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the wrapped error.
func (e *Error) Unwrap() error { return e.Err }

// With wraps err with hints. It returns nil if err is nil.
func With(err error, hints ...string) error {
	if err == nil {
		return nil
	}
	return &Error{Err: err, Hints: hints}
}

// DidYouMean wraps err with the known word that is closest to a mistyped one, as a hint: one with
// few other letters or else one that is longer or shorter. It returns err unchanged if none is near.
func DidYouMean(err error, typed string, known []string) error {
	word := Closest(typed, known)
	if word == "" {
		word = continued(typed, known)
	}
	if word == "" {
		return err
	}
	return With(err, "did you mean "+word+"?")
}

// Of returns the hints of err and of every error that it wraps, outermost first.
func Of(err error) []string {
	var hints []string
	for h := (*Error)(nil); errors.As(err, &h); err = h.Err {
		hints = append(hints, h.Hints...)
	}
	return hints
}
