package harness

import (
	"context"
	"fmt"
	"os"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/cosine"
)

// OverlapOptions says which prompts count as near-duplicates.
type OverlapOptions struct {
	Feedback
	Reading
	// Cosine is the smallest cosine of near-duplicate prompts, in (0,1].
	Cosine float64
	// Pairs is the number of closest pairs to return.
	Pairs int
}

// Overlap counts the prompts of the first data set that are in the second, or have a
// near-duplicate there. If both names stand for the same data set, it counts repeats
// within the set.
func Overlap(ctx context.Context, nameA, nameB string, o OverlapOptions) (*results.Overlap, error) {
	if !(o.Cosine > 0 && o.Cosine <= 1) {
		return nil, fmt.Errorf("cosine %v of near-duplicates: expected a number in (0,1]", o.Cosine)
	}
	if o.Pairs < 0 {
		return nil, fmt.Errorf("%d closest pairs: expected 0 or more", o.Pairs)
	}
	reading, done := o.share()
	defer done()
	in := newOpener(reading, o.Feedback)
	a, err := readOverlapSet(ctx, in, nameA)
	if err != nil {
		return nil, err
	}
	b, within := a, sameData(nameA, nameB)
	if !within {
		if b, err = readOverlapSet(ctx, in, nameB); err != nil {
			return nil, err
		}
	}
	return overlapOf(ctx, a, b, within, o)
}

// sameData reports whether two arguments name the same data set.
func sameData(a, b string) bool {
	if a == b {
		return true
	}
	for _, name := range []string{a, b} {
		if _, builtin := benchmarks.Data(name); builtin {
			return false
		}
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// overlapOf compares the sets. within says that a and b are the same set.
func overlapOf(ctx context.Context, a, b *overlapSet, within bool, o OverlapOptions) (*results.Overlap, error) {
	options := cosine.Options{Least: o.Cosine, Pairs: o.Pairs, Progress: o.progress("comparing")}
	var found cosine.Found
	var err error
	if within {
		found, err = cosine.Within(ctx, a.vectors, options)
	} else {
		found, err = cosine.Between(ctx, a.vectors, b.vectors, options)
	}
	if err != nil {
		return nil, err
	}
	doc := &results.Overlap{
		SchemaVersion: results.SchemaVersion, Tool: tool(),
		A: a.OverlapSet, B: b.OverlapSet, Within: within, Cosine: results.Value(o.Cosine), Pairs: []results.OverlapPair{},
	}
	countLeaks(doc, a.norms, b.norms, found.Near)
	for _, p := range found.Pairs {
		match := "none"
		if a.norms[p.A] == b.norms[p.B] {
			match = "same"
		} else if p.Cosine >= o.Cosine {
			match = "near"
		}
		doc.Pairs = append(doc.Pairs, results.OverlapPair{A: a.ids[p.A], B: b.ids[p.B], Cosine: results.Value(p.Cosine), Match: match})
	}
	return doc, nil
}

// countLeaks counts each row of a at most once: as same if its prompt is in b, or else as
// near if a near-duplicate is.
func countLeaks(doc *results.Overlap, a, b []string, near []bool) {
	enough := 1
	if doc.Within {
		enough = 2 // the row itself, and another row
	}
	times := map[string]int{}
	for _, norm := range b {
		times[norm]++
	}
	for i, norm := range a {
		if times[norm] >= enough {
			doc.Same++
		} else if near[i] {
			doc.Near++
		}
	}
}
