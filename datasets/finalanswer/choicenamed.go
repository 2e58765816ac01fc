package finalanswer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

func ambiguous(names ...string) error {
	return fmt.Errorf("%w: %s", ErrAmbiguous, strings.Join(names, ", "))
}

// lineChoice matches a line that begins with a choice.
var lineChoice = regexp.MustCompile(`^[^A-Za-z0-9]*?(?:(?i:option|choice|answer)\s+)?[(\[]?\b([A-Za-z])(?:[)\]]?[*_]*[).\]:][*_]*|[)\]]|\*\*|\s+-|,)(?:\s|$)`)

// line reads the choice of a text whose first or last line is one, such as "B. Paris". Lines that list
// several choices have none, but for a last line that is a bare letter.
func (c Choices) line(s string) (int, error) {
	var lines []string
	for l := range strings.Lines(s) {
		if strings.TrimSpace(l) != "" {
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 {
		return -1, ErrNone
	}
	if i, err := c.bare(lines[len(lines)-1]); err == nil {
		return i, nil
	}
	if i, err := c.bare(lines[0]); err == nil {
		return i, nil
	}
	all, found := map[int]bool{}, map[int]bool{}
	for at, l := range lines {
		m := lineChoice.FindStringSubmatch(l)
		if m == nil || m[1] >= "a" && at > 0 {
			continue
		}
		i, ok := c.index(m[1])
		if !ok {
			continue
		}
		if err := c.others(i, strings.TrimLeft(l, " *_(")[1:]); err != nil {
			return -1, err
		}
		all[i] = true
		if !negatedAfter(l[len(m[0]):]) {
			found[i] = true
		}
	}
	if i, err := c.only(all); err == nil { // "B. False" chooses B
		return i, nil
	}
	return c.only(found)
}

// only returns the one choice that was found.
func (c Choices) only(found map[int]bool) (int, error) {
	if len(found) != 1 {
		return -1, ErrNone
	}
	for i := range found {
		return i, nil
	}
	return -1, ErrNone
}

// named returns the only choice that a text names and does not rule out. If it names several, those
// of the last sentence count.
func (c Choices) named(s string) (int, error) {
	all := c.mentions(s)
	if i, err := c.only(all); err == nil {
		return i, nil
	}
	if len(all) == 0 {
		return -1, ErrNone
	}
	last := lastSentence(s)
	if i, err := c.only(c.mentions(last)); err == nil && !lineChoice.MatchString(last) { // no list of all choices
		return i, nil
	}
	var names []string
	for i := range c.N {
		if all[i] {
			names = append(names, c.Name(i))
		}
	}
	return -1, ambiguous(names...)
}

// mentions returns the choices that a text names and does not rule out.
func (c Choices) mentions(s string) map[int]bool {
	found := map[int]bool{}
	for _, l := range c.lettersIn(s) {
		rest := s[l.at+1 : min(len(s), l.at+61)]
		switch {
		case l.form == bareLetter, l.form == introduced && (l.text >= "a" || l.text < "A"), l.text < "A" && l.form != called && l.form != enclosed:
			continue
		case (l.text == "A" || l.text == "I" || l.text >= "a") && l.form != enclosed && (l.form == introduced || l.text >= "a") && !c.alone("", l.text+rest):
			continue
		}
		if !negatedAfter(rest) && !negatedBefore(s[:l.at]) {
			found[l.choice] = true
		}
	}
	return found
}

// ruledOut and notBefore match the words after and before a choice that is ruled out.
var (
	ruledOut = regexp.MustCompile(`^[)\]}*"'.:,]*(?:[\s,/]*(?i:and|or)?\s*(?i:option|choice)?\s*[(*]*[A-J]\b[)*]*)*[\s-]*(?:[^.\n]{0,30}?[)"*]\s*)?` +
		`(?i:(?:is|are|was|were|can be|could be|seems?|would be|does|do|can|could|must)\s+(?:also |both |all |clearly |therefore |obviously )?(?:incorrect|wrong|false|not\b|ruled out|out\b|eliminated|irrelevant|excluded|unlikely|implausible)` +
		`|[(:-]?\s*(?:incorrect|wrong|false)\b|[?:-]\s*no\b[^,]|can't|cannot|isn't|aren't|doesn't)`)
	notBefore = regexp.MustCompile(`(?i)(?:\b(?:not|rules? out|ruling out|eliminates?|eliminating|excludes?|excluding|than|unlike|neither|nor|against|isn't|cannot be|can't be|discard|reject|instead of|rather than|except|over|none of)\s+(?:the\s+)?(?:(?:options?|choices?|answers?|statements?)\s+)?[(*"']*(?:[A-J][)*"']*(?:,| and| or|/)\s*(?:and |or )?[(*"']*)*)$`)
)

func negatedAfter(rest string) bool { return ruledOut.MatchString(rest) }

func negatedBefore(before string) bool {
	const most = 60
	if len(before) > most {
		before = before[len(before)-most:]
	}
	return notBefore.MatchString(before)
}

// lastSentence returns the last sentence of a text.
func lastSentence(s string) string {
	s = strings.TrimRight(s, " \t\r\n.!*")
	from := max(strings.LastIndex(s, ". "), strings.LastIndexByte(s, '\n'), strings.LastIndex(s, "! "), strings.LastIndex(s, "? "))
	return s[from+1:]
}

// quoted returns the only choice whose text stands in a text. If there are several, those of the last
// sentence count. A choice's text within another's is not looked for.
func (c Choices) quoted(s string) (int, error) {
	if c.Texts == nil {
		return -1, ErrNone
	}
	if i, err := c.sameText(s); err == nil {
		return i, nil
	}
	all := c.texts(folded(s))
	if i, err := c.only(all); err == nil {
		return i, nil
	}
	if len(all) == 0 {
		return -1, ErrNone
	}
	if i, err := c.only(c.texts(folded(lastSentence(s)))); err == nil {
		return i, nil
	}
	return -1, fmt.Errorf("%w: the texts of %d choices", ErrAmbiguous, len(all))
}

// texts returns the choices whose text stands in a folded text.
func (c Choices) texts(s string) map[int]bool {
	order := make([]int, len(c.Texts))
	for i := range order {
		order[i] = i
	}
	folds := make([]string, len(c.Texts))
	for i, t := range c.Texts {
		folds[i] = folded(t)
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(folds[b]) - len(folds[a]) })
	found := map[int]bool{}
	for _, i := range order {
		t := folds[i]
		for from := 0; t != ""; {
			at := strings.Index(s[from:], t)
			if at < 0 {
				break
			}
			at += from
			from = at + len(t)
			if at > 0 && wordGoesOn(s, at-1) && wordGoesOn(t, 0) || wordGoesOn(s, from) && wordGoesOn(t, len(t)-1) || negatedBefore(s[:at]) {
				continue
			}
			found[i] = true
			s = s[:at] + strings.Repeat("\x00", len(t)) + s[from:]
		}
	}
	return found
}
