package grading

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strings"

	"github.com/routellm/routellm/datasets/finalanswer"
)

// comparer reads an answer and compares it with references.
type comparer interface {
	// read returns what the answer comes to, and the same for people. An error says why it cannot be
	// read.
	read(t Task) (reading any, shown string, err error)
	// match returns what a reading is worth by one reference, in [0,1]. reading is nil if the answer
	// could not be read: the value does not matter then, but the errors do. An error says why the
	// reference cannot be read.
	match(reading any, reference string, t Task) (float64, error)
}

// comparing is a grader that compares what it reads with each reference.
type comparing struct {
	by      comparer
	options Options
}

// Grade implements [Grader].
func (c *comparing) Grade(_ context.Context, t Task) (Grade, error) {
	reading, shown, unread := c.by.read(t)
	if unread != nil {
		reading = nil
	}
	best, least, sum, n := 0.0, 1.0, 0.0, 0
	var wrong error
	for _, reference := range c.references(t.Reference) {
		v, err := c.by.match(reading, reference, t)
		if err != nil {
			wrong = err
			continue
		}
		n++
		best, least, sum = max(best, v), min(least, v), sum+v
	}
	switch {
	case isFatal(wrong):
		return Grade{}, wrong
	case n == 0:
		return Grade{Value: math.NaN(), Read: shown, Why: whyOf(wrong)}, nil
	case unread != nil:
		return Grade{Value: 0, Why: unread.Error()}, nil
	}
	return Grade{Value: map[Several]float64{Any: best, All: least, Share: sum / float64(n)}[c.options.Several], Read: shown}, nil
}

func whyOf(err error) string {
	if err == nil {
		return "no reference"
	}
	return err.Error()
}

// references takes the cell of the references apart.
func (c *comparing) references(cell string) []string {
	if c.options.Separator != "" {
		var out []string
		for part := range strings.SplitSeq(cell, c.options.Separator) {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
		return out
	}
	switch c.by.(type) {
	case documents, *patterns: // a list is a document, and ["ab"] a pattern
		return []string{cell}
	}
	if list := listOf(cell); list != nil {
		return list
	}
	return []string{cell}
}

// listOf returns the items of a JSON list of texts, numbers and truth values, else nil.
func listOf(cell string) []string {
	if trimmed := strings.TrimSpace(cell); !strings.HasPrefix(trimmed, "[") || !strings.HasSuffix(trimmed, "]") {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(cell)))
	d.UseNumber()
	var items []any
	if d.Decode(&items) != nil || len(items) == 0 {
		return nil
	}
	var out []string
	for _, item := range items {
		switch v := item.(type) {
		case string:
			out = append(out, v)
		case json.Number:
			out = append(out, v.String())
		case bool:
			out = append(out, map[bool]string{true: "true", false: "false"}[v])
		default:
			return nil
		}
	}
	return out
}

// numbers reads numbers.
type numbers struct{ tolerance float64 }

func (n numbers) read(t Task) (any, string, error) {
	x, err := finalanswer.ReadNumber(t.Answer)
	return x, x.String(), err
}

func (n numbers) match(reading any, reference string, _ Task) (float64, error) {
	want, err := finalanswer.ReadNumber(reference)
	if err != nil || reading == nil {
		return 0, err
	}
	return right(reading.(finalanswer.Number).Equal(want, n.tolerance)), nil
}

// right returns the value of an answer that is right or wrong.
func right(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
