package prompttext

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// argument matches the name of a named argument and its sign.
var argument = regexp.MustCompile(`^([A-Za-z_][A-Za-z_0-9]*)\s*=\s*`)

// typeName matches the value of an argument such as dtype=object.
var typeName = regexp.MustCompile(`^(object|str|int|float|bool)\b`)

// call converts a call: to its first argument without a name or, if all have names, to an object
// of them with the called name as its type.
func (p *parser) call(name string) {
	p.at++
	start := len(p.out)
	first, named := "", []byte(`{"type":`)
	named = appendQuoted(named, name)
	for n := 0; p.next(')', n, true); n++ {
		match := argument.FindStringSubmatch(p.in[p.at:])
		if match != nil {
			p.at += len(match[0])
		}
		p.out = p.out[:start]
		if kind := typeName.FindString(p.in[p.at:]); match != nil && kind != "" {
			p.at += len(kind)
			continue
		}
		p.value()
		switch {
		case match != nil:
			named = append(appendQuoted(append(named, ','), match[1]), ':')
			named = append(named, p.out[start:]...)
		case first == "":
			first = string(p.out[start:])
		}
	}
	if first == "" {
		first = string(append(named, '}'))
	}
	p.out = append(p.out[:start], first...)
}

// text converts a text in quotes.
func (p *parser) text(quote byte) {
	p.at++
	var b strings.Builder
	for !p.bad {
		n := strings.IndexAny(p.in[p.at:], `\`+string(quote))
		if n < 0 {
			p.fail(cut)
			return
		}
		b.WriteString(p.in[p.at : p.at+n])
		p.at += n
		if p.in[p.at] == quote {
			p.at++
			p.out = appendQuoted(p.out, b.String())
			return
		}
		p.at++
		p.escape(&b)
	}
}

// escapes are the escapes of one letter.
var escapes = map[byte]string{
	'n': "\n", 't': "\t", 'r': "\r", 'b': "\b", 'f': "\f", 'a': "\a", 'v': "\v",
	'\\': `\`, '\'': `'`, '"': `"`, '/': "/", '\n': "",
}

// digits is the number of hexadecimal digits of an escape.
var digits = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// escape writes what the escape at p.at stands for. One that Python does not know stands for
// itself. Names, as in \N{DASH}, are not known here: repr does not write them.
func (p *parser) escape(b *strings.Builder) {
	c := p.peek()
	p.at++
	plain, ok := escapes[c]
	switch {
	case p.bad:
	case ok:
		b.WriteString(plain)
	case digits[c] > 0:
		b.WriteRune(p.codePoint(c))
	case '0' <= c && c <= '7':
		b.WriteRune(p.octal(c))
	case c == 'N' && p.peek() == '{':
		p.odd = named
	default:
		b.WriteByte('\\')
		b.WriteByte(c)
	}
}

// codePoint reads the digits of an escape, and of a second one if both are a pair of surrogates.
func (p *parser) codePoint(c byte) rune {
	r := p.hex(digits[c])
	if utf16.IsSurrogate(r) && strings.HasPrefix(p.in[p.at:], `\u`) {
		at := p.at
		p.at += 2
		if both := utf16.DecodeRune(r, p.hex(4)); both != utf8.RuneError {
			return both
		}
		p.at = at
	}
	return r // WriteRune replaces an invalid one
}

// hex reads n hexadecimal digits.
func (p *parser) hex(n int) rune {
	end := min(p.at+n, len(p.in))
	v, err := strconv.ParseUint(p.in[p.at:end], 16, 32)
	if err != nil || end-p.at < n {
		p.fail(other)
		return utf8.RuneError
	}
	p.at = end
	return rune(min(v, utf8.MaxRune+1))
}

// octal reads up to two more octal digits after the first.
func (p *parser) octal(first byte) rune {
	v := rune(first - '0')
	for range 2 {
		if p.at < len(p.in) && '0' <= p.in[p.at] && p.in[p.at] <= '7' {
			v = 8*v + rune(p.in[p.at]-'0')
			p.at++
		}
	}
	return v
}

// appendQuoted appends a text as JSON.
func appendQuoted(out []byte, text string) []byte {
	quoted, _ := json.Marshal(text) // never fails for a text
	return append(out, quoted...)
}
