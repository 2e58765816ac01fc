package nearcopy

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
)

// Key identifies a prompt: the first eight bytes of its normalised digest.
type Key uint64

// KeyOf returns the key of a normalised digest in hex; 0 if it is not one.
func KeyOf(norm string) Key {
	k, err := strconv.ParseUint(norm[:min(len(norm), 16)], 16, 64)
	if err != nil {
		return 0
	}
	return Key(k)
}

// Set holds signatures of prompts, in ascending order of their keys.
type Set struct {
	// Keys holds the prompts' keys, each once.
	Keys []Key
	// Signatures holds one signature per key.
	Signatures []Signature
}

// NewSet returns the set of some prompts, with the first signature of each key, thinned to
// at most [Kept] hashes.
func NewSet(keys []Key, signatures []Signature) Set {
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(keys[a], keys[b]) })
	var s Set
	for _, i := range order {
		if n := len(s.Keys); n == 0 || s.Keys[n-1] != keys[i] {
			s.Keys, s.Signatures = append(s.Keys, keys[i]), append(s.Signatures, signatures[i].AtMost(Kept))
		}
	}
	return s
}

// Find returns the signature of a prompt; ok is false if the set has none.
func (s Set) Find(k Key) (sig Signature, ok bool) {
	i, ok := slices.BinarySearch(s.Keys, k)
	if !ok {
		return sig, false
	}
	return s.Signatures[i], true
}

// A set is stored as the number of prompts, all keys, the number of hashes and of zeros of
// each prompt in a byte each, and all hashes, in little-endian order.
const sizeWithoutHashes = 8 + 1 + 1

var errSet = errors.New("the signatures of the training prompts are damaged")

// Bytes encodes a set. Equal sets give equal bytes.
func (s Set) Bytes() []byte {
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(s.Keys)))
	for _, k := range s.Keys {
		out = binary.LittleEndian.AppendUint64(out, uint64(k))
	}
	for _, sig := range s.Signatures {
		out = append(out, byte(len(sig.Hashes)), byte(sig.Zeros))
	}
	for _, sig := range s.Signatures {
		for _, h := range sig.Hashes {
			out = binary.LittleEndian.AppendUint32(out, h)
		}
	}
	return out
}

// ParseSet decodes what [Set.Bytes] returned. No bytes are an empty set.
func ParseSet(data []byte) (Set, error) {
	if len(data) == 0 {
		return Set{}, nil
	}
	if len(data) < 4 {
		return Set{}, errSet
	}
	n, data := int(binary.LittleEndian.Uint32(data)), data[4:]
	if len(data)/sizeWithoutHashes < n {
		return Set{}, errSet
	}
	s := Set{Keys: make([]Key, n), Signatures: make([]Signature, n)}
	sizes, rest := data[8*n:sizeWithoutHashes*n], data[sizeWithoutHashes*n:]
	all := make([]uint32, len(rest)/4)
	for i := range all {
		all[i] = binary.LittleEndian.Uint32(rest[4*i:])
	}
	for i := range n {
		s.Keys[i] = Key(binary.LittleEndian.Uint64(data[8*i:]))
		count, zeros := int(sizes[2*i]), int(sizes[2*i+1])
		if count > len(all) || zeros > 32 || i > 0 && s.Keys[i-1] >= s.Keys[i] {
			return Set{}, errSet
		}
		s.Signatures[i], all = Signature{Hashes: all[:count:count], Zeros: zeros}, all[count:]
	}
	if len(all) > 0 || len(rest)%4 > 0 {
		return Set{}, errSet
	}
	return s, nil
}
