package prompttext

import (
	"errors"
	"strings"
)

// Tags are the names of tags that mark what a client adds to a user's message, such as
// system-reminder. The zero value has none.
type Tags struct {
	index   map[string]int // a number for each name, in lower case
	longest int            // number of bytes in the longest name
}

// NewTags returns the tags with the given names; case does not matter. A name has ASCII letters,
// digits and the characters _ - . : in it, and begins with a letter or _.
func NewTags(names []string) (Tags, error) {
	t := Tags{index: map[string]int{}}
	for _, name := range names {
		if name == "" || nameEnd(name, 0, len(name)) != len(name) || !isLetter(name[0]) {
			return Tags{}, errors.New("expected the name of a tag, such as system-reminder")
		}
		name = strings.ToLower(name)
		if _, known := t.index[name]; !known {
			t.index[name] = len(t.index)
		}
		t.longest = max(t.longest, len(name))
	}
	return t, nil
}

// Drop returns a text without its tagged parts, and whether there were any. A part reaches from
// an opening tag, which may have attributes, to its closing tag; parts in it belong to it. A
// self-closing tag is a part of its own. Tags without a partner stay, because they may be what
// the text is about. Where something is dropped, white space around the rest is, too. The running
// time is linear in the length of the text.
func (t Tags) Drop(text string) (rest string, dropped bool) {
	if len(t.index) == 0 {
		return text, false
	}
	parts := t.find(text)
	if len(parts) == 0 {
		return text, false
	}
	var out strings.Builder
	at := 0
	for _, p := range parts {
		out.WriteString(text[at:p.from])
		at = p.to
	}
	out.WriteString(text[at:])
	return strings.TrimSpace(out.String()), true
}

// part is the byte range of a tagged part.
type part struct{ from, to int }

// find returns the tagged parts of a text, in order and apart from each other.
func (t Tags) find(text string) []part {
	f := finder{opened: make([]int, len(t.index))}
	for at := strings.IndexByte(text, '<'); at >= 0; {
		m := t.markAt(text, at)
		f.take(m, at)
		next := strings.IndexByte(text[m.end:], '<')
		if next < 0 {
			break
		}
		at = m.end + next
	}
	return f.parts
}

// finder pairs opening and closing tags.
type finder struct {
	open   []opening // tags that are not closed yet
	opened []int     // number of these by tag
	parts  []part
}

type opening struct{ tag, at int }

func (f *finder) take(m mark, at int) {
	switch m.kind {
	case opens:
		f.open = append(f.open, opening{m.tag, at})
		f.opened[m.tag]++
	case whole:
		f.parts = append(f.parts, part{at, m.end})
	case closes:
		f.close(m)
	}
}

// close ends the last open part of a closing tag. Openings after it have no partner.
func (f *finder) close(m mark) {
	if f.opened[m.tag] == 0 {
		return
	}
	for {
		last := f.open[len(f.open)-1]
		f.open = f.open[:len(f.open)-1]
		f.opened[last.tag]--
		if last.tag == m.tag {
			f.add(part{last.at, m.end})
			return
		}
	}
}

// add adds a part in place of those within it.
func (f *finder) add(p part) {
	n := len(f.parts)
	for n > 0 && f.parts[n-1].from > p.from {
		n--
	}
	f.parts = append(f.parts[:n], p)
}

// mark is a tag in a text.
type mark struct {
	kind int // none if it is not one of the tags
	tag  int
	end  int // where to read on
}

const none, opens, closes, whole = 0, 1, 2, 3

// markAt reads the tag that begins at a "<". XML allows no "<" inside a tag; hence none is read
// past the next one, which also keeps the running time linear.
func (t Tags) markAt(text string, at int) mark {
	from, closing := at+1, false
	if from < len(text) && text[from] == '/' {
		from, closing = from+1, true
	}
	end := nameEnd(text, from, t.longest)
	if end == from || end == len(text) || strings.IndexByte("> \t\r\n/", text[end]) < 0 {
		return mark{end: from}
	}
	tag, ok := t.index[strings.ToLower(text[from:end])]
	if !ok {
		return mark{end: end}
	}
	length := strings.IndexAny(text[end:], "<>")
	if length < 0 {
		return mark{end: len(text)}
	}
	last := end + length
	switch {
	case text[last] == '<' || closing && strings.TrimSpace(text[end:last]) != "":
		return mark{end: last}
	case closing:
		return mark{closes, tag, last + 1}
	case text[last-1] == '/':
		return mark{whole, tag, last + 1}
	}
	return mark{opens, tag, last + 1}
}

// nameEnd returns the end of the name that begins at a position, of at most longest bytes.
func nameEnd(text string, from, longest int) int {
	end := from
	for end < min(len(text), from+longest) && (isLetter(text[end]) || isDigit(text[end]) || strings.IndexByte("-.:", text[end]) >= 0) {
		end++
	}
	return end
}
