package breaker

import (
	"testing"
	"testing/synctest"
	"time"
)

func newTest(changed func(State)) *Breaker {
	return New(Options{Failures: 3, Rate: 0.5, Volume: 10, Window: time.Minute, Trials: 2, Cooldown: 10 * time.Second, Changed: changed})
}

// do sends requests with the given outcomes, one after the other.
func do(t *testing.T, b *Breaker, outcomes ...Outcome) {
	t.Helper()
	for i, o := range outcomes {
		p, ok := b.Ask()
		if !ok {
			t.Fatalf("request %d is kept away", i)
		}
		b.Done(p, o)
	}
}

func check(t *testing.T, b *Breaker, want State, admits bool) {
	t.Helper()
	if got, ok := b.State(); got != want || ok != admits {
		t.Errorf("%s, admits %v, expected %s, %v", got, ok, want, admits)
	}
}

func times(n int, o Outcome) []Outcome {
	var out []Outcome
	for range n {
		out = append(out, o)
	}
	return out
}

// TestConsecutive expects only failures of the server to count, and only in a row.
func TestConsecutive(t *testing.T) {
	for name, c := range map[string]struct {
		outcomes []Outcome
		open     bool
	}{
		"ill":                     {times(3, Ill), true},
		"ill with others' faults": {[]Outcome{Ill, Nothing, Ill, Doubtful, Nothing, Ill}, true},
		"an answer between":       {[]Outcome{Ill, Ill, Good, Ill, Ill}, false},
		"doubts":                  {times(9, Doubtful), false},
		"nothing":                 {times(100, Nothing), false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newTest(nil)
			do(t, b, c.outcomes...)
			if _, admits := b.State(); admits == c.open {
				t.Errorf("admits %v", admits)
			}
		})
	}
}

// TestRate expects doubtful failures to count as a share of enough answers within the window.
func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newTest(nil)
		do(t, b, times(5, Good)...)
		do(t, b, times(4, Doubtful)...)
		check(t, b, Closed, true)
		do(t, b, Doubtful)
		check(t, b, Open, false)

		b = newTest(nil)
		do(t, b, times(9, Doubtful)...)
		time.Sleep(2 * time.Minute)
		do(t, b, times(9, Doubtful)...)
		check(t, b, Closed, true)
		time.Sleep(30 * time.Second) // they are still within the window
		do(t, b, Doubtful)
		check(t, b, Open, false)

		b = newTest(nil)
		do(t, b, times(100, Good)...)
		do(t, b, times(60, Doubtful)...)
		check(t, b, Closed, true)
		time.Sleep(50 * time.Second)
		do(t, b, times(40, Doubtful)...)
		check(t, b, Open, false)
	})
}

// TestWindow compares the sums with those of a list of all outcomes.
func TestWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := window{length: 10 * time.Second}
		var all []time.Time
		for i := range 500 {
			time.Sleep(time.Duration(i*i%1700) * time.Millisecond)
			now := time.Now()
			all = append(all, now)
			_, got := w.add(now, false)
			var least, most uint32 // a part's start may be up to a part ago
			for _, at := range all {
				if age := now.Sub(at); age < 9*time.Second {
					least++
				}
				if now.Sub(at) <= 10*time.Second {
					most++
				}
			}
			if got < least || got > most {
				t.Fatalf("after %d outcomes: %d, expected %d to %d", i, got, least, most)
			}
		}
	})
}

// TestTrials expects a few requests at once after the cooldown, and the first good answer to
// let everyone in.
func TestTrials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var changes []State
		b := newTest(func(s State) { changes = append(changes, s) })
		late, _ := b.Ask()
		do(t, b, times(3, Ill)...)
		if _, ok := b.Ask(); ok {
			t.Error("a request passed while it was open")
		}
		time.Sleep(10 * time.Second)
		check(t, b, HalfOpen, true)
		slow, _ := b.Ask()
		second, ok := b.Ask()
		check(t, b, HalfOpen, false)
		if _, third := b.Ask(); !ok || third {
			t.Error("expected two trials")
		}
		b.Done(late, Good) // from before
		check(t, b, HalfOpen, false)
		b.Done(second, Nothing) // its client has left
		third, ok := b.Ask()
		if !ok {
			t.Fatal("expected another trial")
		}
		b.Done(third, Good)
		check(t, b, Closed, true)
		b.Done(slow, Ill)
		do(t, b, Ill, Ill)
		check(t, b, Closed, true)
		want := []State{Open, HalfOpen, Closed}
		if len(changes) != len(want) || changes[0] != want[0] || changes[1] != want[1] || changes[2] != want[2] {
			t.Errorf("changes %v, expected %v", changes, want)
		}
	})
}

// TestSlowTrials expects trials that wait for long answers not to keep the others away for long.
func TestSlowTrials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newTest(nil)
		do(t, b, times(3, Ill)...)
		time.Sleep(10 * time.Second)
		b.Ask()
		b.Ask()
		check(t, b, HalfOpen, false)
		time.Sleep(10 * time.Second)
		check(t, b, HalfOpen, true)
	})
}

// TestFailedTrials expects one sign of illness, or only doubtful answers, to open it again.
func TestFailedTrials(t *testing.T) {
	for name, outcomes := range map[string][]Outcome{"ill": {Ill}, "doubtful": {Doubtful, Doubtful}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newTest(nil)
				do(t, b, times(3, Ill)...)
				time.Sleep(10 * time.Second)
				do(t, b, outcomes...)
				check(t, b, Open, false)
				time.Sleep(10 * time.Second)
				do(t, b, Good)
				check(t, b, Closed, true)
			})
		})
	}
}
