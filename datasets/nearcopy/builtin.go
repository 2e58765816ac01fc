package nearcopy

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// keys.bin and signatures.bin.zst hold the prompts of all built-in data sets, from which the built-in
// routers learned, and copies.bin the near copies among them, so that these routers can be evaluated
// on these data sets without a search. "make signatures" makes them. The keys, which are needed more
// often, are stored apart so that they can be read without decompressing anything.
var (
	//go:embed keys.bin
	builtinKeys []byte
	//go:embed signatures.bin.zst
	builtinSignatures []byte
	//go:embed copies.bin
	copies []byte
)

// Builtin returns the signatures of the prompts of all built-in data sets.
var Builtin = sync.OnceValue(func() Set {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic(fmt.Sprintf("built-in signatures: %v", err)) // the options are constant
	}
	defer r.Close()
	all, err := r.DecodeAll(builtinSignatures, slices.Clone(builtinKeys))
	if err != nil {
		panic(fmt.Sprintf("built-in signatures: %v", err)) // embedded, and read by a test
	}
	s, err := ParseSet(all)
	if err != nil {
		panic(fmt.Sprintf("built-in signatures: %v", err)) // embedded, and read by a test
	}
	return s
})

// IsBuiltin reports whether a prompt is in a built-in data set. It is faster than
// [Builtin], which decodes all signatures.
func IsBuiltin(k Key) bool {
	n := int(binary.LittleEndian.Uint32(builtinKeys))
	at := func(i int) Key { return Key(binary.LittleEndian.Uint64(builtinKeys[4+8*i:])) }
	i := sort.Search(n, func(i int) bool { return at(i) >= k })
	return i < n && at(i) == k
}

// BuiltinCopies returns the near copies that are known without a search: for prompts of
// built-in data sets, the prompts for which training is true and of which they are near
// copies.
func BuiltinCopies(training func(Key) bool) map[Key][]Key {
	out := map[Key][]Key{}
	for i := 0; i < len(copies); i += 16 {
		prompt, of := Key(binary.LittleEndian.Uint64(copies[i:])), Key(binary.LittleEndian.Uint64(copies[i+8:]))
		if training(of) {
			out[prompt] = append(out[prompt], of)
		}
	}
	return out
}
