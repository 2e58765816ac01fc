package fit

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// judgedFile writes a table with the labels of graders, which say that all answers are alike, and of
// a judge, who finds the small model's answers to long prompts wrong.
func judgedFile(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("id,prompt,quality:big,quality:small,judged:big,judged:small\n")
	for i := range 400 {
		words := 1 + i*7%40
		judged := 1
		if words > 20 {
			judged = 0
		}
		fmt.Fprintf(&b, "q%d,%d%s,%d,%d,1,%d\n", i, i, strings.Repeat(" word", words), i%2, (i+1)%2, judged)
	}
	path := filepath.Join(t.TempDir(), "judged.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestLabels fits a router to the labels that are named.
func TestLabels(t *testing.T) {
	o := quick(judgedFile(t))
	o.Candidates, o.Labels = []string{"length"}, "judged"
	d := found(t, o).Document
	if big, small := d.Models[0], d.Models[1]; big.Quality != 1 || math.Abs(float64(small.Quality)-0.5) > 0.1 || d.Test.Claim.Verdict != "better" || d.Inputs[0].Labels != "judged" {
		t.Errorf("%+v, test %+v, inputs %+v", d.Models, d.Test, d.Inputs)
	}
	if d.Calibration == nil || d.Calibration.Outcomes.Points[0].Measures[1].HeldOut < 0.9 {
		t.Errorf("calibration %+v: of other labels?", d.Calibration)
	}
	o.Labels = ""
	if d := found(t, o).Document; d.Test.Claim.Verdict == "better" || d.Models[0].Quality == 1 {
		t.Errorf("without --labels: %+v, test %+v", d.Models, d.Test)
	}
}
