package eval

import (
	"crypto/sha256"
	"encoding/binary"
)

// Split puts each sample in the calibration or the held-out part, by a hash of the
// seed and the sample's key: samples with one key stay together, and neither the
// order of the rows nor other rows matter. heldOut in [0,1] is the expected share
// of keys held out. Indices are ascending.
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

// unit maps a key to a number that is uniform in [0,1) over keys.
func unit(key string, seed uint64) float64 {
	digest := sha256.Sum256(append(binary.LittleEndian.AppendUint64(nil, seed), key...))
	return float64(binary.LittleEndian.Uint64(digest[:])>>11) / (1 << 53)
}

// Groups joins samples that share a name in a or in b, directly or through
// others, and returns a name a sample: the least of a in its group. An empty name
// in b joins nothing; b may be nil.
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

// forest is a union-find structure: the parent of each sample, a root its own.
type forest []int

func newForest(n int) forest {
	f := make(forest, n)
	for i := range f {
		f[i] = i
	}
	return f
}

func (f forest) root(i int) int {
	for f[i] != i {
		f[i] = f[f[i]]
		i = f[i]
	}
	return i
}

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
