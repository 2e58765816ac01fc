package conversation

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestKeyOf(t *testing.T) {
	seen := map[Key][]string{}
	for _, parts := range [][]string{{"a", "b"}, {"a", "b", ""}, {"a", "", "b"}, {"", "a", "b"}, {"a", "bc"}, {"ab", "c"}, {"a", "b", "c"}, {"b", "a"}} {
		k := KeyOf(1, parts[0], parts[1], parts[2:]...)
		if other, ok := seen[k]; ok {
			t.Errorf("%q and %q have the same key", parts, other)
		}
		if seen[k] = parts; k != KeyOf(1, parts[0], parts[1], parts[2:]...) || len(k.String()) != 32 {
			t.Errorf("key %v", k)
		}
	}
	if KeyOf(1, "a", "b") == KeyOf(2, "a", "b") {
		t.Error("the secret changes nothing")
	}
	if got := (Key{}).String(); got != "" {
		t.Errorf("no key is %q", got)
	}
}

// TestDraw counts explored conversations and upstreams over many ids, and expects the same draws
// for the same ids.
func TestDraw(t *testing.T) {
	const trials = 20000
	for _, n := range []int{2, 3} {
		all := []int{0, 1, 2}[:n]
		for _, share := range []float64{0, 0.2, 1} {
			explored, answers := 0.0, make([]float64, n)
			for i := range trials {
				id := strconv.Itoa(i)
				got := Entry{}.Draw(share, 7, id, all)
				if again := (Entry{}).Draw(share, 7, id, all); again != got {
					t.Fatalf("%+v, then %+v", got, again)
				}
				if got.Explored {
					explored++
				}
				answers[got.Upstream]++
			}
			near := func(what string, count, p float64) {
				if math.Abs(count-p*trials) > 5*math.Sqrt(p*(1-p)*trials) {
					t.Errorf("%d upstreams, share %v: %s %v of %d, expected %v of all", n, share, what, count, trials, p)
				}
			}
			near("explored", explored, share)
			for i := range n {
				near("answers of "+strconv.Itoa(i), answers[i], Entry{Upstream: i, Share: share, Among: uint16(n)}.Propensity())
			}
		}
	}
	if (Entry{}).Draw(1, 1, "a", []int{0, 1}) == (Entry{}).Draw(1, 2, "a", []int{0, 1}) && (Entry{}).Draw(1, 1, "b", []int{0, 1}) == (Entry{}).Draw(1, 2, "b", []int{0, 1}) &&
		(Entry{}).Draw(1, 1, "c", []int{0, 1}) == (Entry{}).Draw(1, 2, "c", []int{0, 1}) && (Entry{}).Draw(1, 1, "d", []int{0, 1}) == (Entry{}).Draw(1, 2, "d", []int{0, 1}) {
		t.Error("the seed changes nothing")
	}
}

// TestAfter has a conversation that begins weak (1 of 2) get a turn that calls for an upstream.
func TestAfter(t *testing.T) {
	for _, c := range []struct {
		before     Entry
		calls      int
		after      Entry
		moved      bool
		propensity float64
	}{
		{Entry{Upstream: 1, Greedy: 1, Share: 0.2, Among: 2}, 1, Entry{Upstream: 1, Greedy: 1, Share: 0.2, Among: 2}, false, 0.9},
		{Entry{Upstream: 1, Greedy: 1, Share: 0.2, Among: 2}, 0, Entry{Upstream: 0, Greedy: 0, Share: 0.2, Among: 2}, true, 0.9},
		{Entry{Upstream: 0, Greedy: 0, Share: 0.2, Among: 2}, 1, Entry{Upstream: 0, Greedy: 0, Share: 0.2, Among: 2}, false, 0.9},
		// explored: the turn moves what would have happened, not what happens
		{Entry{Upstream: 1, Greedy: 1, Share: 0.2, Among: 2, Explored: true}, 0, Entry{Upstream: 1, Greedy: 0, Share: 0.2, Among: 2, Explored: true}, false, 0.1},
		{Entry{Upstream: 0, Greedy: 1, Share: 0.2, Among: 2, Explored: true}, 0, Entry{Upstream: 0, Greedy: 0, Share: 0.2, Among: 2, Explored: true}, false, 0.9},
		{Entry{Upstream: 0, Greedy: 1, Share: 0.2, Among: 2, Explored: true}, 1, Entry{Upstream: 0, Greedy: 1, Share: 0.2, Among: 2, Explored: true}, false, 0.1},
		{Entry{Upstream: 2, Greedy: 2}, 1, Entry{Upstream: 1, Greedy: 1}, true, 1},
	} {
		got, moved := c.before.After(func(greedy int) int { return min(greedy, c.calls) })
		if got != c.after || moved != c.moved || got.Propensity() != c.propensity {
			t.Errorf("%+v called for %d: %+v, %v, propensity %v, expected %+v, %v, %v", c.before, c.calls, got, moved, got.Propensity(), c.after, c.moved, c.propensity)
		}
	}
}

// BenchmarkKeyOf measures the key of a conversation with 20 kB of system text.
func BenchmarkKeyOf(b *testing.B) {
	system := strings.Repeat("you are an agent. ", 20_000/18)
	b.SetBytes(int64(len(system)))
	for b.Loop() {
		KeyOf(1, "opening", "ann", "", system, "user", "write a test")
	}
}
