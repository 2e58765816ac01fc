package finalanswer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
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

// introductions are words before a capital that is a choice, and not a name such as vitamin C.
var introductions = wordSet("so is be it with choose pick select say guess therefore it's think thus and or of for leaves leaving only both believe hence are not than " +
	"against out eliminate but that get conclude definitely clearly probably certainly obviously likely surely over")

// optionWords are words before a choice.
var optionWords = wordSet("option options choice choices answer answers statement statements letter letters")

// standing is a letter or digit that stands alone and names a choice.
type standing struct {
	at, choice int
	form       form
	text       string
}

// form says how a letter stands in a text.
type form int

const (
	bareLetter form = iota // between spaces or the like
	introduced             // after a word or sign that introduces a choice, or at the beginning of a sentence
	called                 // after the word option or the like
	enclosed               // in brackets or in bold type
)

// choosable reports whether what follows a letter can choose it.
func (l standing) choosable() bool {
	return l.form >= called || l.text < "a" && l.text >= "A"
}

// lettersIn lists the letters and digits in a text that stand alone and are names of choices.
func (c Choices) lettersIn(s string) []standing {
	var out []standing
	for i := range len(s) {
		if !letter(s[i]) && (c.First < 0 || !digit(s, i)) || inWord(utf8.DecodeLastRuneInString(s[:i])) || inWord(utf8.DecodeRuneInString(s[i+1:])) || wordGoesOn(s, i+1) && s[i+1] < 0x80 {
			continue
		}
		if choice, ok := c.index(s[i : i+1]); ok {
			out = append(out, standing{i, choice, formAt(s, i), s[i : i+1]})
		}
	}
	return out
}

// inWord reports whether a character next to a letter makes it part of a word.
func inWord(r rune, size int) bool {
	return r == '_' || r == '\'' || unicode.IsDigit(r) || size > 0 && unicode.IsLetter(r) && !unicode.Is(unicode.Han, r)
}

// formAt returns how the letter at i stands.
func formAt(s string, i int) form {
	before, after := s[:i], s[i+1:]
	bold := strings.HasPrefix(strings.TrimLeft(after, ").:"), "**") && strings.HasSuffix(strings.TrimRight(before, "("), "**")
	if bold || strings.HasSuffix(before, "(") && strings.HasPrefix(after, ")") || strings.HasSuffix(before, "[") && strings.HasPrefix(after, "]") {
		return enclosed
	}
	open := strings.TrimRight(before, "(\"'*")
	trimmed := strings.TrimRight(open, " :")
	word := lastWord(trimmed)
	switch {
	case len(trimmed) < len(open) && optionWords[word]:
		return called
	case trimmed == "" || strings.HasSuffix(open, "\n"), len(trimmed) < len(open) && introductions[word], strings.ContainsRune(".,;:!?", rune(open[len(open)-1-min(1, len(open)-len(trimmed))])) && strings.HasSuffix(open, " "):
		return introduced
	case strings.HasSuffix(trimmed, ">") || strings.HasSuffix(trimmed, "→"):
		return introduced
	}
	return bareLetter
}

// lastWord returns the last word of a text in lower case.
func lastWord(s string) string {
	from := len(s)
	for from > 0 && len(s)-from < 16 && (letter(s[from-1]) || s[from-1] == '\'') {
		from--
	}
	return strings.ToLower(s[from:])
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
