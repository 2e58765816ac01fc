// Package finalanswer reads what an answer of a language model comes to: a number with [ReadNumber],
// or one of several choices with [Choices.Read]. Grading and audits read answers alike, because both
// read them here.
//
// A text that names two answers, or none, has no reading: the error says what was found.
package finalanswer

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Errors of texts without a reading. The last one wraps what the text names.
var (
	ErrEmpty     = errors.New("the answer is empty")
	ErrThinking  = errors.New("the answer ends while the model is still thinking")
	ErrNone      = errors.New("no clear answer")
	ErrAmbiguous = errors.New("several answers")
)

// Spoken returns the part of a text that is the answer: what follows a model's thoughts. The error is
// [ErrThinking] if they do not end, or [ErrEmpty].
func Spoken(text string) (string, error) {
	for _, tag := range []string{"think", "thinking", "reasoning"} {
		if i := strings.LastIndex(text, "</"+tag+">"); i >= 0 {
			text = text[i+len(tag)+3:]
		}
		if strings.Contains(text, "<"+tag+">") {
			return "", ErrThinking
		}
	}
	if strings.TrimSpace(text) == "" {
		return "", ErrEmpty
	}
	return text, nil
}

// boxed returns the contents of the last \boxed{...} of a text and where it begins, -1 if there is
// none. A box that is not closed ends with the text.
func boxed(text string) (content string, at int) {
	at = strings.LastIndex(text, `\boxed`)
	if f := strings.LastIndex(text, `\fbox`); f > at {
		at = f
	}
	if at < 0 {
		return "", -1
	}
	open := strings.IndexByte(text[at:], '{')
	if open < 0 {
		return strings.TrimLeft(text[at:], `\abcdefghijklmnopqrstuvwxyz `), at
	}
	content = text[at+open+1:]
	depth := 1
	for i := range len(content) {
		switch content[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return content[:i], at
			}
		}
	}
	return content, at
}

// Excerpt returns the end of a text in one line of at most n characters, for messages. Control
// characters become spaces.
func Excerpt(text string, n int) string {
	if most := 16 * n; len(text) > most { // enough for n characters after some spaces
		text = text[len(text)-most:]
	}
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	letters := []rune(strings.Join(strings.Fields(text), " "))
	if len(letters) > n {
		return "…" + string(letters[len(letters)-n+1:])
	}
	return string(letters)
}
