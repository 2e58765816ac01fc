package idset

import (
	"hash/maphash"
	"math"
)

// MaxText is the largest number of bytes of a text in a [Set].
const MaxText = math.MaxUint16

// blockTexts is the number of texts whose ends are counted from the same place. Texts of MaxText bytes
// each leave them below 2^32.
const blockTexts = 1 << 16

// Set is a set of texts, numbered 0, 1, ... in the order in which they were added. The zero value is
// an empty set. Several goroutines may read a set at once.
type Set struct {
	bytes  []byte
	blocks []int    // where each block begins in bytes
	ends   []uint32 // where each text ends, counted from the beginning of its block
	seed   maphash.Seed
	table  table
}

// Len returns the number of texts.
func (s *Set) Len() int { return len(s.ends) }

// At returns the text of a number.
func (s *Set) At(number int) string { return string(s.at(number)) }

func (s *Set) at(number int) []byte {
	block := s.blocks[number/blockTexts]
	from := block
	if number%blockTexts > 0 {
		from += int(s.ends[number-1])
	}
	return s.bytes[from : block+int(s.ends[number])]
}

// Find returns the number of a text, or false if the set does not hold it.
func (s *Set) Find(text string) (number int, ok bool) {
	if len(s.table) == 0 {
		return 0, false
	}
	slot := s.slot(text)
	return int(*slot) - 1, *slot > 0
}

// Add adds a text of at most [MaxText] bytes. It returns the text's number, and false if the set held it
// before.
func (s *Set) Add(text string) (number int, added bool) {
	if 2*(s.Len()+1) > len(s.table) {
		s.grow()
	}
	slot := s.slot(text)
	if *slot > 0 {
		return int(*slot) - 1, false
	}
	if len(text) > MaxText {
		panic("idset: a text is too long")
	}
	if s.Len()%blockTexts == 0 {
		s.blocks = append(s.blocks, len(s.bytes))
	}
	s.bytes = append(s.bytes, text...)
	s.ends = append(s.ends, uint32(len(s.bytes)-s.blocks[len(s.blocks)-1]))
	*slot = uint32(s.Len())
	return s.Len() - 1, true
}

// slot returns the slot of a text: that of its number, or else the empty one where it belongs.
func (s *Set) slot(text string) *uint32 {
	return s.table.at(maphash.String(s.seed, text), func(number int) bool { return string(s.at(number)) == text })
}

// grow doubles the table.
func (s *Set) grow() {
	if s.table == nil {
		s.seed = maphash.MakeSeed()
	}
	s.table = newTable(max(8, 2*s.Len()))
	for number := range s.ends {
		*s.table.at(maphash.Bytes(s.seed, s.at(number)), func(int) bool { return false }) = uint32(number + 1)
	}
}
