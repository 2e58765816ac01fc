package nearcopy

import "slices"

// A prompt is a near copy of another if leastShared or more hashes agree, and these are the
// share leastContained of the hashes of either. Of a prompt with fewer hashes all must
// agree. Chosen on the built-in data: see docs/data.md.
const (
	leastShared    = 4
	leastContained = 0.75
)

// What many prompts have in common is a template, such as an instruction, and identifies
// none of them: hashes of more prompts than these, or than one in a thousand, do not count.
const (
	templateIndexed  = 5 // number of indexed prompts
	templateSearched = 8 // number of searched prompts
	oneIn            = 1000
)

// Index finds near copies of prompts.
type Index struct {
	prompts []Signature
	in      map[uint32][]int32 // prompts with a hash; nil if too many have it
}

// NewIndex returns an index of different prompts.
func NewIndex(prompts []Signature) *Index {
	x := &Index{prompts: prompts, in: map[uint32][]int32{}}
	for i, s := range prompts {
		for _, h := range s.Hashes {
			x.in[h] = append(x.in[h], int32(i))
		}
	}
	limit := max(templateIndexed, len(prompts)/oneIn)
	for h, all := range x.in {
		if len(all) > limit {
			x.in[h] = nil
		}
	}
	return x
}

// Search returns, for each of different prompts, the indexed prompts that it is a near copy
// of, in ascending order. It needs all prompts of a data set at once, because what many of
// them have in common does not count.
func (x *Index) Search(prompts []Signature) [][]int {
	limit := max(templateSearched, len(prompts)/oneIn)
	known := func(h uint32) bool { return len(x.in[h]) > 0 }
	template := frequent(prompts, limit, known)
	shared := make([]map[int32]int, len(prompts))
	var found []Signature // the prompts that share something with an indexed one
	for i, s := range prompts {
		if shared[i] = x.shared(s, template); shared[i] != nil {
			found = append(found, s)
		}
	}
	inFound := map[uint32]bool{}
	for _, s := range found {
		for _, h := range s.Hashes {
			inFound[h] = true
		}
	}
	template = frequent(prompts, limit, func(h uint32) bool { return inFound[h] })
	out := make([][]int, len(prompts))
	for i, s := range prompts {
		for k, n := range shared[i] {
			if x.near(s, x.prompts[k], n, template) {
				out[i] = append(out[i], int(k))
			}
		}
		slices.Sort(out[i])
	}
	return out
}

// frequent returns the hashes, among those that are wanted, of more than limit prompts.
func frequent(prompts []Signature, limit int, wanted func(uint32) bool) map[uint32]bool {
	count := map[uint32]int{}
	for _, s := range prompts {
		for _, part := range [][]uint32{s.Hashes, s.lines} {
			for _, h := range part {
				if wanted(h) {
					count[h]++
				}
			}
		}
	}
	out := map[uint32]bool{}
	for h, n := range count {
		if n > limit {
			out[h] = true
		}
	}
	return out
}

// shared returns the number of hashes that a prompt shares with each indexed prompt, if they
// are enough for a near copy; nil if there is none.
func (x *Index) shared(s Signature, template map[uint32]bool) map[int32]int {
	var count map[int32]int
	for _, part := range [][]uint32{s.Hashes, s.lines} {
		for _, h := range part {
			all := x.in[h]
			if len(all) > 0 && count == nil {
				count = map[int32]int{}
			}
			if !template[h] {
				for _, i := range all {
					count[i]++
				}
			}
		}
	}
	for i, n := range count {
		if n < min(leastShared, len(x.prompts[i].Hashes)) {
			delete(count, i)
		}
	}
	if len(count) == 0 {
		return nil
	}
	return count
}

// near reports whether prompt s is a near copy of an indexed prompt t with which it shares n
// hashes. If either is thinned, both are compared as the one that is thinned more.
func (x *Index) near(s, t Signature, n int, template map[uint32]bool) bool {
	counts := func(h uint32) bool {
		all, indexed := x.in[h]
		return !template[h] && (!indexed || all != nil)
	}
	size := func(s Signature) (n int) {
		for _, h := range s.Hashes {
			if counts(h) {
				n++
			}
		}
		return n
	}
	if n < leastShared {
		return n >= len(t.Hashes)
	}
	zeros := max(s.Zeros, t.Zeros)
	return float64(n) >= leastContained*float64(min(size(t.thin(zeros)), size(s.thin(zeros))))
}
