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

// score asks a router for a score. A router that takes too long, panics or returns a non-finite
// score gives an error. At the time limit score does not wait until the router has noticed that
// its context is done, which may take seconds for a program.
func (s *scorings) score(ctx context.Context, limit time.Duration, r Router, id, text string) (float64, error) {
	if s.late.Load() >= maxLate {
		return 0, errBusy
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type result struct {
		score float64
		err   error
	}
	scored := make(chan result, 1)
	go func() {
		score, err := scoreSafely(ctx, r, id, text)
		scored <- result{score, err}
	}()
	select {
	case got := <-scored:
		if err := ctx.Err(); err != nil {
			return 0, err // too late, even if only just
		}
		return got.score, got.err
	case <-ctx.Done():
		s.late.Add(1)
		go func() {
			<-scored
			s.late.Add(-1)
		}()
		return 0, ctx.Err()
	}
}

// scoreSafely turns panics and non-finite scores into errors.
func scoreSafely(ctx context.Context, r Router, id, text string) (score float64, err error) {
	defer func() {
		if recover() != nil { // the value may contain the prompt
			err = errors.New("the router panicked")
		}
	}()
	score, err = r.Score(ctx, id, text)
	if err == nil && !num.Finite(score) {
		err = fmt.Errorf("score %v, expected a finite number", score)
	}
	return score, err
}
