package chattest

import "fmt"

// Each returns a schedule that spoils every n-th request, counted from the first.
func Each(n int, f *Fault) func(Request) *Fault {
	return func(r Request) *Fault {
		if r.Number%n == 0 {
			return f
		}
		return nil
	}
}

// First returns a schedule that spoils the first n attempts of each question.
func First(n int, f *Fault) func(Request) *Fault {
	return func(r Request) *Fault {
		if r.Attempt <= n {
			return f
		}
		return nil
	}
}

// Script returns a schedule that spoils the server's first requests in order; a nil fault spoils none.
func Script(faults ...*Fault) func(Request) *Fault {
	return func(r Request) *Fault {
		if r.Number <= len(faults) {
			return faults[r.Number-1]
		}
		return nil
	}
}

// AtRate returns a schedule that spoils a share of all requests, which their digests and numbers of
// attempts choose, so that a retry may succeed.
func AtRate(rate float64, f *Fault) func(Request) *Fault {
	return func(r Request) *Fault {
		if Uniform(r.Digest(fmt.Sprint(f.Name, " ", r.Attempt))) < rate {
			return f
		}
		return nil
	}
}

// AnyOf returns a schedule of several: the first fault counts.
func AnyOf(faults ...func(Request) *Fault) func(Request) *Fault {
	return func(r Request) *Fault {
		for _, f := range faults {
			if found := f(r); found != nil {
				return found
			}
		}
		return nil
	}
}
