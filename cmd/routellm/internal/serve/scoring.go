package serve

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/routellm/routellm/internal/num"
)

// scorings asks routers for scores within a time limit, and bounds the scorings that go on after
// it: a router that does not look at its context would otherwise take up all cores while more
// and more requests wait for them.
type scorings struct{ late atomic.Int64 }

// maxLate is the number of late scorings from which no further ones begin.
var maxLate = int64(4 * runtime.GOMAXPROCS(0))

// errBusy is the error of a scoring that did not begin.
var errBusy = errors.New("too many scorings go on after their time limit")

// said holds a router's output for a text: a score or, among several models, predictions for each.
type said struct {
	score         float64
	unlike        *bool // the text is unlike all that the router was trained on; nil if the router cannot tell
	quality, cost []float64
}

// ask asks a router about a text. A router that takes too long, panics or returns a non-finite
// number gives an error. At the time limit ask does not wait until the router has noticed that
// its context is done, which may take seconds for a program.
func (s *scorings) ask(ctx context.Context, limit time.Duration, r Router, id, text string) (said, error) {
	if s.late.Load() >= maxLate {
		return said{}, errBusy
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type result struct {
		said
		err error
	}
	scored := make(chan result, 1)
	go func() {
		said, err := askSafely(ctx, r, id, text)
		scored <- result{said, err}
	}()
	select {
	case got := <-scored:
		if err := ctx.Err(); err != nil {
			return said{}, err // too late, even if only just
		}
		return got.said, got.err
	case <-ctx.Done():
		s.late.Add(1)
		go func() {
			<-scored
			s.late.Add(-1)
		}()
		return said{}, ctx.Err()
	}
}

// askSafely turns panics and non-finite numbers into errors.
func askSafely(ctx context.Context, r Router, id, text string) (out said, err error) {
	defer func() {
		if recover() != nil { // the value may contain the prompt
			err = errors.New("the router panicked")
		}
	}()
	if r.Predict != nil {
		out.quality, out.cost, err = r.Predict(ctx, id, text)
		return out, err
	}
	out.score, out.unlike, err = r.Score(ctx, id, text)
	if err == nil && !num.Finite(out.score) {
		err = fmt.Errorf("score %v, expected a finite number", out.score)
	}
	return out, err
}
