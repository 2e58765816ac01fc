package prompttext

import (
	"regexp"
	"strconv"
	"strings"
)

// chatStart matches the beginning of chat messages in JSON or Python.
var chatStart = regexp.MustCompile(`^\s*(\[\s*)?\{\s*["'](role|content|messages|conversations?|contents|from)["']\s*:`)

func beginsLikeChat(text string) bool { return chatStart.MatchString(text) }

// maybeLiteral reports whether a text begins like a list or an object.
func maybeLiteral(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	return text != "" && (text[0] == '[' || text[0] == '{' || strings.HasPrefix(text, "array(") || strings.HasPrefix(text, "np.array("))
}

// state says what literalToJSON found.
type state int

const (
	other   state = iota // not a literal, or one with text after it
	literal              // a literal and nothing else
	cut                  // the text ends within a literal
	elided               // a list from which numpy's printing left out items
	named                // a literal with an escape such as \N{DASH}, which only Python can read
)

// literalToJSON converts a list or dictionary, as Python's repr and numpy print it, to JSON.
// Differing from Python, texts without a comma between them are items of their own, as in
// numpy's arrays, line breaks may stand within texts, and JSON's words are known too. The words
// None and nan become null. A call becomes its first argument, as in array([...], dtype=object),
// or an object of its named arguments, as in HumanMessage(content='...').
func literalToJSON(text string) (converted string, s state) {
	p := parser{in: text}
	p.value()
	p.space()
	switch {
	case p.state == literal && p.at < len(p.in):
		return "", other
	case p.state == literal && p.odd != other:
		return "", p.odd
	}
	return string(p.out), p.state
}

// deepest bounds the nesting of literals, far above that of prompts.
const deepest = 100

// parser reads a literal and writes it as JSON. It stops at the first byte that does not belong
// to one.
type parser struct {
	in    string
	at    int
	out   []byte
	depth int
	state state // literal after a complete value
	bad   bool  // whether parsing has failed, for which state then says why
	odd   state // elided or named once something like it was read
}

// fail ends the parsing. What is found first counts.
func (p *parser) fail(s state) {
	if !p.bad {
		p.bad, p.state = true, s
	}
	p.at = len(p.in)
}

// peek returns the next byte, or fails at the end of the text.
func (p *parser) peek() byte {
	if p.at >= len(p.in) {
		p.fail(cut)
		return 0
	}
	return p.in[p.at]
}

func (p *parser) space() {
	for p.at < len(p.in) && strings.IndexByte(" \t\r\n", p.in[p.at]) >= 0 {
		p.at++
	}
}

// value converts one value.
func (p *parser) value() {
	p.space()
	c := p.peek()
	if p.depth++; p.depth > deepest {
		p.fail(other)
	}
	switch {
	case p.bad:
	case c == '[':
		p.list(']')
	case c == '(':
		p.list(')')
	case c == '{':
		p.dict()
	case c == '\'' || c == '"':
		p.text(c)
	case strings.HasPrefix(p.in[p.at:], "..."):
		p.at += len("...")
		p.odd, p.out = elided, append(p.out, "null"...)
	case c == '-' || c == '+' || c == '.' || isDigit(c):
		p.number()
	default:
		p.word()
	}
	p.depth--
	if !p.bad {
		p.state = literal
	}
}

// next reports whether another item follows in a list or dictionary that ends with end, and
// skips the comma before it. numpy writes no commas.
func (p *parser) next(end byte, items int, commas bool) bool {
	p.space()
	if p.peek() == ',' && items > 0 {
		p.at++
		p.space()
	} else if items > 0 && commas && p.peek() != end {
		p.fail(other)
	}
	if p.peek() == end {
		p.at++
		return false
	}
	return !p.bad
}

func (p *parser) list(end byte) {
	p.at++
	p.out = append(p.out, '[')
	for n := 0; p.next(end, n, false); n++ {
		p.comma(n)
		p.value()
	}
	p.out = append(p.out, ']')
}

func (p *parser) comma(items int) {
	if items > 0 {
		p.out = append(p.out, ',')
	}
}

// dict converts a dictionary. A set is none, and no prompt is stored as one.
func (p *parser) dict() {
	p.at++
	p.out = append(p.out, '{')
	for n := 0; p.next('}', n, true); n++ {
		p.comma(n)
		p.key()
		p.space()
		if p.peek() != ':' {
			p.fail(other)
			return
		}
		p.at++
		p.out = append(p.out, ':')
		p.value()
	}
	p.out = append(p.out, '}')
}

// key converts the key of a dictionary to a text.
func (p *parser) key() {
	start := len(p.out)
	p.value()
	if !p.bad && p.out[start] != '"' {
		p.out = appendQuoted(p.out[:start], string(p.out[start:]))
	}
}

// number converts a number, which need not be one that JSON can write.
func (p *parser) number() {
	start := p.at
	for p.at < len(p.in) && (isLetter(p.in[p.at]) || isDigit(p.in[p.at]) || strings.IndexByte("+-._", p.in[p.at]) >= 0) {
		p.at++
	}
	token := p.in[start:p.at]
	v, err := strconv.ParseFloat(strings.TrimSuffix(token, "j"), 64)
	switch {
	case err != nil:
		p.fail(other)
	case v-v != 0:
		p.out = append(p.out, "null"...)
	default:
		p.out = strconv.AppendFloat(p.out, v, 'g', -1, 64)
	}
}

// words are the names that stand for values, in Python, numpy and JSON.
var words = map[string]string{
	"None": "null", "null": "null", "nan": "null", "NaN": "null", "inf": "null", "Infinity": "null", "NaT": "null",
	"True": "true", "true": "true", "False": "false", "false": "false",
}

// word converts a named value, a text with a prefix such as b'...', or a call.
func (p *parser) word() {
	start := p.at
	for p.at < len(p.in) && (isLetter(p.in[p.at]) || p.in[p.at] == '.' || p.at > start && isDigit(p.in[p.at])) {
		p.at++
	}
	name := p.in[start:p.at]
	switch {
	case name == "":
		p.fail(other)
	case words[name] != "" && p.at < len(p.in):
		p.out = append(p.out, words[name]...)
	case p.at >= len(p.in):
		p.fail(cut)
	case (name == "b" || name == "u") && (p.in[p.at] == '\'' || p.in[p.at] == '"'):
		p.text(p.in[p.at])
	case p.in[p.at] == '(':
		p.call(name)
	default:
		p.fail(other)
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' }
