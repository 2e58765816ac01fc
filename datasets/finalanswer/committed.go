package finalanswer

import (
	"fmt"
	"regexp"
	"strings"
)

// committed returns the first of the numbers that follow a mark, or the last one of a calculation. An
// expression is no number, and a range, alternatives or a list in a box are several.
func committed(s string, tokens []token, box bool) (Number, error) {
	t, next := tokens[0], tokens[1:]
	if t.kind == expression || strings.HasSuffix(s[:t.from], "±") || box && symbols.MatchString(s) {
		return Number{}, noNumber(s)
	}
	if after, ok := afterEquals(s, t, next); ok {
		return after.Number, nil
	}
	if len(next) == 0 {
		return t.Number, nil
	}
	between := s[t.to:next[0].from]
	if operators.MatchString(between) {
		return Number{}, noNumber(s)
	}
	several := joins(between, s[next[0].to:]) || box && listing.MatchString(between) || wordBefore(strings.TrimRight(s[:t.from], currencies), "between")
	if several && !t.Equal(next[0].Number, 1e-9) {
		return Number{}, fmt.Errorf("%w: %q", ErrAmbiguous, Excerpt(s[t.from:next[0].to], 40))
	}
	return t.Number, nil
}

func noNumber(s string) error {
	return fmt.Errorf("%w: an expression: %q", ErrNone, Excerpt(line(s), 40))
}

var (
	// symbols are what makes the content of a box an expression: functions, roots and unknowns.
	symbols = regexp.MustCompile(`\\(?:d?frac|sqrt|pi|log|ln|sin|cos|tan|infty|cup|cap)\b|[0-9)][xyzni]\b|π|√|∞`)
	// operators stand between the numbers of a calculation.
	operators = regexp.MustCompile(`^\s*[+*/]\s*\(?$|^\s+[xX]\s+\(?$`)
	// calculation stands before an equals sign.
	calculation = regexp.MustCompile(`[+*/-]|[\d)]\s*[xX]\s*[\d($]`)
	// listing stands between the numbers of a list.
	listing = regexp.MustCompile(`^\s*(?:,|;|,?\s*and)\s*(?:[a-z]\s*=\s*)?$`)
	// variable stands before a further value of an unknown: 3 or x = -1.
	variable = regexp.MustCompile(`[a-z]\s*=\s*$`)
)

// afterEquals returns the number after the last "=" of a calculation that begins with t: 3 * 4 = 12.
func afterEquals(s string, t token, next []token) (token, bool) {
	rest := s[t.to:]
	if end := strings.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	sign := strings.IndexByte(rest, '=')
	if sign < 0 || !calculation.MatchString(s[t.to-1:t.to+sign]) || strings.Contains(rest[:sign], ". ") {
		return token{}, false
	}
	last := t.to + strings.LastIndexByte(rest, '=')
	for _, n := range next {
		if n.from > last && n.kind <= fraction {
			return n, true
		}
	}
	return token{}, false
}

// joins reports whether what stands between two numbers makes them a range or alternatives: 5-7, 5 to
// 7 or 5 days or 6 days. In "90 minutes or 1.5 hours" the second number repeats the first.
func joins(between, after string) bool {
	words := strings.Fields(strings.Trim(variable.ReplaceAllString(between, ""), currencies))
	if len(words) > 0 && strings.Trim(words[len(words)-1], currencies) == "" {
		words = words[:len(words)-1]
	}
	if len(words) == 0 || len(words) > 2 || strings.ContainsAny(between, ".\n") {
		return false
	}
	last := strings.ToLower(words[len(words)-1])
	if last != "-" && last != "or" && last != "to" {
		return false
	}
	unit, _, _ := strings.Cut(strings.TrimLeft(after, " "), " ")
	return len(words) == 1 || strings.Trim(unit, ".,;*") == strings.Trim(words[0], ".,;*")
}
