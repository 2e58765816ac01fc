package breaker

import "time"

// parts is the number of parts of a window, which are forgotten one by one.
const parts = 10

// window counts outcomes over the last length, give or take a part of it.
type window struct {
	length    time.Duration
	start     time.Time // when the current part began
	now       int       // index of the current part
	good, bad [parts]uint32
}

// add counts one outcome and returns the sums.
func (w *window) add(at time.Time, good bool) (goods, bads uint32) {
	w.forget(at)
	if good {
		w.good[w.now]++
	} else {
		w.bad[w.now]++
	}
	for i := range parts {
		goods, bads = goods+w.good[i], bads+w.bad[i]
	}
	return goods, bads
}

// forget clears the parts that have become too old and moves on to the current one.
func (w *window) forget(at time.Time) {
	part := max(w.length/parts, 1)
	passed := at.Sub(w.start) / part
	if passed <= 0 {
		return
	}
	for range min(passed, parts) {
		w.now = (w.now + 1) % parts
		w.good[w.now], w.bad[w.now] = 0, 0
	}
	w.start = w.start.Add(passed * part)
	if passed > parts {
		w.start = at // which also starts the first part
	}
}
