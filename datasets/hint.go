package datasets

import "errors"

// HintError is an error with advice: one line a hint, lower case, without the word "hint", which whoever prints adds.
type HintError struct {
	Err   error
	Hints []string
}

// Error is the wrapped error's message, without the hints.
func (e *HintError) Error() string { return e.Err.Error() }

// Unwrap returns the wrapped error.
func (e *HintError) Unwrap() error { return e.Err }

// WithHint wraps err with hints; a nil err stays nil.
func WithHint(err error, hints ...string) error {
	if err == nil {
		return nil
	}
	return &HintError{Err: err, Hints: hints}
}

// Hints returns the hints of an error and of all that it wraps, outermost first.
func Hints(err error) []string {
	var hints []string
	for h := (*HintError)(nil); errors.As(err, &h); err = h.Err {
		hints = append(hints, h.Hints...)
	}
	return hints
}
