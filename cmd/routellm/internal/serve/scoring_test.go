package serve

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestLateScorings asks a router that does not heed its time limit, until no more may be asked.
func TestLateScorings(t *testing.T) {
	f := newFake(t, fine)
	var asked atomic.Int64
	stuck := make(chan bool)
	deaf := Router{Name: "deaf", Score: func(context.Context, string, string) (float64, *bool, error) {
		asked.Add(1)
		<-stuck
		return 20, nil, nil
	}}
	p := start(t, f.URL, f.URL, func(s *Settings) {
		s.Routers, s.DefaultSide, s.DecisionTimeout = []Router{deaf}, "weak", 20*time.Millisecond
	})
	side := func() string {
		_, answer, err := p.post(t, "/v1/route", chat("routellm", easy))
		if err != nil {
			t.Error(err)
		}
		_, after, _ := strings.Cut(answer, `"decision":"`)
		before, _, _ := strings.Cut(after, `"`)
		return before
	}
	var wait sync.WaitGroup
	for range maxLate {
		wait.Go(func() {
			if got := side(); got != "weak" {
				t.Errorf("past the time limit: %s", got)
			}
		})
	}
	wait.Wait()
	p.metric(t, "late_scorings", float64(maxLate))
	for range 5 {
		if got := side(); got != "weak" {
			t.Errorf("with too many late scorings: %s", got)
		}
	}
	if asked.Load() != maxLate {
		t.Errorf("the router was asked %d times, expected %d", asked.Load(), maxLate)
	}
	p.metric(t, "router_errors_total", float64(maxLate+5))
	if n := strings.Count(p.log.String(), "router failed"); n != 1 {
		t.Errorf("%d lines about it, expected one a minute:\n%s", n, p.log)
	}
	close(stuck)
	p.metric(t, "late_scorings", 0)
	if got := side(); got != "strong" {
		t.Errorf("once they have ended: %s", got)
	}
}
