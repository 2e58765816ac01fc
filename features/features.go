// Package features computes cues. A cue is a number computed from a prompt's text that says
// something about how hard the prompt is: how many of its answer choices are numbers, how rare its
// words are, whether it asks for code. [All] lists the cues with their definitions, [Of] computes
// them. docs/features.md prints the list.
//
// Every cue lies in [0,1] and is a whole multiple of [Step], so that a cue that was stored in a
// file equals one that is computed again. The cues of a text do not change with white space at
// its end, with the kind of its line breaks or with its Unicode normalisation form.
package features

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/routellm/routellm/routers/encoder"
)

// revision counts the changes of the code that change a cue's value without changing a name or a
// list of words. A test fails where it has to grow.
const revision = 2

// Feature describes one cue.
type Feature struct {
	Name       string // Name is unique and stable
	Group      string // Group names the cues that belong together; they follow each other in All
	Definition string // Definition says what the cue measures, and on which scale
}

// groups lists all cues. The order is that of [All] and [Of].
var groups = []struct {
	name string
	cues []cue
}{
	{"choices", choiceCues},
	{"numbers", numberCues},
	{"maths", mathsCues},
	{"code", codeCues},
	{"words", wordCues},
	{"readability", readabilityCues},
	{"question", questionCues},
	{"request", requestCues},
}

// Count is the number of cues.
var Count = len(All())

// All returns the cues in the order of [Of].
func All() []Feature {
	var all []Feature
	for _, g := range groups {
		for _, c := range g.cues {
			all = append(all, Feature{c.name, g.name, c.definition})
		}
	}
	return all
}

// Of returns the cues of a text, one per entry of [All], each a multiple of [Step] in [0,1]. Runs
// of bytes that are not UTF-8 count as one character. The running time is linear in the length of
// the text. Concurrent calls are safe.
func Of(text string) []float32 {
	s := scans.Get().(*scan)
	defer scans.Put(s)
	s.read(canonical(text))
	out := make([]float32, 0, Count)
	for _, g := range groups {
		for _, c := range g.cues {
			out = append(out, stepped(c.value(s)))
		}
	}
	s.text = "" // which may be long
	return out
}

// OfAll returns the cues of each text, on all cores.
func OfAll(texts []string) [][]float32 {
	out := make([][]float32, len(texts))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(texts)); i = next.Add(1) - 1 {
				out[i] = Of(texts[i])
			}
		})
	}
	wait.Wait()
	return out
}

var scans = sync.Pool{New: func() any { return new(scan) }}

// canonical returns the text in the form in which it is scanned: valid UTF-8 in form NFC, with
// line breaks of one character, without white space at its end.
func canonical(text string) string {
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, string(utf8.RuneError))
	}
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	return norm.NFC.String(text)
}

// SHA256 returns the hex digest of what determines the cues: their names and order, the lists of
// words, the vocabulary and the revision of the code. Cues of different digests cannot be mixed.
func SHA256() string { return digest() }

var digest = sync.OnceValue(func() string {
	h := sha256.New()
	fmt.Fprintf(h, "cues %d\n%s\n", revision, encoder.StaticDigest)
	for _, f := range All() {
		fmt.Fprintln(h, f.Name)
	}
	for _, l := range lists {
		io.WriteString(h, l.words+"\n")
	}
	return hex.EncodeToString(h.Sum(nil))
})
