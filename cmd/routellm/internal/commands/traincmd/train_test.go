package traincmd

import (
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/routers/training"
)

// TestReportNotes explains an APGR below 0.5, and no other.
func TestReportNotes(t *testing.T) {
	got := reportNotes([]training.Report{{Source: "low", APGR: 0.286}, {Source: "high", APGR: 0.538}, {Source: "none", APGR: math.NaN()}, {Source: "lower", APGR: 0.1}})
	if len(got) != 1 || !strings.HasPrefix(got[0], "APGR below 0.5: no skill was found on low, lower. ") {
		t.Errorf("notes %q, want one on low and lower", got)
	}
	if got := reportNotes([]training.Report{{Source: "high", APGR: 0.5}, {Source: "none", APGR: math.NaN()}}); got != nil {
		t.Errorf("notes %q, want none", got)
	}
}
