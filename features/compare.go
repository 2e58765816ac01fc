package features

import "slices"

// maxWords is the number of words up to which the words of choices and question are compared, and
// maxDistinct the number of first words among which distinct ones are counted.
const maxWords, maxDistinct = 1 << 12, 100

// comparer compares words by their hashes.
type comparer struct {
	words           []placed // the first words with a meaning of their own, in the order of the text
	first, distinct int      // number of first words, of any meaning, and of distinct ones among them
	hashes          []uint32 // the first words; later, the distinct words of the question
	inChoices       []uint32 // the distinct words of the choices
	total, shared   int      // number of words of the choices, and of those that the question has too
}

// placed is a word's hash and where the word begins.
type placed struct {
	hash uint32
	at   int32
}

// cleared returns a comparer without words, with the memory of this one.
func (c comparer) cleared() comparer {
	return comparer{words: c.words[:0], hashes: c.hashes[:0], inChoices: c.inChoices[:0]}
}

// add adds a word, which begins at i. Common words, such as articles, are not compared.
func (c *comparer) add(hash uint32, i int, common bool) {
	if len(c.hashes) < maxDistinct {
		c.hashes = append(c.hashes, hash)
	}
	if !common && len(c.words) < maxWords {
		c.words = append(c.words, placed{hash, int32(i)})
	}
}

// compare counts distinct words, and those of the choices that the question has too.
func (c *comparer) compare(o *outline) {
	c.first = len(c.hashes)
	c.hashes = distinct(c.hashes)
	c.distinct = len(c.hashes)
	if len(o.choices) == 0 {
		return
	}
	from, to := int32(o.choices[0].label), int32(o.end)
	c.hashes = c.hashes[:0]
	for _, w := range c.words {
		switch {
		case w.at >= from && w.at < to:
			c.inChoices = append(c.inChoices, w.hash)
		case w.at < from:
			c.hashes = append(c.hashes, w.hash)
		}
	}
	c.hashes = distinct(c.hashes)
	c.total = len(c.inChoices)
	for _, h := range c.inChoices {
		if _, found := slices.BinarySearch(c.hashes, h); found {
			c.shared++
		}
	}
	c.inChoices = distinct(c.inChoices)
}

// distinct sorts hashes and drops repeated ones.
func distinct(hashes []uint32) []uint32 {
	slices.Sort(hashes)
	return slices.Compact(hashes)
}
