package encoder

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// doneAfter is a context that is done once it has been looked at a number of times.
type doneAfter struct {
	context.Context
	left, looks int
}

func (d *doneAfter) Err() error {
	if d.looks++; d.looks > d.left {
		return context.DeadlineExceeded
	}
	return nil
}

// TestContextEndsLongTexts expects texts of many stretches to be left soon after the context is
// done, in each part of the work.
func TestContextEndsLongTexts(t *testing.T) {
	e, err := Static()
	if err != nil {
		t.Fatal(err)
	}
	v := make([]float32, e.Dim())
	for name, unit := range map[string]string{
		"words": "alpha beta ", "one word": "x", "brackets": "[", "special tokens": "[CLS]", "beyond ASCII": "漢", "unknown": strings.Repeat("q", 99) + " ",
	} {
		text := strings.Repeat(unit, 40*stretch/len(unit))
		whole := &doneAfter{Context: t.Context(), left: 1 << 40}
		if n, err := e.EncodeContext(whole, v, text); err != nil || whole.looks < 20 {
			t.Errorf("%s: looked %d times for %d tokens, %v", name, whole.looks, n, err)
		}
		for _, left := range []int{0, 1, whole.looks / 2, whole.looks - 3} {
			ctx := &doneAfter{Context: t.Context(), left: left}
			if _, err := e.EncodeContext(ctx, v, text); !errors.Is(err, context.DeadlineExceeded) || ctx.looks > left+6 {
				t.Errorf("%s: done after %d looks, %d were taken: %v", name, left, ctx.looks, err)
			}
		}
	}
}
