package conversation

import (
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"
)

// clock is a clock that the tests set.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }

func newTest(max int) (*Table, *clock) {
	c := &clock{time.Unix(1e9, 0)}
	return New(max, time.Hour, c.now), c
}

func key(i int) Key { return KeyOf(1, "test", "", strconv.Itoa(i)) }

// has fails unless the table knows exactly the given ones of the first ten keys.
func has(t *testing.T, table *Table, want ...int) {
	t.Helper()
	known := map[int]bool{}
	for _, i := range want {
		known[i] = true
	}
	for i := range 10 {
		if _, ok := table.Peek(key(i)); ok != known[i] {
			t.Errorf("conversation %d is known: %v", i, ok)
		}
	}
	if got := table.Len(); got != len(want) {
		t.Errorf("%d conversations, expected %d", got, len(want))
	}
}

// TestExpiry uses a conversation again and again: its time counts from the last use.
func TestExpiry(t *testing.T) {
	table, c := newTest(10)
	table.Decide(key(0), Entry{Upstream: 1})
	table.Decide(key(1), Entry{Upstream: 1})
	for range 5 {
		c.pass(59 * time.Minute)
		if e, ok := table.Use(key(0)); !ok || e.Upstream != 1 {
			t.Fatalf("%+v, %v", e, ok)
		}
		table.Peek(key(1)) // is no use
	}
	has(t, table, 0)
	c.pass(time.Hour)
	if _, ok := table.Use(key(0)); ok {
		t.Error("a conversation is known after its time")
	}
	has(t, table)
	if e, fresh := table.Decide(key(0), Entry{Upstream: 0}); !fresh || e.Upstream != 0 {
		t.Errorf("%+v, %v: an old conversation came back", e, fresh)
	}
}

// TestOldestFirst fills the table.
func TestOldestFirst(t *testing.T) {
	table, c := newTest(3)
	for i := range 3 {
		table.Decide(key(i), Entry{})
		c.pass(time.Second)
	}
	table.Use(key(0))
	table.Peek(key(1))
	table.Decide(key(3), Entry{})
	has(t, table, 0, 2, 3)
	table.Limit(2, time.Hour)
	has(t, table, 0, 3)
	table.Limit(5, 30*time.Minute)
	c.pass(30 * time.Minute)
	has(t, table)
}

func TestAnswers(t *testing.T) {
	table, c := newTest(2)
	for i := range 3 {
		table.Remember(key(i), Answer{Upstream: i % 2, Conversation: key(9)})
	}
	if _, ok := table.Answer(key(0)); ok {
		t.Error("the table keeps more answers than it may")
	}
	c.pass(1000 * time.Hour) // answers have no time to live
	if a, ok := table.Answer(key(1)); !ok || a != (Answer{1, key(9)}) {
		t.Errorf("%+v, %v", a, ok)
	}
	table.Forget(1)
	if _, ok := table.Answer(key(1)); ok {
		t.Error("an answer of a forgotten upstream is known")
	}
	if a, ok := table.Answer(key(2)); !ok || a.Upstream != 0 {
		t.Errorf("%+v, %v", a, ok)
	}
}

// TestRaise moves a conversation once, and one that was forgotten in the meantime.
func TestRaise(t *testing.T) {
	table, _ := newTest(10)
	weak := Entry{Upstream: 1, Greedy: 1}
	table.Decide(key(0), weak)
	for _, moves := range []bool{true, false} {
		if e, moved := table.Raise(key(0), weak, toStrong); e.Upstream != 0 || moved != moves {
			t.Errorf("%+v, %v", e, moved)
		}
	}
	if e, moved := table.Raise(key(1), weak, toStrong); e.Upstream != 0 || !moved {
		t.Errorf("%+v, %v", e, moved)
	}
	if e, _ := table.Use(key(1)); e.Upstream != 0 {
		t.Errorf("%+v", e)
	}
	table.Set(key(0), weak)
	if e, _ := table.Use(key(0)); e != weak {
		t.Errorf("%+v", e)
	}
}

// TestDecideAtOnce has many requests decide about the same conversations: all get the same entry,
// and one of them is first.
func TestDecideAtOnce(t *testing.T) {
	table := New(100, time.Hour, time.Now)
	const requests = 50
	var all sync.WaitGroup
	var mu sync.Mutex
	first, sides := map[int]int{}, map[int]map[int]bool{}
	for r := range requests {
		all.Go(func() {
			for i := range 20 {
				e, fresh := table.Decide(key(i), Entry{Upstream: r})
				mu.Lock()
				if fresh {
					first[i]++
				}
				if sides[i] == nil {
					sides[i] = map[int]bool{}
				}
				sides[i][e.Upstream] = true
				mu.Unlock()
			}
		})
	}
	all.Wait()
	for i := range 20 {
		if first[i] != 1 || len(sides[i]) != 1 {
			t.Errorf("conversation %d: %d first requests, sides %v", i, first[i], sides[i])
		}
	}
}

// TestMemory fills a table of the default size. docs/serve-conversations.md has the number.
func TestMemory(t *testing.T) {
	const n, most = 100_000, 300
	before := heap()
	table := New(n, time.Hour, time.Now)
	for i := range n + n/2 {
		table.Decide(key(i), Entry{})
	}
	conversations := heap() - before
	for i := range n + n/2 {
		table.Remember(key(i), Answer{})
	}
	answers := heap() - before - conversations
	t.Logf("%d bytes per conversation, %d per answer", conversations/n, answers/n)
	if conversations/n > most || answers/n > most || table.Len() != n {
		t.Errorf("%d bytes for %d conversations and %d for as many answers", conversations, table.Len(), answers)
	}
	runtime.KeepAlive(table)
}

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// BenchmarkUse measures a request of a known conversation in a full table, on all cores.
func BenchmarkUse(b *testing.B) {
	const n = 100_000
	table := New(n, time.Hour, time.Now)
	keys := make([]Key, n)
	for i := range keys {
		keys[i] = key(i)
		table.Decide(keys[i], Entry{})
	}
	b.RunParallel(func(p *testing.PB) {
		for i := 0; p.Next(); i += 7919 {
			table.Use(keys[i%n])
		}
	})
}

// toStrong calls for the upstream 0.
func toStrong(int) int { return 0 }
