package harness

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/text"
)

// tell says how a table was read: what was guessed, what was left out, and how much of each
// model was measured.
func (o *opener) tell(read datasets.Reading) {
	if read.Guessed || len(read.About.Notes) > 0 {
		o.feedback.note("%s", read)
	}
	if n := read.Skipped.Rows; n > 0 {
		o.feedback.note("%s: left out %s, the first because of %s", read.Path, text.Plural(n, "bad row"), read.Skipped.First[0])
	}
	o.tellCoverage(read.Path, read.Coverage)
	for _, w := range read.Warnings {
		o.feedback.note("warning: %s: %s", read.Path, w)
	}
}

func (o *opener) tellCoverage(name string, all []datasets.Coverage) {
	if line := MeasuredNote(name, all); line != "" {
		o.feedback.note("%s", line)
	}
}

// MeasuredNote says how much of each model in a data set was measured; "" if that is everything.
func MeasuredNote(name string, all []datasets.Coverage) string {
	var parts []string
	for _, c := range all {
		if lacks := lacking(c); lacks != "" {
			parts = append(parts, fmt.Sprintf("%s on %s (%s)", c.Model, text.Thousands(c.Measured), lacks))
		}
	}
	if parts == nil {
		return ""
	}
	return fmt.Sprintf("%s: measured %s", name, strings.Join(parts, ", "))
}

// lacking says which of a model's samples have no quality, "" if none.
func lacking(c datasets.Coverage) string {
	var parts []string
	if c.Missing > 0 {
		parts = append(parts, fmt.Sprintf("no answer to %s", text.Thousands(c.Missing)))
	}
	for _, why := range slices.Sorted(maps.Keys(c.Failed)) {
		what := "not measured"
		if why != "" {
			what = why
		}
		parts = append(parts, fmt.Sprintf("%s %s", text.Thousands(c.Failed[why]), what))
	}
	if c.Repeated > 0 {
		parts = append(parts, fmt.Sprintf("%s repeated", text.Thousands(c.Repeated)))
	}
	return strings.Join(parts, ", ")
}

// countsOf says how many samples of each model were measured.
func countsOf(all []datasets.Coverage) string {
	var parts []string
	for _, c := range all {
		parts = append(parts, fmt.Sprintf("%s on %s of %s", c.Model, text.Thousands(c.Measured), text.Plural(samplesIn(c), "sample")))
	}
	return strings.Join(parts, ", ")
}

// samplesIn returns the number of samples of the table that the counts are of.
func samplesIn(c datasets.Coverage) int {
	n := c.Measured + c.Missing
	for _, failed := range c.Failed {
		n += failed
	}
	return n
}
