package fit

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/length"
	"github.com/routellm/routellm/routers/training"
)

// scorer is a router between two models in memory.
type scorer = routers.Router

// fitPair trains a router between the two models on some rows: the one that may be written or, with
// once, one that is only validated.
func (f *fitting) fitPair(ctx context.Context, k kind, rows []int, once bool) (scorer, harness.TrainedModel, training.Validation, error) {
	var none training.Validation
	switch k.way {
	case untrained:
		return length.Router{}, nil, none, nil
	case forAnswers:
		m, _, err := f.data.TrainCascade(ctx, f.strong, f.weak, rows, k.vectors)
		return m, m, none, err
	case forPair:
		m, _, err := f.data.TrainPair(ctx, k.router, f.strong, f.weak, rows, once)
		return m, m, none, err
	}
	m, v, err := f.data.TrainPool(ctx, k.router, rows)
	if err != nil {
		return nil, nil, none, err
	}
	r, err := routers.ForPair(m, f.pair().Strong, f.pair().Weak)
	return r, m, v, err
}

// validate fills a trial between two models: it trains the router on the training part and scores
// each row by routers that were trained without its part.
func (f *fitting) validate(ctx context.Context, t *trial, parts training.Division, tick func()) error {
	router, m, v, err := f.fitPair(ctx, t.kind, f.train, false)
	if err != nil {
		return err
	}
	if t.way != untrained {
		t.model = m
	}
	if v.Quality.Rows() > 0 { // the router has validated itself, on the same parts
		t.scores = make([]float64, len(f.train))
		for i := range t.scores {
			t.scores[i] = v.Quality.At(i, f.strong) - v.Quality.At(i, f.weak)
		}
		for range parts.Parts {
			tick()
		}
		return nil
	}
	t.scores = make([]float64, len(f.train))
	return concurrently(parts.Parts, tick, func(part int) error {
		in, out := apart(parts, part)
		r := router
		if t.way != untrained {
			var err error
			if r, _, _, err = f.fitPair(ctx, t.kind, slicesx.Pick(f.train, in), true); err != nil {
				return err
			}
		}
		scores, err := f.score(ctx, r, slicesx.Pick(f.train, out))
		for k, s := range scores {
			t.scores[out[k]] = s
		}
		return err
	})
}

// concurrently calls do for 0 to n-1, in as many goroutines as there are processors, and tick after
// each, one at a time. It returns the error of the smallest number.
func concurrently(n int, tick func(), do func(i int) error) error {
	errs, lock := make([]error, n), sync.Mutex{}
	var all sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			errs[i] = do(i)
			lock.Lock()
			defer lock.Unlock()
			tick()
		})
	}
	all.Wait()
	return cmp.Or(errs...)
}

// apart returns the indices outside and inside a part.
func apart(d training.Division, part int) (out, in []int) {
	for i, of := range d.Of {
		if of == part {
			in = append(in, i)
		} else {
			out = append(out, i)
		}
	}
	return out, in
}

// score scores rows of the data.
func (f *fitting) score(ctx context.Context, r scorer, rows []int) ([]float64, error) {
	scores, err := r.Scores(ctx, slicesx.Pick(f.data.Prompts, rows))
	for k, s := range scores {
		if math.IsNaN(s) {
			return nil, fmt.Errorf("sample %q: no score", f.data.Prompts[rows[k]].ID)
		}
	}
	return scores, err
}

// validatePool fills a trial among several models.
func (f *fitting) validatePool(ctx context.Context, t *trial) error {
	m, v, err := f.data.TrainPool(ctx, t.router, f.train)
	if err != nil {
		return err
	}
	t.model, t.predictions = m, pool.Predictions{Quality: v.Quality, Cost: v.Cost}
	return nil
}
