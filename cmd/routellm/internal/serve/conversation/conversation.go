// Package conversation remembers which upstream answers each conversation, and which upstream
// made each answer that a later request may continue. Its memory is bounded: the entries that
// were used least recently are forgotten first.
//
// [KeyOf] returns the [Key] of a conversation or of an answer, and [New] a [Table] of both.
package conversation

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Key identifies a conversation or an answer: a digest, from which no text can be read. The zero
// value is no key.
type Key [16]byte

// KeyOf returns the key of something that a client names with the given parts: an HMAC with a
// secret. Keys of different kinds, clients or parts differ.
func KeyOf(secret uint64, kind, client string, parts ...string) (k Key) {
	digest := hmac.New(sha256.New, binary.BigEndian.AppendUint64(nil, secret))
	var part []byte
	add := func(text string) {
		part = binary.BigEndian.AppendUint64(part[:0], uint64(len(text)))
		digest.Write(append(part, text...))
	}
	add(kind)
	add(client)
	for _, text := range parts {
		add(text)
	}
	copy(k[:], digest.Sum(nil))
	return k
}

// String returns 32 hex digits, or "" for no key.
func (k Key) String() string {
	if k == (Key{}) {
		return ""
	}
	return hex.EncodeToString(k[:])
}

// Entry holds what is remembered about a conversation. Upstreams are numbers that stay the same
// when settings change.
type Entry struct {
	Upstream int     // the upstream that answers
	Greedy   int     // the one that would answer without exploration
	Share    float64 // share of conversations in [0,1] that went to a random upstream when this one began
	Among    uint16  // number of upstreams from which it was drawn; 0 without a draw
	Explored bool    // Upstream was drawn at random
}

// Propensity returns the probability that a conversation with the same scores is answered by the
// entry's upstream. It is in (0,1].
func (e Entry) Propensity() float64 {
	n := float64(e.Among)
	switch {
	case n == 0:
		return 1
	case e.Upstream == e.Greedy:
		return 1 - e.Share*(n-1)/n
	}
	return e.Share / n
}

// Draw replaces the upstream by a random one of the given ones for a share of the conversations.
// SHA-256 of the seed and an id decides, so the draw can be repeated from the log: it is random if
// the first 53 bits, as a fraction, are below share. Then its distance from the last of the n given
// upstreams is the number in the next 8 bytes (little-endian) modulo n.
func (e Entry) Draw(share float64, seed uint64, id string, upstreams []int) Entry {
	n := len(upstreams)
	digest := sha256.Sum256(append(binary.BigEndian.AppendUint64(nil, seed), id...))
	e.Share, e.Among = share, uint16(n)
	if draw := float64(binary.BigEndian.Uint64(digest[:])>>11) / (1 << 53); draw < share {
		e.Explored, e.Upstream = true, upstreams[n-1-int(binary.LittleEndian.Uint64(digest[8:])%uint64(n))]
	}
	return e
}

// Rise returns the upstream that a later turn of a conversation calls for, given the one that would
// answer without exploration: the same one, or one that is stronger for this turn.
type Rise func(greedy int) int

// After returns the entry after a turn, and whether the conversation moves. It does not move if it
// is explored: what a random upstream makes of a whole conversation is what exploration wants to
// know.
func (e Entry) After(rise Rise) (next Entry, moved bool) {
	calls := rise(e.Greedy)
	if calls == e.Greedy {
		return e, false
	}
	e.Greedy = calls
	if e.Explored || calls == e.Upstream {
		return e, false
	}
	e.Upstream = calls
	return e, true
}

// Answer holds what is remembered about an answer.
type Answer struct {
	Upstream     int // the upstream that made it
	Conversation Key // the conversation that it belongs to
}
