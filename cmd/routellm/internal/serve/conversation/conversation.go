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

// Entry holds what is remembered about a conversation. Upstreams are indexes; a lower one is
// stronger.
type Entry struct {
	Upstream int     // the upstream that answers
	Greedy   int     // the one that would answer without exploration
	Share    float64 // share of conversations in [0,1] that went to a random upstream when this one began
	Explored bool    // Upstream was drawn at random
}

// Propensity returns the probability that a conversation with the same scores is answered by the
// entry's upstream, one of n. It is in (0,1].
func (e Entry) Propensity(n int) float64 {
	if e.Upstream == e.Greedy {
		return 1 - e.Share*float64(n-1)/float64(n)
	}
	return e.Share / float64(n)
}

// Draw replaces the upstream by a random one of n for a share of the conversations. SHA-256 of the
// seed and an id decides, so the draw can be repeated from the log: it is random if the first 53
// bits, as a fraction, are below share. Then its distance from the last upstream is the number in
// the next 8 bytes (little-endian) modulo n.
func (e Entry) Draw(share float64, seed uint64, id string, n int) Entry {
	digest := sha256.Sum256(append(binary.BigEndian.AppendUint64(nil, seed), id...))
	e.Share = share
	if draw := float64(binary.BigEndian.Uint64(digest[:])>>11) / (1 << 53); draw < share {
		e.Explored, e.Upstream = true, n-1-int(binary.LittleEndian.Uint64(digest[8:])%uint64(n))
	}
	return e
}

// After returns the entry after a turn whose score calls for an upstream, and whether the
// conversation moves. It only moves to a stronger upstream, and not if it is explored: what a
// random upstream makes of a whole conversation is what exploration wants to know.
func (e Entry) After(calls int) (next Entry, moved bool) {
	if calls >= e.Greedy {
		return e, false
	}
	e.Greedy = calls
	if e.Explored || calls >= e.Upstream {
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
