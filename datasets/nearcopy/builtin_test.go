package nearcopy_test

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/nearcopy"
)

var update = flag.Bool("update", false, "rewrite keys.bin, signatures.bin.zst and copies.bin")

// prompts holds the distinct prompts of one data set.
type prompts struct {
	keys       []nearcopy.Key
	signatures []nearcopy.Signature
	texts      []string
}

func promptsOf(t *datasets.Table) prompts {
	var p prompts
	seen := map[nearcopy.Key]bool{}
	for i, norm := range t.PromptNormSHA256 {
		if k := nearcopy.KeyOf(norm); !seen[k] {
			seen[k] = true
			p.keys, p.signatures, p.texts = append(p.keys, k), append(p.signatures, nearcopy.Of(t.Prompt[i])), append(p.texts, t.Prompt[i])
		}
	}
	return p
}

// originals reads the originals of the built-in data sets: arena, judge, mmlu, gsm8k, mt-bench
// and pareto.
func originals(t *testing.T) []prompts {
	t.Helper()
	from := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: the originals of the built-in data sets are not in ../shared")
	}
	arena, _, err := datasets.ImportBattles(t.Context(), []string{filepath.Join(from, "train", "arena55k_battles.jsonl.gz")}, datasets.BattleOptions{ID: "id", Text: "raw"})
	if err != nil {
		t.Fatal(err)
	}
	judge, _, err := datasets.ImportTable(t.Context(), filepath.Join(from, "judge", "arena_bench_v1.jsonl.gz"),
		datasets.Mapping{ID: "question_id", Nested: "scores", KeepPrompt: true})
	if err != nil {
		t.Fatal(err)
	}
	pareto, _, err := datasets.ImportTable(t.Context(), filepath.Join(from, "judge", "paretobandit_val.jsonl.gz"),
		datasets.Mapping{Prompt: "prompt", Nested: "arms", KeepPrompt: true})
	if err != nil {
		t.Fatal(err)
	}
	mmlu, gsm8k, mtbench, err := datasets.ImportRouteLLM(from, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []prompts
	for _, table := range []*datasets.Table{arena, judge, mmlu, gsm8k, mtbench, pareto} {
		out = append(out, promptsOf(table))
	}
	return out
}

// copiesIn returns the near copies in each data set of prompts in all of them: pairs of a
// prompt and the prompt of which it is one, sorted.
func copiesIn(all []prompts, signatures nearcopy.Set) []byte {
	index := nearcopy.NewIndex(signatures.Signatures)
	var pairs [][2]nearcopy.Key
	for _, set := range all {
		for i, found := range index.Search(set.signatures) {
			for _, k := range found {
				if signatures.Keys[k] != set.keys[i] {
					pairs = append(pairs, [2]nearcopy.Key{set.keys[i], signatures.Keys[k]})
				}
			}
		}
	}
	slices.SortFunc(pairs, func(a, b [2]nearcopy.Key) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	var out []byte
	for _, p := range slices.Compact(pairs) {
		out = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(out, uint64(p[0])), uint64(p[1]))
	}
	return out
}

// compressed returns data in the format of Zstandard. The bytes depend on the library's version, which
// go.mod fixes.
func compressed(t *testing.T, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return w.EncodeAll(data, nil)
}

// TestBuiltinIsUpToDate makes the built-in files again from the originals.
func TestBuiltinIsUpToDate(t *testing.T) {
	all := originals(t)
	var keys []nearcopy.Key
	var signatures []nearcopy.Signature
	for _, set := range all {
		keys, signatures = append(keys, set.keys...), append(signatures, set.signatures...)
	}
	set := nearcopy.NewSet(keys, signatures)
	content := set.Bytes()
	keysEnd := 4 + 8*binary.LittleEndian.Uint32(content)
	files := map[string][]byte{"keys.bin": content[:keysEnd], "signatures.bin.zst": compressed(t, content[keysEnd:]), "copies.bin": copiesIn(all, set)}
	for name, want := range files {
		if *update {
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs from what the originals give (%v): make signatures rewrites it", name, err)
		}
	}
}
