package sweep

// Point is a place along a walk: what all samples cost and are worth there, summed up. The start
// of a walk is 0 for both.
type Point struct{ Cost, Quality float64 }

// Track holds events in the form that many walks need: none of them looks at a flag per event.
// Walks along one track may run concurrently.
type Track struct {
	events Events
	// ends holds indices of events. Up to ends[0] each event is a block of its own, up to ends[1]
	// lies one block of several events, up to ends[2] each event is a block again, and so on.
	ends []int
}

// NewTrack returns the track of the events, whose costs must not be negative.
func NewTrack(e Events) *Track {
	t := &Track{events: e}
	start := 0
	for k, last := range e.Last {
		if !last {
			continue
		}
		if k > start {
			t.ends = append(t.ends, start, k+1)
		}
		start = k + 1
	}
	t.ends = append(t.ends, start)
	return t
}

// Walk is the state of a walk along a track of drawn clusters. The zero value is the start.
type Walk struct {
	// From and To are the ends of the last block that was walked.
	From, To Point
	// Area is twice the area under quality over cost, from the start to To.
	Area float64
	// event and stretch are the numbers of the next event and of the next element of Track.ends.
	event, stretch int
}

// Draws is the number of times that a cluster is drawn. A byte is faster; it holds 255 at most.
type Draws interface{ uint8 | int32 }

// Next walks on to the end of the first block at which the summed cost is at least cost, or the
// summed quality at least quality. It returns false at the end of the track. draws[c] is the
// number of times that cluster c is drawn.
func Next[D Draws](w *Walk, t *Track, draws []D, cost, quality float64) bool {
	for ; w.stretch < len(t.ends); w.stretch++ {
		tied, end := w.stretch&1 == 1, t.ends[w.stretch]
		switch {
		case w.event == end:
		case tied:
			if block(w, t, draws, end); w.To.Cost >= cost || w.To.Quality >= quality {
				return true
			}
		case singles(w, t, draws, end, cost, quality):
			return true
		}
	}
	return false
}

// singles walks along blocks of one event. Nothing in the loop branches but the two comparisons,
// which hardly ever hold.
func singles[D Draws](w *Walk, t *Track, draws []D, end int, cost, quality float64) bool {
	clusters := t.events.Cluster[w.event:end]
	costs, qualities := t.events.Cost[w.event:end][:len(clusters)], t.events.Quality[w.event:end][:len(clusters)]
	c, q, area := w.To.Cost, w.To.Quality, w.Area
	for k, id := range clusters {
		n := float64(draws[id])
		more, gain := float64(n*costs[k]), float64(n*qualities[k])
		area += float64(more * (q + q + gain))
		before, worse := c, q
		c, q = c+more, q+gain
		if c >= cost || q >= quality {
			w.event += k + 1
			w.From, w.To, w.Area = Point{before, worse}, Point{c, q}, area
			return true
		}
	}
	w.event, w.From, w.To, w.Area = end, Point{c, q}, Point{c, q}, area
	return false
}

// block walks along one block of several events.
func block[D Draws](w *Walk, t *Track, draws []D, end int) {
	clusters := t.events.Cluster[w.event:end]
	costs, qualities := t.events.Cost[w.event:end][:len(clusters)], t.events.Quality[w.event:end][:len(clusters)]
	c, q := w.To.Cost, w.To.Quality
	for k, id := range clusters {
		n := float64(draws[id])
		c += float64(n * costs[k])
		q += float64(n * qualities[k])
	}
	w.Area += float64((c - w.To.Cost) * (w.To.Quality + q))
	w.event, w.From, w.To = end, w.To, Point{c, q}
}
