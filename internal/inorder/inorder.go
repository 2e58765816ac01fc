// Package inorder does work on several items at once and hands the results on in the order of the
// items. [Run] keeps few items in memory, however many there are.
package inorder

import (
	"context"
	"sync"
)

// Stages are the three stages of a [Run].
type Stages[T any] struct {
	// Read passes items to emit, one after another, and returns when there are no more. It returns
	// the error of emit, which is that of the context.
	Read func(ctx context.Context, emit func(T) error) error
	// Work is called concurrently, once per item. It leaves its result, or its error, in the item.
	Work func(ctx context.Context, item T)
	// Write gets the items in the order in which Read passed them, after Work, one at a time. idle
	// says that no other item is under way, so that whoever waits for output should get it now. Its
	// error ends the run.
	Write func(item T, idle bool) error
}

// task is an item with a sign that Work is done with it.
type task[T any] struct {
	item T
	done chan struct{}
}

// Run runs the stages with jobs workers until Read has returned and all items are written, and
// returns the first error: that of Write or, after all items before it, that of Read. Read may
// still be running, blocked in a read, when Run returns the error of Write.
func Run[T any](ctx context.Context, jobs int, s Stages[T]) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work, queue := make(chan *task[T]), make(chan *task[T], 2*jobs)
	var workers sync.WaitGroup
	defer workers.Wait() // before which cancel, deferred below, ends them
	defer cancel()
	for range jobs {
		workers.Go(func() { worker(ctx, work, s.Work) })
	}
	failed := make(chan error, 1)
	go func() {
		defer close(queue)
		defer close(work)
		failed <- s.Read(ctx, func(item T) error { return pass(ctx, item, queue, work) })
	}()
	for t := range queue {
		select {
		case <-t.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := s.Write(t.item, len(queue) == 0); err != nil {
			return err
		}
	}
	return <-failed
}

// worker works on tasks until there are no more, or until the context is done.
func worker[T any](ctx context.Context, tasks <-chan *task[T], work func(context.Context, T)) {
	for {
		select {
		case t, ok := <-tasks:
			if !ok {
				return
			}
			work(ctx, t.item)
			close(t.done)
		case <-ctx.Done():
			return
		}
	}
}

// pass passes an item first to the queue, which keeps the order, and then to a worker.
func pass[T any](ctx context.Context, item T, queue, work chan<- *task[T]) error {
	t := &task[T]{item, make(chan struct{})}
	for _, to := range []chan<- *task[T]{queue, work} {
		select {
		case to <- t:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
