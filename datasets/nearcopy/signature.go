// Package nearcopy finds prompts that contain another prompt, or are contained in one, in
// another format: with a system prompt or examples in front, with choices labelled or
// ordered in another way, or as the question alone. It compares hashes of runs of words, so
// that it needs no text of the other prompt. docs/data.md says what it finds and what not.
package nearcopy

import (
	"math/bits"
	"slices"
	"strings"
)

const (
	run      = 5 // number of words of which one hash is made
	leastRun = 3 // number of words that a shorter prompt or line needs to have a hash
)

// Kept is the number of hashes to keep of each prompt that is stored; see [Signature.AtMost].
const Kept = 64

// Signature stands for a prompt: the distinct hashes of its runs of five words, in
// ascending order. A prompt of three or four words has one hash; a shorter one has none, so
// that it cannot be found. The signature of a long prompt may keep a share of the hashes.
type Signature struct {
	// Hashes holds the kept hashes.
	Hashes []uint32
	// Zeros is the number of low bits that are 0 in every kept hash: about one hash in
	// 2^Zeros is kept.
	Zeros int

	lines []uint32 // hashes of the lines of three or four words, to find prompts as short
}

// Of returns the signature of a text, with all hashes.
func Of(text string) Signature {
	text = fold(text)
	out, count, short := hashes(text)
	s := Signature{Hashes: unique(out)}
	switch {
	case count >= run:
		s.lines = lines(text)
	case count >= leastRun:
		s.Hashes = []uint32{short}
	}
	return s
}

// hashes returns the hashes of a folded text's runs of words, the number of its words, and
// the hash of a text that is shorter than a run.
func hashes(text string) (out []uint32, count int, short uint32) {
	var last, start [run]uint64
	have := 0 // number of words since the last label of a choice, which ends a run
	words(text, func(hash uint64, first bool) {
		if first {
			have = 0
		}
		if count < run {
			start[count] = hash
		}
		copy(last[:], last[1:])
		last[run-1] = hash
		count++
		if have++; have >= run {
			out = append(out, mix(last))
		}
	})
	return out, count, mix(start)
}

// lines returns the hashes of a folded text's short lines. A colon ends a line too, as in
// "Question: ...".
func lines(text string) []uint32 {
	const longest = 100 // bytes; four words are hardly longer
	var out []uint32
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == ':' }) {
		if len(line) > longest {
			continue
		}
		if _, count, short := hashes(line); count >= leastRun && count < run {
			out = append(out, short)
		}
	}
	return unique(out)
}

func unique(hashes []uint32) []uint32 {
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// mix hashes a run of words.
func mix(words [run]uint64) uint32 {
	h := uint64(0)
	for _, w := range words {
		h = (bits.RotateLeft64(h, 23) ^ w) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return uint32(h * 0xbf58476d1ce4e5b9 >> 32)
}

// AtMost returns the signature with at most n hashes.
func (s Signature) AtMost(n int) Signature {
	for len(s.Hashes) > n {
		s = s.thin(s.Zeros + 1)
	}
	return s
}

// thin keeps the hashes whose low bits, at least the given number, are 0.
func (s Signature) thin(zeros int) Signature {
	if zeros <= s.Zeros {
		return s
	}
	out := Signature{Zeros: zeros, lines: s.lines}
	for _, h := range s.Hashes {
		if h&(1<<zeros-1) == 0 {
			out.Hashes = append(out.Hashes, h)
		}
	}
	return out
}

// roomSize is the number of hashes for which Into gets memory at once.
const roomSize = 1 << 16

// Into moves the hashes into a room that many signatures share, which takes less memory than
// a slice each: the first hashes of room that are free. It returns what is left of the room, and
// makes another one if it is too small; nil is an empty room.
func (s Signature) Into(room []uint32) (Signature, []uint32) {
	if n := len(s.Hashes) + len(s.lines); n > len(room) {
		room = make([]uint32, max(n, roomSize))
	}
	for _, part := range []*[]uint32{&s.Hashes, &s.lines} {
		n := copy(room, *part)
		*part, room = room[:n:n], room[n:]
	}
	return s, room
}
