package finalanswer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// mark is a place after which an answer stands.
type mark struct {
	at      int // where the mark begins
	content string
	must    bool // an answer stands here, even if it cannot be read
	box     bool // the content is an answer and nothing else
	colon   bool // the mark ends with a colon: a sentence may follow
}

// answerMark matches the words before an answer in several languages, up to the verb.
var answerMark = regexp.MustCompile(`(?i)(?:\b(?:answer|solution|result|respuesta|r[ée]ponse|antwort|risposta|resposta)\b|答案)` +
	`(?:\s+(?:to|for|of)\s+(?:the|this|that|your)\s+(?:question|problem|questions)\b)?[*_"' ]*(?:(:|是|为)[*_ ]*(?:is\b)?|\b(?:is|are|would be|should be|must be|will be|ist|est|es|è|é)\b[*_ ]*(:?))`)

// markWord finds the texts in which answerMark can match, because matching is slow.
var markWords = []string{"answer", "solution", "result", "respuesta", "ponse", "antwort", "risposta", "resposta", "答案"}

// marksIn lists the marks in a text, the last one first.
func marksIn(s string) []mark {
	var out []mark
	if content, at := boxed(s); at >= 0 {
		out = append(out, mark{at: at, content: content, must: true, box: true})
	}
	at := strings.LastIndex(s, "####")
	for at >= 0 && heading(s[at+4:]) {
		at = strings.LastIndex(s[:at], "####")
	}
	if at >= 0 {
		out = append(out, mark{at: at, content: s[at+4:], must: true})
	}
	for _, at := range answerMarks(s) {
		colon := at[2] >= 0 && at[3] > at[2] || at[4] >= 0 && at[5] > at[4]
		out = append(out, mark{at: at[0], content: s[at[1]:], colon: colon})
	}
	slices.SortStableFunc(out, func(a, b mark) int { return b.at - a.at })
	return out
}

// answerMarks returns where answerMark matches.
func answerMarks(s string) [][]int {
	lower := asciiLower(s)
	from := len(s)
	for _, word := range markWords {
		if i := strings.Index(lower, word); i >= 0 {
			from = min(from, i)
		}
	}
	from = max(0, from-2) // the first letters of réponse
	for from > 0 && from < len(s) && s[from]&0xc0 == 0x80 {
		from--
	}
	found := answerMark.FindAllStringSubmatchIndex(s[from:], -1)
	for _, at := range found {
		for i := range at {
			if at[i] >= 0 {
				at[i] += from
			}
		}
	}
	return found
}

// asciiLower writes capitals in ASCII small. The length stays the same.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// headings begin lines that structure a text and hold no answer.
var headings = regexp.MustCompile(`(?i)^\s*[*_]*(?:step|part|case|method|option|approach|question|problem|section|phase)\b`)

func heading(after string) bool { return headings.MatchString(after) }

// marked returns the number after the last mark that has one.
func marked(s string) (n Number, ok bool, err error) {
	for _, m := range marksIn(s) {
		tokens := tokensIn(window(m))
		if n, ok, err = m.number(tokens); ok || err != nil {
			return n, ok, err
		}
	}
	return Number{}, false, nil
}

// window returns the part of a mark's content in which its number can stand.
func window(m mark) string {
	const most = 400
	s := m.content
	if m.must && strings.TrimSpace(s) == "" {
		return ""
	}
	if len(s) > most {
		s = s[:most]
	}
	return s
}

// number reads the number of a mark.
func (m mark) number(tokens []token) (Number, bool, error) {
	s := window(m)
	first := slices.IndexFunc(tokens, func(t token) bool { return t.kind != other })
	if first < 0 || !m.must && !filler(s[:tokens[first].from]) {
		return m.without(s, first >= 0)
	}
	n, err := committed(s, tokens[first:], m.box)
	return n, err == nil, err
}

// without reads a mark that is not followed by digits at once. digits says that there are some later.
func (m mark) without(s string, digits bool) (Number, bool, error) {
	if n, _, ok := inWords(s); ok {
		return n, true, nil
	}
	if digits && m.colon {
		return onlyNumber(line(s))
	}
	if m.must {
		return Number{}, false, fmt.Errorf("%w: no number after the mark: %q", ErrNone, Excerpt(s, 40))
	}
	return Number{}, false, nil
}

// line returns the first line of a text that is not blank.
func line(s string) string {
	s = strings.TrimLeft(s, " \t\r\n*")
	first, _, _ := strings.Cut(s, "\n")
	return first
}

// onlyNumber returns the number of a sentence that has only one.
func onlyNumber(s string) (Number, bool, error) {
	tokens := tokensIn(s)
	if len(tokens) != 1 || tokens[0].kind != plain && tokens[0].kind != fraction {
		return Number{}, false, nil
	}
	return tokens[0].Number, true, nil
}

// fillers are words that may stand between a mark and its number.
var fillers = wordSet("is are was be would will equal equals about approximately roughly around exactly the a an total of to now then therefore thus hence so " +
	"simply just only final answer boxed x y n z t us usd eur gbp rs value number negative minus ans between")

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		set[word] = true
	}
	return set
}

// filler reports whether a text between a mark and a number says nothing.
func filler(s string) bool {
	if len(s) > 80 || strings.Count(strings.TrimSpace(s), "\n") > 1 {
		return false
	}
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r > 127) }) {
		if !fillers[strings.ToLower(word)] && !strings.Contains(currencies, word) && word != "±" {
			return false
		}
	}
	return true
}
