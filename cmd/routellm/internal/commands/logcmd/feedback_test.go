package logcmd

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
)

// TestOpinions adds feedback in another order than it was given. The latest value of each kind
// counts.
func TestOpinions(t *testing.T) {
	all := newOpinions()
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	number := func(x float64) *float64 { return &x }
	for _, f := range []decisionlog.Feedback{
		{ID: "a", Time: at(5), Quality: number(0.5)},
		{ID: "a", Time: at(3), Quality: number(0.3), Thumb: decisionlog.Down},
		{ID: "a", Time: at(5), Quality: number(0.6)},
		{ID: "b", Time: at(1), Thumb: decisionlog.Up},
		{ID: "lost", Time: at(1), Thumb: decisionlog.Up},
	} {
		if err := all.add(&f); err != nil {
			t.Fatal(err)
		}
	}
	if a := all.of("a"); a.quality != 0.6 || a.thumb != decisionlog.Down {
		t.Errorf("%+v", a)
	}
	if b := all.of("b"); !math.IsNaN(b.quality) || b.thumb != decisionlog.Up {
		t.Errorf("%+v", b)
	}
	if c := all.of("c"); !math.IsNaN(c.quality) || c.thumb != "" {
		t.Errorf("%+v", c)
	}
	want := "5 lines of feedback on 3 requests; 1 of them is not in the logs: that feedback is left out"
	if got := strings.Join(all.notes(), "\n"); got != want {
		t.Errorf("%s", got)
	}
}
