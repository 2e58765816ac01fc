package report

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	g "maragu.dev/gomponents"

	h "github.com/routellm/routellm/cmd/routellm/internal/report/markup"
	"github.com/routellm/routellm/internal/text"
)

// MaxTexts is the size in bytes that the texts of a table of samples may have before they are
// compressed, which makes them about three times smaller.
const MaxTexts = 6_000_000

// limits lists the lengths in characters to which texts are shortened: the first with which they are
// small enough. 0 leaves them out.
var limits = []int{8000, 4000, 2000, 1000, 700, 500, 350, 250, 180, 120, 0}

// limit returns the length to which texts are shortened.
func (t *Texts) limit() int {
	for _, n := range limits {
		if t.size(n) <= MaxTexts {
			return n
		}
	}
	return 0
}

// size returns about how many bytes the texts have if they are shortened to n characters.
func (t *Texts) size(n int) int {
	sum := 0
	for _, column := range [][]string{t.Prompts, t.Strong, t.Weak} {
		for _, x := range column {
			sum += min(len(x), n*len(x)/max(1, utf8.RuneCountInString(x))) + 3
		}
	}
	return sum
}

// note says which texts the page holds, and to what they are shortened.
func (t *Texts) note() g.Node {
	if t == nil {
		return nil
	}
	what := "Prompts"
	switch answers := t.Strong != nil || t.Weak != nil; {
	case answers && t.Prompts == nil:
		what = "Answers"
	case answers:
		what = "Prompts and answers"
	}
	n := t.limit()
	cut := 0
	for _, column := range [][]string{t.Prompts, t.Strong, t.Weak} {
		for _, x := range column {
			if utf8.RuneCountInString(x) > n {
				cut++
			}
		}
	}
	said := what + " are in this page, compressed."
	switch {
	case n == 0:
		said = what + " are not in this page, as there are too many."
	case cut > 0:
		said = fmt.Sprintf("%s are in this page, compressed. To keep it small, %s of more than %s %s shortened.",
			what, text.Plural(cut, "text"), text.Plural(n, "character"), text.Agree(cut, "is", "are"))
	}
	return ln(h.P(h.Class("held"), h.Text(said)))
}

// searched names what the field for searching looks into.
func (t *Texts) searched() string {
	if t == nil {
		return "ids and tasks"
	}
	return "ids, tasks and texts"
}

// embed returns the texts as base64 of compressed JSON: a list of columns, null for a missing one, each
// with one text per sample. It returns "" for none.
func (t *Texts) embed() (string, error) {
	if t == nil {
		return "", nil
	}
	n := t.limit()
	if n == 0 {
		return "", nil
	}
	short := func(texts []string) []string {
		if texts == nil {
			return nil
		}
		out := make([]string, len(texts))
		for i, x := range texts {
			out[i] = shortened(x, n)
		}
		return out
	}
	raw, err := json.Marshal([][]string{short(t.Prompts), short(t.Strong), short(t.Weak)})
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(raw); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// shortened returns the first n characters of a text, with a sign where it goes on.
func shortened(x string, n int) string {
	if utf8.RuneCountInString(x) <= n {
		return x
	}
	return string([]rune(x)[:n]) + " …"
}
