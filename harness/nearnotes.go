package harness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// examples is the number of near copies whose ids are shown.
const examples = 3

// counted returns, for each router, the rows among the given ones that are near copies of
// its training prompts. ids has one sample id per row of the data set.
func (n *near) counted(all []lesson, rows []int, ids []string) []results.NearCopies {
	var out []results.NearCopies
	for _, l := range all {
		c := results.NearCopies{Router: l.label, TrainingPrompts: len(l.prompts) - l.unsigned, Unsearched: l.unsigned, SampleIDs: []string{}}
		for _, i := range rows {
			switch {
			case n.to(l, i):
				c.Samples++
				if len(c.SampleIDs) < examples {
					c.SampleIDs = append(c.SampleIDs, ids[i])
				}
			case n.unseen[i]:
				c.UnseenSamples++
			}
		}
		out = append(out, c)
	}
	return out
}

// noteNear tells the user what was found on a benchmark, once for all routers with the same
// near copies. excluded says that they were left out.
func noteNear(f Feedback, name string, found []results.NearCopies, excluded bool) {
	for len(found) > 0 {
		first := found[0]
		same := func(c results.NearCopies) bool {
			return c.Samples == first.Samples && slices.Equal(c.SampleIDs, first.SampleIDs)
		}
		var labels []string
		for _, c := range found {
			if same(c) {
				labels = append(labels, c.Router)
			}
		}
		found = slices.DeleteFunc(slices.Clone(found), same)
		for _, note := range nearNotes(name, list(labels), first, excluded) {
			f.note("%s", note)
		}
	}
}

// noteUnsigned tells the user which routers' training prompts cannot be looked for.
func noteUnsigned(f Feedback, all []lesson) {
	for _, l := range all {
		if l.unsigned > 0 {
			f.note("near copies of %s of %s cannot be looked for: the model file has no signatures of them; train it again on data with the prompts' text",
				text.Plural(l.unsigned, "training prompt"), l.label)
		}
	}
}

// nearNotes returns what there is to say of one router, or of several with the same near
// copies.
func nearNotes(name, labels string, c results.NearCopies, excluded bool) []string {
	var out []string
	samples, are, them := text.Plural(c.Samples, "sample"), "are near copies", "them"
	if c.Samples == 1 {
		are, them = "is a near copy", "it"
	}
	examples := strings.Join(c.SampleIDs, ", ")
	if more := c.Samples - len(c.SampleIDs); more > 0 {
		examples += fmt.Sprintf(" and %s more", text.Thousands(more))
	}
	switch {
	case c.Samples == 0:
	case excluded:
		out = append(out, fmt.Sprintf("%s: left out %s that %s of training prompts of %s: %s", name, samples, are, labels, examples))
	default:
		out = append(out, fmt.Sprintf("warning: %s: %s %s of training prompts of %s, which may flatter the results: %s; eval, compare and calibrate leave %s out with --exclude-near", name, samples, are, labels, examples, them))
	}
	if c.UnseenSamples > 0 {
		out = append(out, fmt.Sprintf("%s: %s without text cannot be searched for near copies of training prompts", name, text.Plural(c.UnseenSamples, "sample")))
	}
	return out
}

// list joins names with commas and "and".
func list(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
