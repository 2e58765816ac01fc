package fault_test

import (
	"errors"
	"fmt"
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
