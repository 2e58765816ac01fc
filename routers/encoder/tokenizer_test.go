package encoder

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// tricky holds texts that tokenizers often get wrong.
var tricky = []string{
	"", " ", "\t\n\r", "Hello, World!", "unaffable", "naïve café", "Ｆｕｌｌ ｗｉｄｔｈ", "İstanbul ışık", "straße ﬁne",
	"日本語のテキスト 漢字", "한국어 텍스트", "ภาษาไทย", "العربية مُحَمَّد", "हिन्दी में", "🙂👩‍👩‍👧 emoji", "a\u0000b\u0007c\u200bd\ufeffe",
	"\u00a0nbsp\u2003em\u3000ideo\u2028line", "soft\u00adhyphen", "[CLS] and [SEP] and [MASK]x[PAD][UNK]", "[cls] [CLS", "##ing ## #",
	"e\u0301 cafe\u0301 \u0301alone", "\U0001f9ff\U000e0001\ue000private", "a\u0378b unassigned", "don't stop—now… “quoted” ¿qué? ¡ya!",
	"x" + strings.Repeat("y", 98), strings.Repeat("z", 100), strings.Repeat("z", 101), strings.Repeat("é", 100), strings.Repeat("é", 101),
	"C++ == 3.14 $20.00 a_b @user #tag 50%", "ΑΒΓ ΣΊΣΥΦΟΣ ς", "Ǆ ǅ Ⅷ ℌ ½ ²", "\u037e\u1fef", "\u0085next\u000bvt\u000cff", "ẞ Ω Å K", "𝔘𝔫𝔦 𝒸ode", "ⓒircle ㎏",
	"a\xff\xfeb\xc3", "\xed\xa0\x80surrogate", "cut \xf0\x9f\x99", "cut \xe4\xb8A", // Python reads such bytes with errors="replace"
	"ᾂ ≮ ≠b ΅ Ώ", "豈更\u2f800切", "각 갂가", "a\u302e\u0301\u0323b", "x\u08d4y new mark", "\u2e44 new sign", "[[CLS]] [UNK][UNK]", "[ＣＬＳ] [C\u0301LS]",
}

// mixed returns tricky texts that are cut up and joined at random, with a fixed seed.
func mixed() []string {
	random := rand.New(rand.NewPCG(1, 2))
	characters := []rune(strings.Join(tricky, ""))
	texts := make([]string, 2000)
	for i := range texts {
		var b strings.Builder
		for range 30 {
			if at := random.IntN(len(characters)); random.IntN(4) == 0 {
				b.WriteString(string(characters[at:min(at+5, len(characters))]))
			} else {
				b.WriteRune(characters[at])
			}
		}
		texts[i] = b.String()
	}
	return texts
}

// everyCharacter returns texts that together hold every possible character, inside a word
// and alone, 256 per text.
func everyCharacter() []string {
	var texts []string
	for first := rune(0); first <= utf8.MaxRune; first += 256 {
		var b strings.Builder
		for r := first; r < first+256; r++ {
			if utf8.ValidRune(r) {
				b.WriteString("a" + string(r) + "b " + string(r) + " ")
			}
		}
		texts = append(texts, b.String())
	}
	return texts
}

// TestTokensDigests checks the token ids of texts where Python is not installed; they
// once equalled Python's. A new Unicode version in Go may change them: then classes.go
// must be adapted to what Python does.
func TestTokensDigests(t *testing.T) {
	e := load(t)
	for _, c := range []struct {
		name, want string
		texts      []string
	}{
		{"tricky", "c7b0ae9dcd85ecaaa1d88e67755b76bdc04767fc0e93fcf37b1f6ab47bd38813", tricky},
		{"mixed", "56b685bdea1c62e7493fdfed9a1a111a5b669e6d42454d1a3c0993e618d167ee", mixed()},
		{"every character", "68cbc928c5fab9bd00ece0d63eb07d8a189159996b14ef6a3bb5425eb567f444", everyCharacter()},
	} {
		hash := sha256.New()
		for _, text := range c.texts {
			ids := append(e.Tokens(nil, text), -1)
			if err := binary.Write(hash, binary.LittleEndian, ids); err != nil {
				t.Fatal(err)
			}
		}
		if got := hex.EncodeToString(hash.Sum(nil)); got != c.want {
			t.Errorf("%s: digest %s, want %s", c.name, got, c.want)
		}
	}
}

// toy returns a tokenizer whose pieces can be checked by eye.
func toy(t *testing.T) *tokenizer {
	t.Helper()
	k, err := newTokenizer([]string{"[UNK]", "un", "##aff", "##able", "##a", ".", "é", "[CLS]", "漢", "<"})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestTokensOfAToyVocabulary(t *testing.T) {
	k := toy(t)
	for text, want := range map[string][]int32{
		"":                             nil,
		" \t\u3000\u0301\x00\xff":      nil,
		"UN un":                        {1, 1},
		"unaffable":                    {1, 2, 3},
		"unaffx":                       {0}, // one [UNK] for the whole word
		"aff":                          {0},
		"un.aff":                       {1, 5, 0},
		"u\u0301n":                     {1},
		"é":                            {0}, // the accent is dropped before the look-up
		"x[CLS]un[CLS":                 {0, 7, 1, 0, 0},
		"un漢un":                        {1, 8, 1},
		"un≮un":                        {1, 9, 1}, // decomposes into < and a mark
		"un" + strings.Repeat("a", 98): append([]int32{1}, slices.Repeat([]int32{4}, 98)...),
		"un" + strings.Repeat("a", 99): {0},
	} {
		if got := k.append(t.Context(), nil, text); !slices.Equal(got, want) {
			t.Errorf("%.20q: %v, want %v", text, got, want)
		}
	}
}

func TestVocabularyWithoutUnknown(t *testing.T) {
	if _, err := newTokenizer([]string{"a", "b"}); err == nil {
		t.Error("no error")
	}
}

// FuzzTokens checks what holds for any text.
func FuzzTokens(f *testing.F) {
	for _, text := range tricky {
		f.Add(text)
	}
	e := load(f)
	f.Fuzz(func(t *testing.T, text string) {
		ids := e.Tokens(nil, text)
		if len(ids) > 3*len(text) {
			t.Errorf("%d tokens of %d bytes", len(ids), len(text))
		}
		for _, id := range ids {
			if id < 0 || int(id) >= len(e.scale) {
				t.Errorf("id %d", id)
			}
		}
		if again := e.Tokens(nil, " "+strings.ToValidUTF8(text, "\ufffd")+"\n"); !slices.Equal(again, ids) {
			t.Errorf("%v, with white space around %v", ids, again)
		}
	})
}
