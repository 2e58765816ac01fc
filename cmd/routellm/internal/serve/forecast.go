package serve

import (
	"crypto/sha256"
	"fmt"
	"math"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
)

// forecast holds what a router predicts of each upstream's answer to a text, and what is made of it.
type forecast struct {
	pool.Policy
	always        int       // the upstream that answers every text, or -1
	quality, cost []float64 // one per upstream
	draw          float64   // the text's random number, see [pool.Draw]
}

// newForecast returns the forecast for a text at a lambda; NaN stands for the policy's model that
// answers every text.
func (st *state) newForecast(quality, cost []float64, lambda float64, text string) *forecast {
	f := &forecast{always: -1, quality: quality, cost: cost, draw: drawOf(text)}
	f.Lambda, f.Mix = lambda, 1
	switch {
	case math.IsNaN(lambda):
		f.Lambda, f.always = 0, st.indexOf(st.Policy.Always)
	case lambda == float64(st.Policy.Lambda):
		f.Mix = float64(st.Policy.Mix)
	}
	return f
}

// drawOf returns the random number of a text, of which it copies only a part at a time.
func drawOf(text string) float64 {
	h, part := sha256.New(), make([]byte, min(len(text), 4096))
	for text != "" {
		n := copy(part, text)
		h.Write(part[:n])
		text = text[n:]
	}
	return pool.Draw(h.Sum(nil))
}

// best returns the most valuable of the upstreams that may answer, and false if there is none.
func (f *forecast) best(may func(i int) bool) (int, bool) {
	if f.always >= 0 && may(f.always) {
		return f.always, true
	}
	i := f.ChooseAmong(f.quality, f.cost, f.draw, may)
	return max(i, 0), i >= 0
}

// value returns what an upstream is worth.
func (f *forecast) value(i int) float64 { return f.quality[i] - float64(f.Lambda*f.cost[i]) }

// rise returns the upstream that a later turn of a conversation calls for in place of the i-th one:
// the most valuable one that can take it, if it is predicted to be better for this turn, and is
// worth more by at least a margin.
func (f *forecast) rise(i int, margin float64, takes func(i int) bool) int {
	best, ok := f.best(takes)
	if !ok || f.always >= 0 || f.quality[best] <= f.quality[i] || f.value(best)-f.value(i) < margin {
		return i
	}
	return best
}

// predicted returns the predictions by the names of the models; nil for a nil forecast.
func (st *state) predicted(f *forecast) []results.Predicted {
	if f == nil {
		return nil
	}
	out := make([]results.Predicted, len(f.quality))
	for i := range out {
		out[i] = results.Predicted{Model: st.model(i), Quality: results.Value(f.quality[i]), Cost: results.Value(f.cost[i])}
	}
	return out
}

// check returns an error unless there is a finite prediction for each upstream, with a cost of 0 or
// more.
func (st *state) check(s said) error {
	if len(s.quality) != len(st.sides) || len(s.cost) != len(st.sides) {
		return fmt.Errorf("%d qualities and %d costs, expected %d", len(s.quality), len(s.cost), len(st.sides))
	}
	for i := range s.quality {
		if !num.Finite(s.quality[i]) || !num.Finite(s.cost[i]) || s.cost[i] < 0 {
			return fmt.Errorf("quality %v and cost %v, expected finite numbers, and a cost of 0 or more", s.quality[i], s.cost[i])
		}
	}
	return nil
}

// divert moves a decision among several models to the most valuable one that can take the request
// now, if the decision's own gets no requests for a while. A conversation comes back to its own one.
func (c *call) divert(d decision) decision {
	if !c.Several() || c.thread.bound || c.upstreams.All[d.upstream].Able() {
		return d
	}
	up := func(i int) bool { return c.takes(i) && c.upstreams.All[i].Able() }
	if next, ok := c.instead(d, up); ok {
		d.upstream, d.reason, d.explored, d.propensity = next, results.ReasonDown, false, 1
	}
	return d
}
