package features

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the table of docs/features.md")

// of returns one cue of a text.
func of(t *testing.T, name, text string) float64 {
	t.Helper()
	k := slices.IndexFunc(All(), func(f Feature) bool { return f.Name == name })
	if k < 0 {
		t.Fatalf("no cue %q", name)
	}
	return float64(Of(text)[k])
}

// samples are texts of many kinds.
var samples = []string{
	"", "a", "?", "\n", "A.", "7", "\u4E2D", "\u0301", "$", "\\", "-", "(", "A. \nB. ",
	"Which of these animals lays eggs?\nA. a bat\nB. a platypus\nC. a hedgehog\nD. none of the above\nAnswer:",
	"Ein Händler kauft 12,5 kg Äpfel für 30 €. Wie viel kostet ein Kilogramm?",
	"Solve \\(x^2 - 3x = \\frac{1}{2}\\) for x \u2265 0.",
	"def area(w, h):\n    return w * h\n\nWhy does `area(2)` raise an exception?",
	"\u8BF7\u628A\u8FD9\u53E5\u8BDD\u7FFB\u8BD1\u6210\u82F1\u6587\uFF1A\u4ECA\u5929\u5929\u6C14\u5F88\u597D\u3002",
	"\u0E41\u0E1B\u0E25\u0E1B\u0E23\u0E30\u0E42\u0E22\u0E04\u0E19\u0E35\u0E49",
	"\u0643\u0645 \u0639\u062F\u062F \u0627\u0644\u0623\u064A\u0627\u0645 \u0641\u064A \u0661\u0662 \u0623\u0633\u0628\u0648\u0639\u0627\u061F",
	"\uD55C\uAD6D\uC5B4\uB85C \uC2DC\uB97C \uC368 \uC8FC\uC138\uC694.",
	"\xff\xfe broken \xc3 bytes",
	"Caf\u00E9, na\u00EFve, \u00C5ngstr\u00F6m",
}

func TestCuesAreBounded(t *testing.T) {
	long := []string{strings.Repeat("7", 1<<20), strings.Repeat("\u4E2D", 1<<18), strings.Repeat("A. (a) $\\x_1 ", 1<<16), strings.Repeat("\n", 1<<20)}
	for _, text := range slices.Concat(samples, fixed, long) {
		bounded(t, text)
	}
}

// bounded checks that there are as many cues of a text as there should be, all of them multiples of
// Step in [0,1].
func bounded(t *testing.T, text string) {
	t.Helper()
	cues := Of(text)
	if len(cues) != Count {
		t.Fatalf("%d cues, expected %d", len(cues), Count)
	}
	for k, v := range cues {
		if !(v >= 0 && v <= 1) || math.Mod(float64(v), Step) != 0 {
			t.Errorf("%.20q: %s is %v", text, All()[k].Name, v)
		}
	}
}

func FuzzOf(f *testing.F) {
	for _, text := range slices.Concat(samples, fixed) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		bounded(t, text)
		if !slices.Equal(Of(text), Of(text+" \n")) {
			t.Errorf("white space at the end changes the cues of %q", text)
		}
	})
}

// fixed are texts that use every cue.
var fixed = []string{
	"1. Preheat the oven to 180 \u00B0C.\n2. Mix 1/2 cup of sugar with 250 g of flour.\n3. Bake it for 35 minutes.\n\nHow much longer would it take at 160 \u00B0C, and why?",
	"Pretend that you are a pirate. First write a haiku about the sea, then translate it into French. It must have exactly 17 syllables!",
	"Extract the names and dates from the article below as JSON:\n\n\"In 1911 Roald Amundsen reached the South Pole; R. F. Scott followed in 1912.\"",
	"(a) $20.50 (b) $20 (c) 12% of \u20AC3,5 (d) both (a) and (b)\nThe price rose by ____ percent.",
	"Let $f: \\mathbb{R} \\to \\mathbb{R}$ with f(x + y) = f(x)f(y). Prove that f is never 0, except if f \u2261 0.",
	"\u0623. \u0648\u0627\u062D\u062F\n\u0628. \u0627\u062B\u0646\u0627\u0646\n\u062C. \u062B\u0644\u0627\u062B\u0629",
}

// TestValuesAreThoseOfTheDigest fails where a change of the code changes values: raise revision
// then, and write down what the test prints.
func TestValuesAreThoseOfTheDigest(t *testing.T) {
	h := sha256.New()
	for _, text := range append(fixed, samples...) {
		for _, v := range Of(text) {
			fmt.Fprintf(h, "%v ", v)
		}
	}
	got := fmt.Sprintf("%.12s %.12x", SHA256(), h.Sum(nil))
	if want := "dc72b54e31b1 4fbcb5adfae31dd1b287a068"; got != want {
		t.Errorf("digest and values are %q, expected %q", got, want)
	}
}

// TestDocs compares the table of docs/features.md with the definitions; -update rewrites it.
func TestDocs(t *testing.T) {
	const path, begin, end = "../docs/features.md", "<!-- cues begin -->\n", "<!-- cues end -->"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the cues", path)
	}
	table := "| group | cue | definition |\n| --- | --- | --- |\n"
	for _, f := range All() {
		table += fmt.Sprintf("| %s | `%s` | %s |\n", f.Group, f.Name, strings.ReplaceAll(f.Definition, "|", "\\|"))
	}
	want := before + begin + table + end + after
	if want == string(page) {
		return
	}
	if !*update {
		t.Fatalf("%s does not list the cues: go test ./features -run TestDocs -update", path)
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkOf(b *testing.B) {
	text := "A farmer sells 12 baskets of plums at $4.50 each and 7 crates of pears at $11 each. He pays his two helpers 15% of what he earns, and buys feed for his hens with half of the rest. How much money, in dollars, does the farmer have left in the end?"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Of(text)
	}
}
