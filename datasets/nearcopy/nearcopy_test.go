package nearcopy_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets/nearcopy"
)

// The prompts that a router learned from, all written for this test.
var learned = []string{
	"Which harbour does the night ferry from Orlund leave after the spring tides?\nA. the coal harbour\nB. the old herring harbour\nC. the pilot station\nD. none of the three\nAnswer:",
	"Nora packs 14 crates with 6 jars of plum jam each and sells 5 crates at the fair. How many jars are left in her cellar?",
	"Explain to a gardener why slugs avoid copper tape, and suggest two cheaper fences.",
	"write a sonnet about a lighthouse keeper who is afraid of the dark",
	"Summarize the trial of the miller's daughter",
	"name three loud birds",
	"By the law of Orlund:\n(A) no ship sails on market days\n(B) each pilot owns two brass lamps\n(C) the mayor counts all the ropes\n(D) fog ends every quarrel at sea",
	"船长为什么在雾里敲钟而不吹号角",
}

// search returns the learned prompts of which each prompt is a near copy.
func search(t *testing.T, prompts []string) [][]int {
	t.Helper()
	signatures := func(texts []string) (out []nearcopy.Signature) {
		for _, text := range texts {
			out = append(out, nearcopy.Of(text))
		}
		return out
	}
	return nearcopy.NewIndex(signatures(learned)).Search(signatures(prompts))
}

// TestFormats finds each learned prompt in other formats.
func TestFormats(t *testing.T) {
	choices := "the night ferry from Orlund leave after the spring tides?"
	for name, c := range map[string]struct {
		of     int
		prompt string
	}{
		"parentheses":        {0, strings.NewReplacer("A.", "(A)", "B.", "(B)", "C.", "(C)", "D.", "(D)").Replace(learned[0])},
		"numbers":            {0, strings.NewReplacer("A.", "1)", "B.", "2)", "C.", "3)", "D.", "4)").Replace(learned[0])},
		"one line":           {0, "Choose one. " + strings.NewReplacer("\nA.", " (a)", "\nB.", " (b)", "\nC.", " (c)", "\nD.", " (d)", "\nAnswer:", "").Replace(learned[0])},
		"other order":        {0, "Which harbour does " + choices + "\n(A) none of the three\n(B) the pilot station\n(C) the coal harbour\n(D) the old herring harbour\nReply with one letter."},
		"question alone":     {0, "Which harbour does " + choices},
		"quoted":             {1, "> " + strings.ReplaceAll(learned[1], " ", "  ") + "\n\n**Answer**"},
		"upper case":         {2, strings.ToUpper(learned[2])},
		"system prompt":      {1, "System: You are a patient tutor who shows each step.\nUser: " + learned[1] + "\nAssistant:"},
		"examples in front":  {1, "Q: A tram has 30 seats and 11 are taken, how many are free?\nA: 19\n\nQ: Two lamps burn for 9 hours each, how long is that together?\nA: 18\n\nQ: " + learned[1] + "\nA:"},
		"hard wrapped":       {2, "Explain to a gardener why slugs\navoid copper tape, and suggest\ntwo cheaper fences."},
		"JSON":               {3, `{"role": "user", "content": "` + learned[3] + `"}`},
		"few words, inside":  {4, "Be brief. " + learned[4] + ", please."},
		"four words, a line": {5, "You like animals.\n\nTask: Name three loud birds.\n\nOne per line."},
		"all in the choices": {6, "By Orlund's law:\n1) fog ends every quarrel at sea\n2) no ship sails on market days\n3) the mayor counts all the ropes\n4) each pilot owns two brass lamps"},
		"no spaces":          {7, "请用一句话回答：" + learned[7] + "？谢谢"},
	} {
		if got := search(t, []string{c.prompt})[0]; !slices.Equal(got, []int{c.of}) {
			t.Errorf("%s: near copy of %v, want %d:\n%s", name, got, c.of, c.prompt)
		}
	}
}

// TestOtherPrompts finds nothing in prompts that share a topic, a phrase or a format.
func TestOtherPrompts(t *testing.T) {
	for _, prompt := range []string{
		"Which harbour does the day ferry to Halm use in winter?\nA. the coal harbour\nB. the yacht basin\nC. the pilot station\nD. none of the three\nAnswer:",
		"Which harbour does the night ferry from Orlund leave when the river freezes, and who tells the pilot about it?",
		"Otto packs 9 boxes with 8 bars of soap each and gives 2 boxes away. How many bars are left in his shop?",
		"Explain to a plumber why pipes sing at night, and suggest two repairs.",
		"write a sonnet about a baker who is afraid of flour",
		"name three quiet fish",
		"三只鸟",
		"", "?", "A. B. C.",
		"We can name three loud birds from memory",
	} {
		if got := search(t, []string{prompt})[0]; len(got) > 0 {
			t.Errorf("near copy of %q:\n%s", learned[got[0]], prompt)
		}
	}
}

