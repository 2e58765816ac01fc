package importers

import "bufio"

// lenient passes JSON on in which the words NaN, Infinity and -Infinity, as Python writes them,
// have become values of the same length that mean not measured.
type lenient struct {
	r       *bufio.Reader
	quoted  bool   // inside a string
	escaped bool   // after a backslash in a string
	pending string // rest of a word's replacement, for the bytes that come next
}

// notMeasured replaces the words that JSON lacks.
var notMeasured = [][2]string{{"NaN", `"" `}, {"-Infinity", "null     "}, {"Infinity", "null    "}}

func (l *lenient) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i := 0; i < n; i++ {
		switch c := p[i]; {
		case l.pending != "":
			p[i], l.pending = l.pending[0], l.pending[1:]
		case l.escaped:
			l.escaped = false
		case l.quoted:
			l.quoted, l.escaped = c != '"', c == '\\'
		case c == '"':
			l.quoted = true
		case c == 'N' || c == 'I' || c == '-':
			if l.pending = l.replacement(p[i:n]); l.pending != "" {
				p[i], l.pending = l.pending[0], l.pending[1:]
			}
		}
	}
	return n, err
}

// replacement returns what stands for the word at the beginning of text, of which the rest may not
// be read yet; "" if there is none.
func (l *lenient) replacement(text []byte) string {
	for _, w := range notMeasured {
		have := min(len(text), len(w[0]))
		if string(text[:have]) != w[0][:have] {
			continue
		}
		next, _ := l.r.Peek(len(w[0]) - have)
		if string(next) == w[0][have:] {
			return w[1]
		}
	}
	return ""
}
