package judging

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/routellm/routellm/answers/chat"
)

var nan = math.NaN()

// spread is the probability that the judge gave to labels in the place of the one that it wrote.
type spread struct {
	mass, sum float64 // probability of labels, and of each times its value; without ones
	one       float64 // probability of a token "1", which may begin "10"
	zero      float64 // probability that "0" follows it, and digits that any digit does; NaN if unknown
	digits    float64
	two, nine float64 // probability of these grades, the neighbours of 1 and 10
	ten       bool    // whether the judge has a token "10"
	known     bool    // whether the server reported probabilities here
}

var noSpread = spread{zero: nan, digits: nan}

// spreadOf finds the token that begins the label, and reads its alternatives.
func spreadOf(m Mode, a chat.Answer, r Reply) spread {
	k := tokenAt(a, r.at)
	if k < 0 || len(a.Tokens[k].Top) == 0 {
		return noSpread
	}
	out := noSpread
	out.known = true
	for _, alternative := range alternatives(a.Tokens[k]) {
		p, word := math.Exp(alternative.Logprob), bareWord(alternative.Text)
		if math.IsNaN(p) || word == "" {
			continue
		}
		if m == Pair {
			out.addVerdict(word, p)
		} else {
			out.addGrade(word, p)
		}
	}
	if m == Grade && bareWord(a.Tokens[k].Text) == "1" && k+1 < len(a.Tokens) {
		out.zero, out.digits = digitsAfter(a.Tokens[k+1])
	}
	if m == Grade && !startsWith(r.label, bareWord(a.Tokens[k].Text)) {
		return noSpread // the token holds more than the label
	}
	return out
}

// startsWith reports whether a whole number begins with the digits of a token. Of other numbers,
// such as 7.5, the first token does not tell the value.
func startsWith(label, digits string) bool {
	_, err := strconv.Atoi(label)
	return err == nil && digits != "" && strings.HasPrefix(label, digits)
}

// alternatives returns the likely tokens of a place, the one that was written among them.
func alternatives(t chat.Token) []chat.Alternative {
	if slices.ContainsFunc(t.Top, func(a chat.Alternative) bool { return a.Text == t.Text }) {
		return t.Top
	}
	return append(slices.Clone(t.Top), chat.Alternative{Text: t.Text, Logprob: t.Logprob})
}

// bareWord returns a token without the spaces, quotes and other signs around it, in lower case.
func bareWord(token string) string {
	return strings.ToLower(strings.TrimFunc(token, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
}

// addGrade counts a token that is a grade.
func (s *spread) addGrade(word string, p float64) {
	v, err := strconv.Atoi(word)
	switch {
	case err != nil || v < Least || v > Most || strconv.Itoa(v) != word:
	case v == 1:
		s.one += p
	default:
		switch v {
		case 2:
			s.two += p
		case 9:
			s.nine += p
		}
		s.ten = s.ten || v == Most
		s.mass += p
		s.sum += float64(p * float64(v))
	}
}

// addVerdict counts a token that begins a verdict. The verdicts differ in their first letters.
func (s *spread) addVerdict(word string, p float64) {
	for _, label := range []string{"first", "second", "tie"} {
		if strings.HasPrefix(label, word) {
			s.mass += p
			s.sum += float64(p * verdicts[label])
		}
	}
}

// digitsAfter returns the probability that "0" follows, and that any digit does.
func digitsAfter(t chat.Token) (zero, digits float64) {
	if len(t.Top) == 0 {
		return nan, nan
	}
	for _, a := range alternatives(t) {
		if a.Text == "" || a.Text[0] < '0' || a.Text[0] > '9' {
			continue
		}
		digits += math.Exp(a.Logprob)
		if a.Text == "0" {
			zero += math.Exp(a.Logprob)
		}
	}
	return zero, digits
}

// tokenAt returns the index of the token that holds byte at of the answer's text, or -1. Servers may
// report tokens that are no part of the text, such as thoughts in front of it.
func tokenAt(a chat.Answer, at int) int {
	var all strings.Builder
	for _, t := range a.Tokens {
		all.WriteString(t.Text)
	}
	switch before := strings.LastIndex(all.String(), a.Text); {
	case before >= 0:
		at += before
	case strings.HasSuffix(a.Text, all.String()): // the beginning was given to the model
		at -= len(a.Text) - all.Len()
	default:
		return -1
	}
	for k, t := range a.Tokens {
		if at >= 0 && at < len(t.Text) {
			return k
		}
		at -= len(t.Text)
	}
	return -1
}

const (
	// unsure is the largest probability of a token "1" that may be left out where nobody knows
	// whether a "0" would follow: it changes an expected grade by less than 0.1.
	unsure = 0.01
	// leastNeighbours is the least probability of 2 and 9, relative to that of the token "1", with
	// which they tell whether it means 1 or 10: grades have one peak.
	leastNeighbours = 0.1
	// leastMass is the smallest probability of labels with which an expected one is used.
	leastMass = 0.5
)

// expected returns the mean label and the probability that labels have at all. ten says that the
// judge writes "10" as one token. The mean is NaN if it is not known.
func (s spread) expected(ten bool) (mean, mass float64) {
	mass, sum := s.mass, s.sum
	switch {
	case !s.known:
		return nan, nan
	case s.one == 0:
	case ten:
		mass, sum = mass+s.one, sum+s.one
	case !math.IsNaN(s.zero):
		single, double := float64(s.one*(1-s.digits)), float64(s.one*s.zero)
		mass, sum = mass+single+double, sum+single+float64(Most*double)
	case s.one > unsure:
		share := s.nine / (s.two + s.nine)
		if !(s.two+s.nine > s.one*leastNeighbours) {
			return nan, nan
		}
		mass, sum = mass+s.one, sum+float64(s.one*(1+float64((Most-1)*share)))
	}
	if mass < leastMass {
		return nan, mass
	}
	return sum / mass, mass
}
