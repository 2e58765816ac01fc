package grading

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/finalanswer"
)

// documents compares JSON documents by what they mean.
type documents struct{ options Options }

var errNoJSON = errors.New("no JSON document")

func (d documents) read(t Task) (any, string, error) {
	text, err := finalanswer.Spoken(t.Answer)
	if err != nil {
		return nil, "", err
	}
	v, err := findJSON(text)
	if err != nil {
		return nil, "", err
	}
	shown, _ := json.Marshal(v.value)
	return v, finalanswer.Excerpt(string(shown), 60), nil
}

// parsed is a document, which may be null.
type parsed struct{ value any }

// fence matches a block of code.
var fence = regexp.MustCompile("(?s)```[ \\t]*[A-Za-z0-9_+-]*[ \\t]*\r?\n(.*?)(?:```|$)")

// findJSON returns the document in an answer: the answer itself, or else the last block of code that
// is one, or else the last object or list in the text that is one.
func findJSON(text string) (parsed, error) {
	if v, err := parseJSON(text); err == nil {
		return v, nil
	}
	blocks := fence.FindAllStringSubmatch(text, -1)
	for _, m := range slices.Backward(blocks) {
		if v, err := parseJSON(m[1]); err == nil {
			return v, nil
		}
	}
	const most = 200 // tries, which take time in a text of brackets
	found, err := parsed{}, errNoJSON
	for from, tries := 0, 0; from < len(text) && tries < most; tries++ {
		at := strings.IndexAny(text[from:], "{[")
		if at < 0 {
			break
		}
		from += at
		decoder := json.NewDecoder(strings.NewReader(text[from:]))
		decoder.UseNumber()
		var v any
		if decoder.Decode(&v) != nil {
			from++
			continue
		}
		found, err = parsed{v}, nil
		from += int(decoder.InputOffset())
	}
	return found, err
}

func parseJSON(text string) (parsed, error) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return parsed{}, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return parsed{}, errors.New("more than one document")
	}
	return parsed{v}, nil
}

func (d documents) match(reading any, reference string, _ Task) (float64, error) {
	if err := blank(reference); err != nil {
		return 0, err
	}
	want, err := parseJSON(reference)
	if err != nil {
		return 0, fmt.Errorf("the reference is no JSON document: %w", err)
	}
	if reading == nil {
		return 0, nil
	}
	hits, all := d.compare(reading.(parsed).value, want.value)
	if d.options.Partial {
		return float64(hits) / float64(all), nil
	}
	return right(hits == all), nil
}

// compare counts the leaves of the wanted document that another has, too. Without [Options.Subset],
// leaves that only the other has count as missed.
func (d documents) compare(got, want any) (hits, all int) {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		for key, v := range w {
			x, has := g[key]
			h, n := d.compare(x, v)
			if hits, all = hits+h, all+n; !has {
				hits -= h // null is not the same as a missing key
			}
		}
		for key, v := range g {
			if _, has := w[key]; !has && !d.options.Subset {
				all += leaves(v)
			}
		}
		return hits + emptyHit(len(w), ok), all + emptyHit(len(w), true)
	case []any:
		g, ok := got.([]any)
		for i, v := range w {
			if i >= len(g) {
				all += leaves(v)
				continue
			}
			h, n := d.compare(g[i], v)
			hits, all = hits+h, all+n
		}
		for _, v := range g[min(len(w), len(g)):] {
			all += leaves(v)
		}
		return hits + emptyHit(len(w), ok), all + emptyHit(len(w), true)
	case json.Number:
		return int(right(d.sameNumber(got, w))), 1
	}
	return int(right(got == want)), 1 // want is a text, a truth value or null, which can be compared
}

// emptyHit counts an empty list or object as one leaf.
func emptyHit(n int, ok bool) int { return int(right(n == 0 && ok)) }

// leaves returns the number of leaves of a document.
func leaves(v any) int {
	n := 0
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			n += leaves(x)
		}
	case []any:
		for _, x := range v {
			n += leaves(x)
		}
	default:
		return 1
	}
	return max(n, 1)
}

func (d documents) sameNumber(got any, want json.Number) bool {
	g, ok := got.(json.Number)
	if !ok {
		return false
	}
	if g.String() == want.String() {
		return true
	}
	if whole(g) && whole(want) && d.options.Tolerance <= 1e-9 { // also beyond the precision of floating point
		return false
	}
	a, errA := g.Float64()
	b, errB := want.Float64()
	return errA == nil && errB == nil && math.Abs(a-b) <= d.options.Tolerance*max(1, math.Abs(a), math.Abs(b))
}

// whole reports whether a number has no point and no exponent.
func whole(n json.Number) bool { return !strings.ContainsAny(n.String(), ".eE") && n.String() != "-0" }
