package conversation

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Table maps conversations to entries, and answers to their makers. It is safe for concurrent use.
type Table struct {
	start time.Time
	now   func() time.Time

	mu            sync.Mutex // held for less than a microsecond
	ttl           time.Duration
	conversations *simplelru.LRU[Key, entry] // the order of use is the order of expiry
	answers       *simplelru.LRU[Key, Answer]
}

// entry is an entry with the time of its last use, since the table's start.
type entry struct {
	Entry
	used time.Duration
}

// New returns an empty table for at most max conversations, each remembered for ttl after its last
// request, and for at most max answers. max is at least 1. now tells the time.
func New(max int, ttl time.Duration, now func() time.Time) *Table {
	t := &Table{start: now(), now: now, ttl: ttl}
	t.conversations, _ = simplelru.NewLRU[Key, entry](max, nil) // fails only below 1
	t.answers, _ = simplelru.NewLRU[Key, Answer](max, nil)
	return t
}

// Limit changes the bounds. It forgets what is beyond them.
func (t *Table) Limit(max int, ttl time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ttl = ttl
	t.conversations.Resize(max)
	t.answers.Resize(max)
}

// Len returns the number of conversations, without those whose time is over.
func (t *Table) Len() (n int) {
	for more := true; more; {
		n, more = t.tidy(100)
	}
	return n
}

// tidy forgets up to max conversations whose time is over. It returns the number of those left,
// and whether there may be more to forget.
func (t *Table) tidy(max int) (n int, more bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now().Sub(t.start)
	for more = true; more && max > 0; max-- {
		more = t.dropOldest(now)
	}
	return t.conversations.Len(), more
}

// Peek returns a conversation's entry and leaves the table as it is.
func (t *Table) Peek(k Key) (Entry, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e, ok := t.conversations.Peek(k)
	return e.Entry, ok && t.alive(e, t.now().Sub(t.start))
}

// Use returns the entry of a conversation that has got a request.
func (t *Table) Use(k Key) (Entry, bool) {
	e, known, _ := t.change(k, nil, same)
	return e, known
}

// Decide returns the entry of a conversation that has got a request. If there is none, it keeps
// first and reports that it is new. Concurrent callers get the same entry.
func (t *Table) Decide(k Key, first Entry) (e Entry, fresh bool) {
	e, known, _ := t.change(k, &first, same)
	return e, !known
}

// Raise changes the entry of a conversation as [Entry.After] says, and reports whether the
// conversation moves. An unknown conversation begins with the entry e.
func (t *Table) Raise(k Key, e Entry, rise Rise) (next Entry, moved bool) {
	next, _, moved = t.change(k, &e, func(e Entry) (Entry, bool) { return e.After(rise) })
	return next, moved
}

// Set replaces the entry of a conversation.
func (t *Table) Set(k Key, e Entry) {
	t.change(k, &e, func(Entry) (Entry, bool) { return e, true })
}

func same(e Entry) (Entry, bool) { return e, false }

// change changes the entry of a conversation that has got a request, and returns what by says.
// An unknown conversation begins with the entry first, if that is non-nil.
func (t *Table) change(k Key, first *Entry, by func(Entry) (Entry, bool)) (e Entry, known, changed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now().Sub(t.start)
	t.dropOldest(now)
	old, known := t.conversations.Peek(k)
	switch known = known && t.alive(old, now); {
	case known:
	case first != nil:
		old.Entry = *first
	default:
		return Entry{}, false, false
	}
	e, changed = by(old.Entry)
	t.conversations.Add(k, entry{e, now})
	return e, known, changed
}

// alive reports whether an entry's time is not over.
func (t *Table) alive(e entry, now time.Duration) bool { return now-e.used < t.ttl }

// dropOldest forgets the entry that was used least recently if its time is over.
func (t *Table) dropOldest(now time.Duration) bool {
	_, e, ok := t.conversations.GetOldest()
	if ok = ok && !t.alive(e, now); ok {
		t.conversations.RemoveOldest()
	}
	return ok
}

// Remember keeps what is known about an answer.
func (t *Table) Remember(id Key, a Answer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.answers.Add(id, a)
}

// Answer returns what is known about an answer, and false if it is unknown or forgotten.
func (t *Table) Answer(id Key) (Answer, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.answers.Get(id)
}

// Forget forgets the answers of an upstream, because its server has been replaced.
func (t *Table) Forget(upstream int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range t.answers.Keys() {
		if a, _ := t.answers.Peek(id); a.Upstream == upstream {
			t.answers.Remove(id)
		}
	}
}
