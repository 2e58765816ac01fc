package features

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kinds of lists, the likeliest to hold answer choices first.
const (
	capitalList = iota // A. B. C.
	smallList          // a) b) c)
	scriptList         // labels of other scripts, such as circled digits
	numberList         // 1. 2. 3.
	bulletList
	listKinds
)

// maxItems is the largest number of items of a list that are kept.
const maxItems = 64

// item is an item of a list: where its label begins, and where its text does.
type item struct{ label, text int }

// list is a list of items with labels of one kind that follow each other.
type list struct {
	items  []item
	next   rune // the label that continues the list: a letter, or a number
	closer rune // the sign after its labels
}

// outline finds lists in a text: lines that begin with a label or a bullet, and labels with a
// closing bracket inside lines.
type outline struct {
	open, last [listKinds]list // the list that may go on, and the last one with two or more items
	lines      int             // lines that begin with a label or bullet
	chosen     int             // kind of the list with the choices
	choices    []item          // its items; empty if there are none
	end        int             // where its last item ends
}

// cleared returns an outline without lists, with the memory of this one.
func (o outline) cleared() outline {
	var out outline
	for k := range o.open {
		out.open[k].items, out.last[k].items = o.open[k].items[:0], o.last[k].items[:0]
	}
	return out
}

// look looks for a label at i, before which white space or nothing stands. It returns where a
// label ends that begins a list or continues one, or i.
func (o *outline) look(text string, i int, lineStart bool) int {
	if c := text[i]; c < utf8.RuneSelf && kinds[c] == letter && (i+1 == len(text) || text[i+1] < utf8.RuneSelf && !isCloser(rune(text[i+1]))) {
		return i // the usual word
	}
	if lineStart && o.bullet(text, i) {
		return i
	}
	l := readLabel(text, i, lineStart)
	if l.end == 0 || !o.add(l, i) {
		return i
	}
	if lineStart {
		o.lines++
	}
	return l.end
}

// bullet adds an item if a bullet is at i.
func (o *outline) bullet(text string, i int) bool {
	r, size := utf8.DecodeRuneInString(text[i:])
	next, _ := utf8.DecodeRuneInString(text[i+size:])
	if !strings.ContainsRune("-*+\u2022\u00B7\u25AA\u25CF\u2013\u2014", r) || !unicode.IsSpace(next) {
		return false
	}
	o.lines++
	if l := &o.open[bulletList]; len(l.items) < maxItems {
		l.items = append(l.items, item{i, i + size})
	}
	return true
}

// add adds an item with the label to the list that it continues, or begins a list with it. It
// reports whether it does either.
func (o *outline) add(l label, i int) bool {
	open := &o.open[l.kind]
	switch {
	case len(open.items) > 0 && l.value == open.next && l.closer == open.closer:
	case l.first():
		o.put(l.kind)
	default:
		return false
	}
	open.next, open.closer = following(l.value), l.closer
	if len(open.items) < maxItems {
		open.items = append(open.items, item{i, l.end})
	}
	return true
}

// put puts the open list of a kind aside if it has two or more items, and empties it.
func (o *outline) put(kind int) {
	if len(o.open[kind].items) > 1 {
		o.open[kind], o.last[kind] = o.last[kind], o.open[kind]
	}
	o.open[kind].items = o.open[kind].items[:0]
}

// finish chooses the list with the choices: the last one with two or more items of the first kind
// that has one. The last item ends with its line.
func (o *outline) finish(text string) {
	o.chosen, o.choices = listKinds, nil
	for k := range o.open {
		o.put(k)
		if items := o.last[k].items; len(items) > 0 {
			o.chosen, o.choices = k, items
			break
		}
	}
	if len(o.choices) == 0 {
		return
	}
	o.end = len(text)
	from := o.choices[len(o.choices)-1].text
	if n := strings.IndexAny(text[from:], "\n\r"); n >= 0 {
		o.end = from + n
	}
}

// choice returns the text of choice k.
func (o *outline) choice(text string, k int) string {
	end := o.end
	if k+1 < len(o.choices) {
		end = o.choices[k+1].label
	}
	return strings.TrimSpace(text[o.choices[k].text:end])
}
