package gradecmd

import (
	"math"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/routellm/routellm/grading"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// TestWidth expects tables and disagreements to fit 80 columns, whatever the names and texts.
func TestWidth(t *testing.T) {
	long, wide := strings.Repeat("an-organisation/a-model-", 4), strings.Repeat("答案是二", 40)
	m := results.GradedModel{Model: long, Quality: results.Metric{Value: 1, Lo: 0.9995, Hi: 1}, Graded: 9_999_999, Unreadable: 999_999, CutShort: 99_999, Missing: 99_999, Failed: 99_999}
	if width := models(&results.Grading{Models: []results.GradedModel{m}}).Width(); width > text.Width {
		t.Errorf("the table takes %d columns", width)
	}
	d := grading.Disagreement{SampleID: wide, Reference: wide, Answers: []grading.Shown{
		{Model: long, Value: 1.0 / 3, Old: 2.0 / 3, Read: wide, Answer: wide + "\n\x1b[31m" + wide},
		{Model: "b\x1b[31m", Value: math.NaN(), Old: math.NaN(), Why: strings.Repeat("no clear answer: ", 20), Answer: strings.Repeat("x ", 200)},
	}}
	for _, line := range lines(d) {
		if width := twwidth.Width(line); width > text.Width || strings.ContainsAny(line, "\x1b\n") {
			t.Errorf("%d columns: %q", width, line)
		}
	}
}
