package finalanswer

import "strings"

// smallNumbers are the English words for numbers below a hundred.
var smallNumbers = map[string]float64{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
	"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
	"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

// inWords reads a number in English words at the beginning of a text: twenty-three, one hundred and
// five. rest is what follows.
func inWords(s string) (n Number, rest string, ok bool) {
	s = strings.TrimLeft(s, " \t\r\n:=*_\"'({$")
	sign, total, current, words := 1.0, 0.0, 0.0, 0
	rest = s
	for word := range strings.FieldsSeq(strings.ReplaceAll(s[:min(len(s), 120)], "-", " ")) {
		bare := strings.ToLower(strings.Trim(word, ".,;:!?*_\"')}"))
		small, known := smallNumbers[bare]
		switch {
		case words == 0 && (bare == "minus" || bare == "negative"):
			sign = -1
			continue
		case known && (words == 0 || current == 0 || small < 10 && int(current)%10 == 0 && current != 10 || small < 100 && int(current)%100 == 0):
			current += small
		case bare == "hundred" && current > 0:
			current *= 100
		case bare == "thousand" && current > 0, bare == "million" && current > 0:
			total += float64(current * map[string]float64{"thousand": 1e3, "million": 1e6}[bare])
			current = 0
		case bare == "and" && words > 0 && (total > 0 || current >= 100):
			continue
		default:
			if words == 0 || bare == "of" { // "one of the boxes" is no number
				return Number{}, s, false
			}
			return Number{float64(sign * (total + current)), 1}, rest, true
		}
		words++
		_, rest, _ = strings.Cut(rest, word)
		if strings.ContainsAny(word, ".,;:!?") {
			break
		}
	}
	return Number{float64(sign * (total + current)), 1}, rest, words > 0
}
