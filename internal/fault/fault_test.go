package fault_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/routellm/routellm/internal/fault"
)

func TestWrap(t *testing.T) {
	full := errors.New("disk full")
	err := fmt.Errorf("writing: %w", fault.Wrap(full))
	if !fault.Is(err) || !errors.Is(err, full) || err.Error() != "writing: disk full" {
		t.Errorf("%v: marked %v", err, fault.Is(err))
	}
	if fault.Is(full) || fault.Wrap(nil) != nil {
		t.Error("an unmarked error is marked, or nil became an error")
	}
}

func TestCause(t *testing.T) {
	err := &fs.PathError{Op: "open", Path: "a.csv", Err: fs.ErrNotExist}
	if got := fault.Cause(fmt.Errorf("reading: %w", err)); got != fs.ErrNotExist {
		t.Errorf("%v, expected %v", got, fs.ErrNotExist)
	}
	if other := errors.New("no rows"); fault.Cause(other) != other || fault.Cause(nil) != nil {
		t.Error("an error of another kind has changed")
	}
}