// TestTemplates asks different questions with the same long instruction on both sides, then
// repeats a learned prompt as the example in front of every other prompt.
func TestTemplates(t *testing.T) {
	const instruction = "Below is a question from an exam for beekeepers. Read it twice, think about the season, the weather and the strength of the swarm that the keeper describes, and write nothing but the number of frames that you would leave in the hive. Question: "
	var old, new []nearcopy.Signature
	var shots []string
	for i := range 12 {
		if i < 6 {
			new = append(new, nearcopy.Of(fmt.Sprintf("%swith snow on hill %d, what about %d weak swarms?", instruction, i, i+3)))
		}
		old = append(old, nearcopy.Of(fmt.Sprintf("%show many frames for %d colonies in the valley of stream %d?", instruction, i+2, i)))
		shots = append(shots, fmt.Sprintf("%s 54 jars\n\nA barrel number %d holds %d litres of rain, of which %d run out; what remains?", learned[1], i, 40+i, 3+i))
	}
	for i, found := range nearcopy.NewIndex(old).Search(new) {
		if len(found) > 0 {
			t.Errorf("prompt %d is a near copy of %v for its template", i, found)
		}
	}
	for i, found := range search(t, shots) {
		if len(found) > 0 {
			t.Errorf("prompt %d is a near copy of %v for the example in front of every prompt", i, found)
		}
	}
}

// TestThinnedPrompts searches long prompts of which only a share of the hashes is kept.
func TestThinnedPrompts(t *testing.T) {
	var long, part, other strings.Builder
	for i := range 900 {
		fmt.Fprintf(&long, "word%d ", i*i%1013)
		if i > 100 && i < 400 {
			fmt.Fprintf(&part, "word%d ", i*i%1013)
		}
		fmt.Fprintf(&other, "term%d ", i*i%1019)
	}
	all := nearcopy.Of(long.String())
	kept := all.AtMost(nearcopy.Kept)
	if n := len(kept.Hashes); n > nearcopy.Kept || n < nearcopy.Kept/4 || kept.Zeros == 0 {
		t.Fatalf("%d of %d hashes kept, with %d zeros", n, len(all.Hashes), kept.Zeros)
	}
	wrapped := nearcopy.Of("Please translate this text:\n" + long.String() + "\nUse simple words.")
	found := nearcopy.NewIndex([]nearcopy.Signature{kept}).Search([]nearcopy.Signature{
		wrapped, wrapped.AtMost(32), nearcopy.Of(part.String()), nearcopy.Of(other.String()),
	})
	if !reflect.DeepEqual(found, [][]int{{0}, {0}, {0}, nil}) {
		t.Errorf("found %v, want the three copies", found)
	}
}

func TestSetRoundTrip(t *testing.T) {
	var signatures []nearcopy.Signature
	for _, text := range append(learned, "no") { // "no" has no hashes
		signatures = append(signatures, nearcopy.Of(text))
	}
	keys := []nearcopy.Key{9, 2, 7, 1, 8, 3, 4, 2}
	data := nearcopy.NewSet(keys, signatures).Bytes()
	set, err := nearcopy.ParseSet(data)
	if err != nil || !slices.Equal(set.Keys, []nearcopy.Key{1, 2, 3, 4, 7, 8, 9}) {
		t.Fatalf("keys %v, %v", set.Keys, err)
	}
	if got, ok := set.Find(2); !ok || !slices.Equal(got.Hashes, signatures[1].Hashes) {
		t.Errorf("signature of prompt 2: %v, want the first one given", got)
	}
	if _, ok := set.Find(5); ok {
		t.Error("found a prompt that is not in the set")
	}
	if !slices.Equal(set.Bytes(), data) {
		t.Error("other bytes after reading")
	}
	empty, err := nearcopy.ParseSet(nil)
	if err != nil || len(empty.Keys) != 0 {
		t.Errorf("set of no bytes: %v, %v", empty, err)
	}
	unsorted := slices.Clone(data)
	copy(unsorted[4:12], unsorted[12:20])
	for name, bad := range map[string][]byte{
		"short": data[:3], "cut": data[:len(data)-4], "odd": data[:len(data)-1], "long": append(slices.Clone(data), 0, 0, 0, 0),
		"count": {255, 255, 255, 255, 0}, "unsorted": unsorted,
	} {
		if _, err := nearcopy.ParseSet(bad); err == nil {
			t.Errorf("%s: no error for damaged signatures", name)
		}
	}
}

func TestKeyOf(t *testing.T) {
	for norm, want := range map[string]nearcopy.Key{
		"00000000000000ff" + strings.Repeat("0", 48): 255, "": 0, "zz": 0,
	} {
		if got := nearcopy.KeyOf(norm); got != want {
			t.Errorf("KeyOf(%q) = %d, want %d", norm, got, want)
		}
	}
}

// TestBuiltin checks the embedded files, without the originals.
func TestBuiltin(t *testing.T) {
	set := nearcopy.Builtin()
	if len(set.Keys) < 24_000 {
		t.Fatalf("%d built-in prompts", len(set.Keys))
	}
	for _, k := range []nearcopy.Key{set.Keys[0], set.Keys[len(set.Keys)/2], set.Keys[len(set.Keys)-1]} {
		if !nearcopy.IsBuiltin(k) || nearcopy.IsBuiltin(k+1) {
			t.Errorf("prompt %x: found %v, the one after it %v", k, nearcopy.IsBuiltin(k), nearcopy.IsBuiltin(k+1))
		}
	}
	all := nearcopy.BuiltinCopies(func(nearcopy.Key) bool { return true })
	if len(all) < 500 || len(nearcopy.BuiltinCopies(func(nearcopy.Key) bool { return false })) > 0 {
		t.Errorf("%d built-in prompts are near copies", len(all))
	}
	for prompt, copies := range all {
		for _, of := range copies {
			if prompt == of || !nearcopy.IsBuiltin(prompt) || !nearcopy.IsBuiltin(of) {
				t.Errorf("near copy %x of %x", prompt, of)
			}
		}
	}
}
