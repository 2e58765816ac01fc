// Package conversation remembers which upstream answers each conversation, in memory that is
// bounded by a number of conversations and a time to live.
package conversation

import "time"

// Key identifies a conversation: a keyed digest.
type Key [16]byte

// Entry is what is remembered about a conversation.
type Entry struct {
	Upstream   int     // the upstream that answers
	Explored   bool    // it was drawn at random
	Propensity float64 // probability of the first decision given its score, in (0,1]
}

// Table maps conversations to entries. It is safe for concurrent use. The oldest entries are
// forgotten first.
type Table struct {
	ttl time.Duration
	max int
}

// New returns an empty table for at most max conversations, each remembered for ttl after its
// last request.
func New(max int, ttl time.Duration) *Table { return &Table{ttl: ttl, max: max} }
