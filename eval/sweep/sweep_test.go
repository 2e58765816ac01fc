package sweep

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drawEvents draws events with blocks of any size, whole ones or not.
func drawEvents(t *rapid.T) (e Events, draws []int32) {
	n, whole, untied := rapid.IntRange(0, 300).Draw(t, "n"), rapid.Bool().Draw(t, "whole"), rapid.Bool().Draw(t, "untied")
	for k := range n {
		cost, quality := 1.0, float64(rapid.IntRange(-2, 2).Draw(t, "quality"))
		if !whole {
			cost, quality = rapid.Float64Range(0, 2).Draw(t, "cost"), quality*1.1
		}
		e.Cluster = append(e.Cluster, int32(rapid.IntRange(0, 20).Draw(t, "cluster")))
		e.Cost, e.Quality, e.Knob = append(e.Cost, cost), append(e.Quality, quality), append(e.Knob, float64(-k))
		e.Last = append(e.Last, k+1 == n || untied && k%100 != 50 || rapid.Bool().Draw(t, "last"))
	}
	for range 21 {
		draws = append(draws, int32(rapid.IntRange(0, 4).Draw(t, "draws")))
	}
	return e, draws
}

// TestWalk compares the stops of a walk with the vertices that Each visits.
func TestWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e, draws := drawEvents(t)
		var cost, quality []float64
		e.Each(0, 0, draws, func(c, q float64) { cost, quality = append(cost, c), append(quality, q) })
		narrow := make([]uint8, len(draws))
		for c, d := range draws {
			narrow[c] = uint8(d)
		}
		track := NewTrack(e)
		var a, b Walk
		at, area := 0, 0.0 // vertex of the walk, twice the area up to it
		stopCost, stopQuality := rapid.Float64Range(0, 50), rapid.Float64Range(-20, 20)
		for {
			c, q := stopCost.Draw(t, "stop at cost"), stopQuality.Draw(t, "stop at quality")
			next := at + 1
			for ; next < len(cost) && cost[next] < c && quality[next] < q; next++ {
				area += (cost[next] - cost[next-1]) * (quality[next] + quality[next-1])
			}
			stopped, also := Next(&a, track, narrow, c, q), Next(&b, track, draws, c, q)
			if stopped != (next < len(cost)) || also != stopped || a != b {
				t.Fatalf("stopped %v at %+v and %v at %+v, want %v", stopped, a, also, b, next < len(cost))
			}
			if stopped {
				area += (cost[next] - cost[next-1]) * (quality[next] + quality[next-1])
				near(t, "cost before", a.From.Cost, cost[next-1])
				near(t, "quality before", a.From.Quality, quality[next-1])
			}
			at = min(next, len(cost)-1)
			near(t, "cost", a.To.Cost, cost[at])
			near(t, "quality", a.To.Quality, quality[at])
			near(t, "area", a.Area, area)
			if !stopped {
				return
			}
		}
	})
}

func near(t *rapid.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
		t.Fatalf("%s is %v, want %v", what, got, want)
	}
}

// TestWholes checks which events are stored as whole ones.
func TestWholes(t *testing.T) {
	one := Events{Cluster: []int32{3}, Quality: []float64{-1}, Cost: []float64{1}, Last: []bool{true}}
	if w := wholes(one); len(w) != 1 || w[0].cluster() != 3 || w[0].quality() != -1 || w[0].last() != 1 {
		t.Errorf("got %v, want the event", w)
	}
	for name, change := range map[string]func(e *Events){
		"quality": func(e *Events) { e.Quality = []float64{0.5} }, "large quality": func(e *Events) { e.Quality = []float64{128} },
		"cost": func(e *Events) { e.Cost = []float64{2} }, "cluster": func(e *Events) { e.Cluster = []int32{1 << 23} },
	} {
		e := one
		change(&e)
		if wholes(e) != nil {
			t.Errorf("%s: an event that is not whole counts as one", name)
		}
	}
}
