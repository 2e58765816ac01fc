package traincmd

import (
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/routers/training"
)

// TestReportNotes names the standard errors, and the sources without skill.
func TestReportNotes(t *testing.T) {
	nan := math.NaN()
	got := reportNotes([]training.Report{{Source: "low", APGR: 0.53, SE: 0.02}, {Source: "high", APGR: 0.58, SE: 0.03}, {Source: "none", APGR: nan, SE: nan}, {Source: "lower", APGR: 0.1, SE: 0.01}})
	if len(got) != 2 || !strings.HasSuffix(got[0], "standard error: 0.020 (low), 0.030 (high), 0.010 (lower)") || !strings.HasPrefix(got[1], "no skill was found on low, lower: ") {
		t.Errorf("notes %q", got)
	}
	if got := reportNotes([]training.Report{{Source: "high", APGR: 0.6, SE: 0.01}}); len(got) != 1 {
		t.Errorf("notes %q, want one", got)
	}
	got = reportNotes([]training.Report{{Source: "one prompt", APGR: 0.5, SE: nan}, {Source: "one score", APGR: 0.5}})
	if len(got) != 2 || !strings.HasSuffix(got[0], "standard error: ? (one prompt), 0.000 (one score)") || !strings.HasPrefix(got[1], "no skill was found on one prompt, one score: ") {
		t.Errorf("notes %q", got)
	}
	if got := reportNotes([]training.Report{{Source: "none", APGR: nan}}); got != nil {
		t.Errorf("notes %q, want none", got)
	}
}
