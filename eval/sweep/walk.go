package sweep

// Point is a place along a walk: what all samples cost and are worth there, summed up. The start
// of a walk is 0 for both.
type Point struct{ Cost, Quality float64 }

// Track holds events in the form that many walks need. Walks along one track may run concurrently.
type Track struct {
	events Events  // empty if the events are whole
	wholes []whole // the events, if they are whole; else nil
	// ends holds indices of events. From ends[0] to ends[1] each event is a block of its own, up to
	// ends[2] there are blocks of any size, up to ends[3] each event is a block again, and so on.
	ends []int
}

// long is the number of events from which it pays to walk separately along blocks of one event.
const long = 64

// NewTrack returns the track of the events, whose costs must not be negative.
func NewTrack(e Events) *Track {
	t := &Track{events: e, wholes: wholes(e)}
	start := 0
	part := func(end int) {
		if end-start >= long {
			t.ends = append(t.ends, start, end)
		}
	}
	for k, last := range e.Last {
		if !last || k > 0 && !e.Last[k-1] {
			part(k)
			start = k + 1
		}
	}
	part(e.Len())
	t.ends = append(t.ends, e.Len())
	if t.wholes != nil {
		t.events = Events{}
	}
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
		start, end, single := w.event, t.ends[w.stretch], w.stretch&1 == 1
		if start == end {
			continue
		}
		var stopped bool
		switch e := &t.events; {
		case t.wholes != nil && single:
			stopped = wholeSingles(w, t.wholes[start:end], draws, cost, quality)
		case t.wholes != nil:
			stopped = wholeBlocks(w, t.wholes[start:end], draws, cost, quality)
		case single:
			stopped = singles(w, e.Cluster[start:end], e.Cost[start:end], e.Quality[start:end], draws, cost, quality)
		default:
			stopped = blocks(w, e.Cluster[start:end], e.Cost[start:end], e.Quality[start:end], e.Last[start:end], draws, cost, quality)
		}
		if stopped {
			return true
		}
	}
	return false
}

// singles walks along blocks of one event. Nothing in the loop branches but the two comparisons,
// which hardly ever hold.
func singles[D Draws](w *Walk, ids []int32, costs, qualities []float64, draws []D, cost, quality float64) bool {
	costs, qualities = costs[:len(ids)], qualities[:len(ids)]
	to, area := w.To, w.Area
	for k, id := range ids {
		n, from := float64(draws[id]), to
		more := float64(n * costs[k])
		to = Point{to.Cost + more, to.Quality + float64(n*qualities[k])}
		area += float64(more * (from.Quality + to.Quality))
		if to.Cost >= cost || to.Quality >= quality {
			return w.stop(k+1, from, to, area)
		}
	}
	w.stop(len(ids), w.To, to, area)
	return false
}

// blocks walks along blocks of any size.
func blocks[D Draws](w *Walk, ids []int32, costs, qualities []float64, last []bool, draws []D, cost, quality float64) bool {
	costs, qualities, last = costs[:len(ids)], qualities[:len(ids)], last[:len(ids)]
	from, to, area := w.To, w.To, w.Area
	for k, id := range ids {
		n := float64(draws[id])
		to.Cost += float64(n * costs[k])
		to.Quality += float64(n * qualities[k])
		if !last[k] {
			continue
		}
		area += float64((to.Cost - from.Cost) * (from.Quality + to.Quality))
		if to.Cost >= cost || to.Quality >= quality {
			return w.stop(k+1, from, to, area)
		}
		from = to
	}
	w.stop(len(ids), from, to, area)
	return false
}

// stop ends a part of the walk after a number of events. It returns true.
func (w *Walk) stop(events int, from, to Point, area float64) bool {
	w.event += events
	w.From, w.To, w.Area = from, to, area
	return true
}
