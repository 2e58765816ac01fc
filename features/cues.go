package features

// cue is a feature with the function that computes it, unrounded, from a finished scan.
type cue struct {
	name, definition string
	value            func(*scan) float64
}

var choiceCues = []cue{
	{"choices", "ln(1 + choices), 1 at 20; choices are the items of the last lettered, else numbered, else bulleted list of 2 or more", func(s *scan) float64 {
		return logScale(float64(len(s.outline.choices)), 20)
	}},
	{"lettered", "1 if letters or circled digits label the choices, else 0", func(s *scan) float64 {
		return oneIf(s.outline.chosen < numberList)
	}},
	{"list_lines", "square root of the share of lines that begin with a label or bullet", func(s *scan) float64 {
		return rootShare(s.outline.lines, s.lines)
	}},
	{"numeric_choices", "share of choices of at most 4 words that begin with a number, after a sign, bracket or currency", func(s *scan) float64 {
		return share(s.choices.numeric, len(s.outline.choices))
	}},
	{"symbolic_choices", "share of choices with fewer letters than other characters that are not white space", func(s *scan) float64 {
		return share(s.choices.symbolic, len(s.outline.choices))
	}},
	{"referring_choices", "share of choices with a word of the list \"referring\", about other choices: above, both, II", func(s *scan) float64 {
		return share(s.choices.referring, len(s.outline.choices))
	}},
	{"choice_length", "ln(1 + mean number of characters per choice), 1 at 300", func(s *scan) float64 {
		return logScale(share(s.choices.chars, len(s.outline.choices)), 300)
	}},
	{"choice_spread", "1 - characters of the shortest choice / characters of the longest", func(s *scan) float64 {
		return share(s.choices.longest-s.choices.shortest, s.choices.longest)
	}},
	{"choice_share", "share of the text's characters that are in choices", func(s *scan) float64 {
		return share(s.choices.chars, s.chars)
	}},
	{"choices_in_question", "share of the words in choices, without common ones, that stand before the choices too", func(s *scan) float64 {
		return share(s.compared.shared, s.compared.total)
	}},
	{"choices_alike", "1 - distinct words in choices / words in choices, without common ones", func(s *scan) float64 {
		return share(s.compared.total-len(s.compared.inChoices), s.compared.total)
	}},
}

var numberCues = []cue{
	{"numbers", "ln(1 + numbers), 1 at 60", func(s *scan) float64 {
		return logScale(float64(s.numbers.count), 60)
	}},
	{"number_share", "square root of the share of words and numbers that are numbers", func(s *scan) float64 {
		return rootShare(s.numbers.count, s.numbers.count+s.words.all())
	}},
	{"number_size", "largest number of digits before the decimal sign, divided by 12", func(s *scan) float64 {
		return float64(s.numbers.longest) / 12
	}},
	{"decimals", "share of numbers with decimals", func(s *scan) float64 {
		return share(s.numbers.decimals, s.numbers.count)
	}},
	{"years", "ln(1 + whole numbers from 1000 to 2099 without separators), 1 at 10", func(s *scan) float64 {
		return logScale(float64(s.numbers.years), 10)
	}},
	{"money", "ln(1 + numbers with a currency sign or the name of a currency), 1 at 12", func(s *scan) float64 {
		return logScale(float64(s.numbers.money), 12)
	}},
	{"percent", "ln(1 + per cent signs after numbers, and words for per cent), 1 at 8", func(s *scan) float64 {
		return logScale(float64(s.numbers.percent+s.found[percentWords]), 8)
	}},
	{"units", "ln(1 + numbers with a unit of measurement or time after them), 1 at 12", func(s *scan) float64 {
		return logScale(float64(s.numbers.units), 12)
	}},
	{"fractions", "ln(1 + fractions such as 1/2 and \u00BD), 1 at 8", func(s *scan) float64 {
		return logScale(float64(s.numbers.fractions), 8)
	}},
	{"number_words", "ln(1 + words for numbers and multiples: three, half, twice), 1 at 12", func(s *scan) float64 {
		return logScale(float64(s.found[numberWords]), 12)
	}},
}

var mathsCues = []cue{
	{"latex", "ln(1 + LaTeX commands, $$, \\( and \\[), 1 at 60", func(s *scan) float64 {
		return logScale(float64(s.maths.latex), 60)
	}},
	{"relations", "ln(1 + signs such as =, \u2264 and \u2192 outside tags), 1 at 40", func(s *scan) float64 {
		return logScale(float64(s.maths.relations), 40)
	}},
	{"operators", "ln(1 + signs such as +, ^, \u00D7, \u221A and raised digits), 1 at 40", func(s *scan) float64 {
		return logScale(float64(s.maths.operators), 40)
	}},
	{"variables", "square root of the share of words that are a single Latin or Greek letter other than a and i", func(s *scan) float64 {
		return rootShare(s.maths.variables, s.words.count)
	}},
	{"maths_words", "ln(1 + words of the list \"maths\"), 1 at 12", func(s *scan) float64 {
		return logScale(float64(s.found[mathsWords]), 12)
	}},
}

var codeCues = []cue{
	{"backticks", "ln(1 + backticks), 1 at 24", func(s *scan) float64 {
		return logScale(float64(s.code.ticks), 24)
	}},
	{"code_signs", "square root of the share of characters among {}[]<>;=_#|&~", func(s *scan) float64 {
		return rootShare(s.code.signs, s.chars)
	}},
	{"code_lines", "share of lines that begin with 2 spaces, a tab, < or }, or end with one of ;{}([", func(s *scan) float64 {
		return share(s.code.lines, s.lines)
	}},
	{"identifiers", "square root of the share of words with an underscore, a capital or a digit inside, or ( after them", func(s *scan) float64 {
		return rootShare(s.code.identifiers, s.words.count)
	}},
	{"code_words", "ln(1 + words of the list \"coding\"), 1 at 12", func(s *scan) float64 {
		return logScale(float64(s.found[codingWords]), 12)
	}},
}
