package features

import (
	"math"
	"testing"
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
