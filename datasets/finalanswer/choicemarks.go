package finalanswer

import (
	"regexp"
	"slices"
	"strings"
)

// choiceMark matches the words after which a choice stands, from the first of [choiceWords] on.
var choiceMark = regexp.MustCompile(`^(?:(?i:answer|option|choice|solution|pick|letter|statement|respuesta|ponse|antwort|risposta|resposta|opci[óo]n|alternative)s?\b[^.\n:?()]{0,60}?(?::|\b(?:is|are|be|was|ist|est|es)\b|\s[èé]\s)` +
	`|(?i:answer|choice)\s+[-=]+>?\s` +
	`|(?i:choose|chose|select|pick|go with|going with|opt for|i'd say|i would say|correct (?:one|response) is|must be|has to be)\b|答案(?:是|为|:|应该是)?|(?:选|選)择?)[\s*_]*:?`)

// choiceWords begin what choiceMark matches.
var choiceWords = []string{"answer", "option", "choice", "solution", "pick", "letter", "statement", "respuesta", "ponse", "antwort", "risposta", "resposta", "opci",
	"alternative", "choose", "chose", "select", "go with", "going with", "opt for", "i'd say", "i would say", "correct one is", "correct response is", "must be", "has to be",
	"答案", "选", "選"}

// chosenAfter matches what follows a choice that is said to be right.
var chosenAfter = regexp.MustCompile(`^[)\]*"'.]*(?:[^.\n]{0,40}?[)*"'])?\s+(?i:(?:is|was|seems|looks)\s+(?:clearly |definitely |indeed |therefore |thus |likely |most likely |probably )?(?:the )?(?:only |single |most |best )?(?:correct|right|best (?:answer|choice|option)|answer|appropriate|accurate|true)\b)`)

// marked reads the choice of the last mark that has one.
func (c Choices) marked(s string) (int, error) {
	marks := marksIn(s)
	chosen := map[int]int{} // by where the mark begins
	for _, at := range wordsAt(asciiLower(s), choiceWords) {
		if m := choiceMark.FindString(s[at:min(len(s), at+maxMark)]); m != "" {
			marks = append(marks, mark{at: at + len(m), content: s[at+len(m):]})
		}
	}
	for _, l := range c.lettersIn(s) {
		if l.choosable() && chosenAfter.MatchString(s[l.at+1:min(len(s), l.at+maxMark)]) && !negatedBefore(s[:l.at]) {
			marks = append(marks, mark{at: l.at})
			chosen[l.at] = l.choice
		}
	}
	slices.SortStableFunc(marks, func(a, b mark) int { return b.at - a.at })
	for _, m := range marks {
		if i, ok := chosen[m.at]; ok && m.content == "" {
			return i, nil
		}
		if i, err := c.after(window(m)); err == nil || !isNone(err) {
			return i, err
		}
	}
	return -1, ErrNone
}

// maxMark is the length of what is searched for the end of a mark.
const maxMark = 140

// wordsAt returns where words begin in a text, in order. In ASCII they begin a word of the text.
func wordsAt(lower string, words []string) []int {
	var out []int
	for _, word := range words {
		for from := 0; ; {
			at := strings.Index(lower[from:], word)
			if at < 0 {
				break
			}
			at += from
			from = at + len(word)
			if at == 0 || !letter(lower[at-1]) {
				out = append(out, at)
			}
		}
	}
	slices.Sort(out)
	return out
}

// skipped matches words between a mark and its choice.
var skipped = regexp.MustCompile(`^(?:[\s*_"'(\[{$<:=\x60-]|\b(?i:is|are|the|that|clearly|indeed|definitely|probably|likely|most|therefore|thus|hence|simply|best|correct|right|one|be|would|to|option|choice|letter|answer|number|final|boxed|la|die|der|das|le|opción|opcion|statement|of|with|for|as|so|obviously|actually|either|both)\b)+`)

// after reads the choice that stands at the beginning of a text.
func (c Choices) after(s string) (int, error) {
	lead := skipped.FindString(s)
	if c.N == 0 || len(lead) > 80 {
		return -1, ErrNone
	}
	rest := s[len(lead):]
	if rest == "" {
		return -1, ErrNone
	}
	if i, ok := c.index(rest[:1]); ok && c.alone(lead, rest) {
		return i, c.others(i, rest[1:])
	}
	for _, from := range []string{s, rest} {
		if i, err := c.beginning(from); err == nil {
			return i, nil
		}
	}
	return -1, ErrNone
}

