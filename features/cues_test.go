package features

import (
	"math"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

const animals = "Which animal lays eggs?\nA. a bat\nB. a hedgehog\nC. a platypus"

// pairs holds, by cue, a text and one with a larger value.
var pairs = map[string][2]string{
	"choices":             {animals, animals + "\nD. a mole"},
	"lettered":            {"Pick one:\n1. red\n2. green", "Pick one:\nA. red\nB. green"},
	"list_lines":          {"Pack this:\nsocks\nshoes", "Pack this:\n- socks\n- shoes"},
	"numeric_choices":     {animals, "How high is it?\nA. $3.50\nB. 12 km\nC. high"},
	"symbolic_choices":    {animals, "Which is it?\nA. x^2 + 1 = 0\nB. (3, 4)"},
	"referring_choices":   {animals, animals + "\nD. none of these\nE. both A and B"},
	"choice_length":       {animals, "Which is it?\nA. a small bat that hunts at night\nB. a hedgehog that sleeps all winter"},
	"choice_spread":       {"Which?\nA. one bat\nB. two bat", "Which?\nA. bat\nB. a platypus with a bill"},
	"choice_share":        {"Here is a long introduction, which says a lot. Which?\nA. bat\nB. cat", "Which?\nA. bat\nB. cat"},
	"choices_in_question": {animals, "Is a bat or a hedgehog heavier?\nA. a bat\nB. a hedgehog"},
	"choices_alike":       {animals, "Which?\nA. boil water slowly\nB. boil water quickly"},

	"numbers":      {"I ate plums.", "I ate 3 plums and 4 pears."},
	"number_share": {"I ate 3 plums and some very sweet pears.", "Add 3 and 4 and 5."},
	"number_size":  {"I saw 12 ants.", "I saw 1,200,000 ants."},
	"decimals":     {"It weighs 12 g.", "It weighs 1.25 g."},
	"years":        {"It was built in 385.", "It was built in 1385."},
	"money":        {"It costs 5 plums.", "It costs $5."},
	"percent":      {"It rose by 5.", "It rose by 5%."},
	"units":        {"It is 5 now.", "It is 5 km now."},
	"fractions":    {"Take 1 cup.", "Take 1/2 cup."},
	"number_words": {"She has some cats.", "She has three cats."},

	"latex":       {"Simplify a half.", "Simplify \\frac{1}{2}."},
	"relations":   {"Let x be 3.", "Let x = 3."},
	"operators":   {"The sum of 3 and 4.", "3 + 4\u00B2"},
	"variables":   {"The cat sees the dog.", "For x and y in S."},
	"maths_words": {"Is the cat black?", "Is the matrix a product of polynomials?"},

	"backticks":   {"Call the function main.", "Call the function `main`."},
	"code_signs":  {"if x is 1 then stop", "if (x[0]) { y = 1; }"},
	"code_lines":  {"one\ntwo\nthree", "for:\n    one;\n    two;"},
	"identifiers": {"the maximum value", "max_value maxValue x1 print(a)"},
	"code_words":  {"Bake a cake in an oven.", "Debug a Python function."},

	"word_rarity":   {"they are in the house", "phlegmatic ornithologists repudiate taxidermy"},
	"rare_words":    {"they are in the house", "ornithologists repudiate taxidermy"},
	"unknown_words": {"they are in the house", "zzyx is quibblefrazzle"},
	"common_words":  {"big red trucks drive fast", "they are in the house with him"},
	"names":         {"we met our friend", "we met Ada Byron in London"},
	"acronyms":      {"he works there", "he works for NASA and ESA"},
	"other_scripts": {"What is this?", "\u0427\u0442\u043E \u044D\u0442\u043E?"},

	"sentences":       {"It rains and it snows.", "It rains. It snows."},
	"sentence_length": {"It rains. It snows.", "It rains on the roof of the old red house that stands beside the river at the end of the road."},
	"word_length":     {"it is so", "enormous international organisations"},
	"long_words":      {"it is so", "enormous international organisations"},
	"distinct_words":  {"no no no no no no no no", "we all like to sing old songs"},
	"commas":          {"It rains and it snows.", "It rains, it snows, and, at last, it stops."},
	"punctuation":     {"It rains and it snows", "It rains! (It snows!)"},
	"quotes":          {"She said no.", "She said \u201Cno\u201D."},
	"blocks":          {"one\ntwo", "one\n\ntwo"},

	"question_marks": {"Is it? Tell me.", "Is it? Why?"},
	"open_end":       {"The capital of Peru is what?", "The capital of Peru is"},
	"blanks":         {"The capital is missing.", "The capital is ____."},
	"asks_fact":      {"Is it red?", "Who painted it, and when?"},
	"asks_reason":    {"Is it red?", "Why is it red, and how?"},
	"asks_quantity":  {"How is it?", "How many are there?"},
	"asks_selection": {"Is it red?", "Which of the following is it?"},
	"negation":       {"Is it red?", "Isn't it red, except never?"},

	"orders":      {"I write a list.", "Write a list."},
	"writing":     {"Is it red?", "Write a poem."},
	"reasoning":   {"Is it red?", "Deduce it by logic."},
	"roleplay":    {"Is it red?", "Pretend to be a pirate."},
	"extraction":  {"Is it red?", "Extract the keywords into a table."},
	"translation": {"Is it red?", "Translate it into German."},
	"steps":       {"Is it red?", "First stir, then bake, finally eat."},
	"constraints": {"Is it red?", "It must have exactly five words."},
}

func TestEveryCueTellsTwoTextsApart(t *testing.T) {
	for _, f := range All() {
		p, ok := pairs[f.Name]
		if !ok {
			t.Errorf("no texts for the cue %q", f.Name)
			continue
		}
		if less, more := of(t, f.Name, p[0]), of(t, f.Name, p[1]); less >= more {
			t.Errorf("%s: %v for %q, and %v for %q", f.Name, less, p[0], more, p[1])
		}
	}
	if len(pairs) != Count {
		t.Errorf("texts for %d cues, and there are %d", len(pairs), Count)
	}
}

func TestValues(t *testing.T) {
	log := func(n, full float64) float64 { return math.Log1p(n) / math.Log1p(full) }
	for _, c := range []struct {
		name, text string
		want       float64
	}{
		{"choices", animals, log(3, 20)},
		{"choice_share", "Q?\nA. bat\nB. cat", 6.0 / 14},
		{"choices_in_question", "Is a bat or a hedgehog heavier?\nA. a bat\nB. a mole", 0.5},
		{"numeric_choices", "Q?\nA. -3\nB. (1, 2)\nC. 5 cats\nD. 5 cats, which all eat fish", 0.75},
		{"numbers", "3, 1,250.75 and 12", log(3, 60)},
		{"number_size", "1.5 and 12,345.6", 5.0 / 12},
		{"decimals", "1,250 of 2,5 and 3.5", 2.0 / 3},
		{"money", "$5, \u20AC3,5, 5 \u20AC, 3 dollars, $5$, $2x$, x dollars", log(4, 12)},
		{"percent", "5% of 3 % or 2 percent, 100", log(3, 8)},
		{"units", "5 km, 5km, 30 minutes, km", log(3, 12)},
		{"years", "in 1999, 2050, 2150 and 1,999", log(2, 10)},
		{"latex", "\\(\\alpha\\) and $$x$$, but no \\n", log(4, 60)},
		{"sentences", "It costs 3.5. Really? Yes", log(3, 100)},
		{"asks_quantity", "How many are there, and how much is it? How so?", log(2, 4)},
		{"asks_reason", "How many? How so?", log(1, 6)},
		{"question_marks", "Is it? \u662F\u5417\uFF1F", log(2, 12)},
		{"other_scripts", "ab \u4E2D\u6587", 0.5},
		{"variables", "a x b I", math.Sqrt(2.0 / 4)},
		{"identifiers", "the x1 of", math.Sqrt(1.0 / 3)},
		{"code_lines", "if (a) {\n  b();\n}\nend", 0.75},
		{"blocks", "a\nb\n\n \nc", log(2, 40)},
		{"orders", "Write it. I write it. Write: no. Explain it", log(2, 6)},
	} {
		if got := of(t, c.name, c.text); got != float64(stepped(c.want)) {
			t.Errorf("%s of %q is %v, expected %v", c.name, c.text, got, stepped(c.want))
		}
	}
}

func TestChoicesOfManyScriptsAndStyles(t *testing.T) {
	for _, labels := range []string{
		"A. |B. |C. ", "A) |B) |C) ", "(A) |(B) |(C) ", "A: |B: |C: ", "a. |b. |c. ", "(a) |(b) |(c) ", "**A.** |**B.** |**C.** ",
		"1. |2. |3. ", "1) |2) |3) ", "(1) |(2) |(3) ", "- |- |- ", "* |* |* ", "\u2022 |\u2022 |\u2022 ",
		"\u2460 |\u2461 |\u2462 ", "\u0410) |\u0411) |\u0412) ", "\u03B1. |\u03B2. |\u03B3. ", "\u0623. |\u0628. |\u062C. ",
		"\u0661) |\u0662) |\u0663) ", "\u0967. |\u0968. |\u0969. ", "\u7532\u3001|\u4E59\u3001|\u4E19\u3001", "\uAC00. |\uB098. |\uB2E4. ", "A\uFF0E|B\uFF0E|C\uFF0E",
	} {
		l := strings.Split(labels, "|")
		text := "What is it?\n" + l[0] + "red\n" + l[1] + "green\n" + l[2] + "blue\nAnswer it."
		if got, want := of(t, "choices", text), of(t, "choices", animals); got != want {
			t.Errorf("%q: choices %v, expected %v", text, got, want)
		}
		if got, want := of(t, "choice_share", text), of(t, "choice_share", strings.ReplaceAll(text, l[1], l[1])); got != want || got == 0 {
			t.Errorf("%q: share %v", text, got)
		}
	}
}

func TestNoChoices(t *testing.T) {
	for _, text := range []string{
		"A. Smith wrote it.", "It is (a) good idea.", "3.5 is a number\n4.5 is one too", "B. one\nC. two", "- only one", "I. one\nII. two",
		"see f (x) and (y) here", "1. one",
	} {
		if got := of(t, "choices", text); got != 0 {
			t.Errorf("%q has choices: %v", text, got)
		}
	}
}

func TestTheLastListCounts(t *testing.T) {
	text := "Example?\nA. one\nB. two\nC. three\nD. four\n\nQuestion?\nA. 1) five\nB. 2) six"
	if got, want := of(t, "choices", text), of(t, "choices", "x\nA. a\nB. b"); got != want {
		t.Errorf("choices %v, expected %v", got, want)
	}
}

func TestInvariances(t *testing.T) {
	for _, text := range append(slices.Clone(samples), fixed...) {
		want := Of(text)
		for what, other := range map[string]string{
			"white space at the end": text + " \t\n\u00A0",
			"CR LF":                  strings.ReplaceAll(text, "\n", "\r\n"),
			"NFD":                    norm.NFD.String(strings.ToValidUTF8(text, "\uFFFD")),
			"valid UTF-8":            strings.ToValidUTF8(text, "\uFFFD"),
		} {
			if got := Of(other); !slices.Equal(got, want) {
				t.Errorf("%s changes the cues of %q", what, text)
			}
		}
	}
}

// TestDenseText checks that text without spaces has averages like those of other text.
func TestDenseText(t *testing.T) {
	text := strings.Repeat("\u4ECA\u5929\u7684\u5929\u6C14\u5F88\u597D\uFF0C\u6211\u4EEC\u53BB\u516C\u56ED\u770B\u82B1\u3002", 40)
	long := strings.Repeat("The weather is fine today, and we go to the park to see flowers. ", 40)
	for name, most := range map[string]float64{"sentence_length": 0.15, "word_length": 0.1, "commas": 0.1, "word_rarity": 0.2, "sentences": 0.01} {
		if a, b := of(t, name, text), of(t, name, long); math.Abs(a-b) > most {
			t.Errorf("%s is %v, and %v of English text", name, a, b)
		}
	}
}

func TestShortTextsAreNearTypical(t *testing.T) {
	for _, name := range []string{"word_rarity", "common_words", "sentence_length", "word_length", "distinct_words", "commas"} {
		none, one := of(t, name, ""), of(t, name, "hello")
		if math.Abs(none-one) > 0.15 || none < 0.1 {
			t.Errorf("%s is %v of no text, and %v of one word", name, none, one)
		}
	}
}

func TestListsHaveNoWordTwice(t *testing.T) {
	for _, l := range lists {
		words := strings.Fields(l.words)
		slices.Sort(words)
		for k := 1; k < len(words); k++ {
			if words[k] == words[k-1] {
				t.Errorf("list %q has %q twice", l.name, words[k])
			}
		}
		for _, w := range words {
			if w != strings.ToLower(w) || w != norm.NFC.String(w) || len(w) > maxKnown {
				t.Errorf("list %q: %q is not a word in lower case", l.name, w)
			}
		}
	}
}

// TestRanksFollowFrequency checks that the vocabulary ranks words by how common they are.
func TestRanksFollowFrequency(t *testing.T) {
	last := -1
	for _, word := range []string{"the", "house", "weather", "integral", "calculus", "arsenic"} {
		rank, ok := ranks().Rank([]byte(word))
		if !ok || rank <= last {
			t.Errorf("%q has rank %d, %v", word, rank, ok)
		}
		last = rank
	}
}

func TestFewAllocations(t *testing.T) {
	Of(fixed[0])
	if n := testing.AllocsPerRun(100, func() { Of(fixed[0]) }); n > 8 {
		t.Errorf("%v allocations", n)
	}
}

func TestOfAll(t *testing.T) {
	all := OfAll(samples)
	for i, text := range samples {
		if !slices.Equal(all[i], Of(text)) {
			t.Errorf("the cues of %q differ", text)
		}
	}
}
