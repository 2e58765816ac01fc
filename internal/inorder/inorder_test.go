package inorder

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

// item is a number whose square is worked out, later ones faster.
type item struct{ n, square int }

// count passes the numbers below n.
func count(n int, end error) func(context.Context, func(*item) error) error {
	return func(_ context.Context, emit func(*item) error) error {
		for i := range n {
			if err := emit(&item{n: i}); err != nil {
				return err
			}
		}
		return end
	}
}

func square(_ context.Context, i *item) {
	time.Sleep(time.Duration(i.n%7) * 100 * time.Microsecond)
	i.square = i.n * i.n
}

func TestRunKeepsTheOrder(t *testing.T) {
	for _, jobs := range []int{1, 3, 16} {
		var got []int
		err := Run(context.Background(), jobs, Stages[*item]{count(100, nil), square, func(i *item, _ bool) error {
			got = append(got, i.square)
			return nil
		}})
		want := make([]int, 100)
		for i := range want {
			want[i] = i * i
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%d jobs: %v, %v", jobs, got, err)
		}
	}
}

// TestRunErrors expects the items before an error to be written, and none after.
func TestRunErrors(t *testing.T) {
	cut, full := errors.New("cut off"), errors.New("disk full")
	for _, c := range []struct {
		name       string
		end, write error
		want       error
		written    int
	}{{"read", cut, nil, cut, 20}, {"write", cut, full, full, 10}, {"none", nil, nil, nil, 20}} {
		written := 0
		err := Run(context.Background(), 4, Stages[*item]{count(20, c.end), square, func(i *item, _ bool) error {
			if c.write != nil && i.n == 10 {
				return c.write
			}
			written++
			return nil
		}})
		if !errors.Is(err, c.want) || written != c.written {
			t.Errorf("%s: %d written, %v", c.name, written, err)
		}
	}
}

// TestRunEndsWithTheContext expects no deadlock of a reader, a worker and a writer that wait.
func TestRunEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	err := Run(ctx, 2, Stages[*item]{
		Read: func(ctx context.Context, emit func(*item) error) error {
			for i := 0; ; i++ {
				if err := emit(&item{n: i}); err != nil {
					return err
				}
			}
		},
		Work:  square,
		Write: func(i *item, _ bool) error { cancel(); return nil },
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestRunTellsWhenIdle expects the last item to be written as the only one under way.
func TestRunTellsWhenIdle(t *testing.T) {
	last := false
	next := make(chan bool)
	err := Run(context.Background(), 1, Stages[*item]{
		Read: func(_ context.Context, emit func(*item) error) error {
			for i := range 2 {
				if err := emit(&item{n: i}); err != nil {
					return err
				}
				<-next
			}
			return nil
		},
		Work: square,
		Write: func(i *item, idle bool) error {
			last = idle
			next <- true
			return nil
		},
	})
	if err != nil || !last {
		t.Error(last, err)
	}
}