// connectors are words after a choice's letter. Before other words, "A" is an article.
var connectors = wordSet("because since as for and or with which due - not but given")

// alone reports whether the letter at the beginning of rest is a choice, and no word or part of one.
func (c Choices) alone(lead, rest string) bool {
	next := rest[1:]
	if next == "" {
		return true
	}
	if letter(next[0]) || digit(next, 0) || next[0] == '\'' && len(next) > 1 && letter(next[1]) || next[0] >= 0x80 && !strings.HasPrefix(next, "。") && !strings.HasPrefix(next, "，") {
		return false
	}
	if digit(rest, 0) && (next[0] == '.' && digit(next, 1) || strings.IndexByte("%,/+*^=", next[0]) >= 0) {
		return false
	}
	if next[0] != ' ' {
		return next[0] != '-' && next[0] != '_' && next[0] != '='
	}
	word, _, _ := strings.Cut(strings.TrimLeft(next, " "), " ")
	word = strings.ToLower(strings.Trim(word, ".,;:!?*"))
	if word == "" || connectors[word] || strings.HasPrefix(word, "(") || strings.HasPrefix(word, "\n") {
		return true
	}
	named := strings.HasSuffix(lowered(lead), "option") || strings.HasSuffix(lowered(lead), "choice") || strings.HasSuffix(lowered(lead), "letter")
	switch rest[0] {
	case 'A', 'I':
		return named || c.continues(rest)
	}
	return named || rest[0] < 'a' || c.continues(rest)
}

func lowered(lead string) string { return strings.TrimRight(asciiLower(lead), " *_:(\"'") }

// continues reports whether a letter is followed by the text of its choice.
func (c Choices) continues(rest string) bool {
	i, _ := c.index(rest[:1])
	return i < len(c.Texts) && folded(c.Texts[i]) != "" && strings.HasPrefix(folded(rest[1:]), folded(c.Texts[i]))
}

// another matches a further choice after the first.
var another = regexp.MustCompile(`^[)\]}*"'.$\s]*(?:[^.\n]{0,30}[)\]]\s*)?\s*(?:,|/|&|(?i:and|or)\b|, (?i:and|or)\b)\s*(?i:option|choice|also|both|either)?\s*[(\[*"']*([A-Za-z])\b([^A-Za-z].{0,12}|$)`)

// others returns [ErrAmbiguous] if further choices follow choice i.
func (c Choices) others(i int, rest string) error {
	m := another.FindStringSubmatch(rest)
	if m == nil {
		return nil
	}
	j, ok := c.index(m[1])
	if !ok || j == i || strings.Contains(m[0], "not") || m[1] >= "a" && !strings.ContainsAny(m[2][:min(1, len(m[2]))], ").]") || (m[1] == "A" || m[1] == "I") && !c.alone("", m[1]+m[2]) {
		return nil
	}
	return ambiguous(c.Name(i), c.Name(j))
}

// beginning returns the choice with whose text s begins. Of several, the longest counts.
func (c Choices) beginning(s string) (int, error) {
	s = folded(line(s))
	found, length := -1, 0
	for i, t := range c.Texts {
		t = folded(t)
		for _, from := range []string{s, withoutArticle(s)} {
			if len(t) > length && strings.HasPrefix(from, t) && !wordGoesOn(from, len(t)) {
				found, length = i, len(t)
			}
		}
	}
	if found < 0 {
		return -1, ErrNone
	}
	return found, nil
}

func withoutArticle(s string) string {
	for _, article := range []string{"the ", "a ", "an ", "that ", "it is ", "to be "} {
		if rest, ok := strings.CutPrefix(s, article); ok {
			return rest
		}
	}
	return s
}

// wordGoesOn reports whether a word or number continues at i.
func wordGoesOn(s string, i int) bool {
	return i < len(s) && (letter(s[i]) || digit(s, i) || s[i] >= 0x80 || (s[i] == '.' || s[i] == ',') && digit(s, i+1))
}
