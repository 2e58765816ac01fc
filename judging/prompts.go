package judging

import (
	"crypto/sha256"
	_ "embed" // the texts
	"encoding/hex"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

//go:embed texts/grade.txt
var gradeText string

//go:embed texts/grade_reference.txt
var gradeReferenceText string

//go:embed texts/pair.txt
var pairText string

//go:embed texts/pair_reference.txt
var pairReferenceText string

// The places of a prompt for the judge. Each is replaced by a text between marked lines, and
// placeMark by the mark.
const (
	placePrompt    = "{prompt}"
	placeAnswer    = "{answer}"
	placeA         = "{answer_a}"
	placeB         = "{answer_b}"
	placeReference = "{reference}"
	placeMark      = "{mark}"
)

// Prompts are the texts with which a judge is asked.
type Prompts struct {
	Name   string // Name is "built in" or the path of the user's file
	SHA256 string // SHA256 is the hex digest of the texts; labels of different texts are not comparable
	plain  string // plain asks about a row without a reference
	known  string // known asks about a row with one; "" if plain asks about all rows
}

// NewPrompts returns the built-in texts of a mode. reference says that rows may have a correct
// answer.
func NewPrompts(m Mode, reference bool) Prompts {
	p := Prompts{Name: "built in", plain: gradeText, known: gradeReferenceText}
	if m == Pair {
		p.plain, p.known = pairText, pairReferenceText
	}
	if !reference {
		p.known = ""
	}
	p.SHA256 = digestOf(p.plain, p.known)
	return p
}

// ReadPrompts reads the user's own text. It needs the places {prompt} and {answer}, or in pairs
// {answer_a} and {answer_b}, and {reference} if and only if the rows have correct answers.
func ReadPrompts(path string, m Mode, reference bool) (Prompts, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return Prompts{}, err
	}
	p := Prompts{Name: path, plain: string(raw), SHA256: digestOf(string(raw), "")}
	return p, checkPlaces(path, p.plain, placesOf(m, reference))
}

// placesOf lists the places that a text needs.
func placesOf(m Mode, reference bool) []string {
	places := []string{placePrompt, placeAnswer}
	if m == Pair {
		places = []string{placePrompt, placeA, placeB}
	}
	if reference {
		places = append(places, placeReference)
	}
	return places
}

// place matches what looks like a place.
var place = regexp.MustCompile(`\{[a-z_]+\}`)

// checkPlaces checks that a text has all places that it needs, and no unknown ones.
func checkPlaces(path, in string, needed []string) error {
	for _, p := range needed {
		if !strings.Contains(in, p) {
			return hint.With(fmt.Errorf("%q: found no %s, expected it where that text belongs", path, p),
				"the prompt for the judge needs "+strings.Join(needed, ", "))
		}
	}
	known := append(slices.Clone(needed), placeMark)
	for _, found := range place.FindAllString(in, -1) {
		if slices.Contains(known, found) {
			continue
		}
		err := fmt.Errorf("%q: found %s, expected only %s", path, found, strings.Join(known, ", "))
		if found == placeReference {
			return hint.With(err, "name the column with the correct answers: --gold COLUMN")
		}
		return hint.DidYouMean(err, found, known)
	}
	return nil
}

func digestOf(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%d\n%s", len(t), t)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// material holds the texts of one question. b is nil unless two answers are compared.
type material struct {
	prompt    string
	a         string
	b         *string
	reference *string // nil if the row has none
}

// fill returns the question about a material. Texts are put in at once, so that a place inside of a
// text stays as it is.
func (p Prompts) fill(m material) string {
	texts := []string{m.prompt, m.a}
	template, reference := p.plain, "(none)"
	if m.b != nil {
		texts = append(texts, *m.b)
	}
	if m.reference != nil {
		reference = *m.reference
		texts = append(texts, reference)
		if p.known != "" {
			template = p.known
		}
	}
	mark := markOf(texts...)
	pairs := []string{placeMark, mark, placePrompt, fenced("request", m.prompt, mark), placeReference, fenced("reference", reference, mark)}
	if m.b == nil {
		pairs = append(pairs, placeAnswer, fenced("answer", m.a, mark))
	} else {
		pairs = append(pairs, placeA, fenced("first answer", m.a, mark), placeB, fenced("second answer", *m.b, mark))
	}
	return strings.NewReplacer(pairs...).Replace(template)
}
