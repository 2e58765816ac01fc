package eval

import (
	"crypto/sha256"
	"encoding/binary"
)

// Split divides the samples into a calibration part and a held-out part, by a hash of the seed
// and each sample's key. Samples with the same key stay together. A sample's part depends
// neither on the order of the samples nor on the other samples. heldOut in [0,1] is the
// expected share of the keys that are held out. It returns the indices of each part in
// ascending order.
func Split(keys []string, heldOut float64, seed uint64) (calibration, held []int) {
	for i, key := range keys {
		if unit(key, seed) < heldOut {
			held = append(held, i)
		} else {
			calibration = append(calibration, i)
		}
	}
	return calibration, held
}

// SplitShares divides the samples into as many parts as there are shares, which sum to 1, as [Split]
// divides them into two. It returns the part of each sample.
func SplitShares(keys []string, shares []float64, seed uint64) []int {
	out := make([]int, len(keys))
	for i, key := range keys {
		at, end := unit(key, seed), 0.0
		for k, share := range shares {
			if end += share; at < end || k == len(shares)-1 {
				out[i] = k
				break
			}
		}
	}
	return out
}

// unit maps a key to a number in [0,1) that is uniformly distributed over keys.
func unit(key string, seed uint64) float64 {
	digest := sha256.Sum256(append(binary.LittleEndian.AppendUint64(nil, seed), key...))
	return float64(binary.LittleEndian.Uint64(digest[:])>>11) / (1 << 53)
}

// Groups joins samples that share a name in a or in b, directly or through other samples. It
// returns one group name per sample: the first name in a, in sort order, of its group. Samples
// with an empty name are not joined by it. b may be nil.
func Groups(a, b []string) []string {
	group := newForest(len(a))
	group.join(a)
	group.join(b)
	least := make(map[int]string, len(a))
	for i, name := range a {
		root := group.root(i)
		if old, ok := least[root]; !ok || name < old {
			least[root] = name
		}
	}
	out := make([]string, len(a))
	for i := range out {
		out[i] = least[group.root(i)]
	}
	return out
}

// forest is a union-find structure. It holds the parent of each sample; a root is its own
// parent.
type forest []int

// newForest returns a forest of n separate samples.
func newForest(n int) forest {
	f := make(forest, n)
	for i := range f {
		f[i] = i
	}
	return f
}

// root returns the root of sample i and shortens the path to it.
func (f forest) root(i int) int {
	for f[i] != i {
		f[i] = f[f[i]]
		i = f[i]
	}
	return i
}

// join joins the samples that have the same name. It ignores empty names.
func (f forest) join(names []string) {
	first := make(map[string]int, len(names))
	for i, name := range names {
		j, seen := first[name]
		switch {
		case name == "":
		case seen:
			f[f.root(i)] = f.root(j)
		default:
			first[name] = i
		}
	}
}
