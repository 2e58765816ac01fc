package grading

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/routellm/routellm/datasets/finalanswer"
)

// plainWords returns a text in the form in which the kinds exact and contains compare texts: Unicode NFKC,
// case folded, words separated by one space, without punctuation but for points, commas and minus
// signs before digits and within words.
func plainWords(text string) string {
	if !ascii(text) {
		text = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(text)))
	} else {
		text = strings.ToLower(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	space, before := false, ' '
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		next, _ := utf8.DecodeRuneInString(text[i:])
		if !keeps(before, r, next) {
			space = space || unicode.IsSpace(r) || r == '/' || unicode.Is(unicode.Pd, r)
			before = r
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space, before = false, r
		b.WriteRune(r)
	}
	return b.String()
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// keeps reports whether a character between two others is part of a word.
func keeps(before, r, next rune) bool {
	switch {
	case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
		return true
	case unicode.IsSpace(r):
		return false
	case strings.ContainsRune("-−", r):
		return unicode.IsDigit(next) && !unicode.IsLetter(before) && !unicode.IsDigit(before)
	case strings.ContainsRune(".,", r):
		return unicode.IsDigit(next)
	}
	return !strings.ContainsRune("!?;:\"'`´‘’“”„«»()[]{}*_~¿¡…—–/", r) && !unicode.Is(unicode.Ps, r) && !unicode.Is(unicode.Pe, r)
}

// exact compares whole answers.
type exact struct{ strict bool }

func (e exact) read(t Task) (any, string, error) { return readText(t, e.strict) }

// readText returns an answer without a model's thoughts.
func readText(t Task, strict bool) (any, string, error) {
	text, err := finalanswer.Spoken(t.Answer)
	if strict && errors.Is(err, finalanswer.ErrEmpty) {
		return "", "", err
	}
	return text, finalanswer.Excerpt(text, 60), err
}

func (e exact) match(reading any, reference string, _ Task) (float64, error) {
	if err := blank(reference); err != nil || reading == nil {
		return 0, err
	}
	answer := reading.(string)
	if e.strict {
		return right(strings.TrimSpace(answer) == strings.TrimSpace(reference)), nil
	}
	want, got := plainWords(reference), plainWords(answer)
	if want == "" { // punctuation only
		return right(strings.TrimSpace(answer) == strings.TrimSpace(reference)), nil
	}
	return right(got == want), nil
}

func blank(reference string) error {
	if strings.TrimSpace(reference) == "" {
		return errors.New("the reference is blank")
	}
	return nil
}

// contains looks for references in answers, as whole words.
type contains struct{ strict bool }

func (c contains) read(t Task) (any, string, error) { return readText(t, c.strict) }

func (c contains) match(reading any, reference string, _ Task) (float64, error) {
	if err := blank(reference); err != nil || reading == nil {
		return 0, err
	}
	answer, want := reading.(string), strings.TrimSpace(reference)
	if !c.strict {
		if folded := plainWords(want); folded != "" {
			answer, want = plainWords(answer), folded
		}
	}
	return right(holds(answer, want)), nil
}

// holds reports whether a text holds another as whole words.
func holds(text, want string) bool {
	first, _ := utf8.DecodeRuneInString(want)
	last, _ := utf8.DecodeLastRuneInString(want)
	for from := 0; ; {
		at := strings.Index(text[from:], want)
		if at < 0 {
			return false
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(want):])
		if !joined(before, first) && !joined(last, after) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		from = at + size
	}
}

// joined reports whether two neighbouring characters belong to one word. Scripts that write words
// without spaces have no boundaries to look for.
func joined(a, b rune) bool {
	inWord := func(r rune) bool {
		return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)) &&
			!unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
	}
	return inWord(a) && inWord(b)
}

// patterns matches answers with patterns.
type patterns struct{ compiled sync.Map }

func newPatterns() *patterns { return &patterns{} }

func (p *patterns) read(t Task) (any, string, error) {
	text, err := finalanswer.Spoken(t.Answer)
	if errors.Is(err, finalanswer.ErrEmpty) {
		return "", "", nil // a pattern may ask for nothing
	}
	return text, finalanswer.Excerpt(text, 60), err
}

func (p *patterns) match(reading any, reference string, _ Task) (float64, error) {
	if reference == "" {
		return 0, errors.New("the reference is blank")
	}
	re, err := p.pattern(reference)
	if err != nil || reading == nil {
		return 0, err
	}
	return right(re.MatchString(reading.(string))), nil
}

// pattern returns a compiled pattern.
func (p *patterns) pattern(text string) (*regexp.Regexp, error) {
	if re, ok := p.compiled.Load(text); ok {
		return re.(*regexp.Regexp), nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, &ReferenceError{fmt.Errorf("pattern %q: %w", text, err)}
	}
	p.compiled.Store(text, re)
	return re, nil
}
