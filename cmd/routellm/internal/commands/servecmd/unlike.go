package servecmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// unlikeLines says for each router that knows its training prompts which share of the prompts at hand
// is unlike them: those that the first router's artifact was calibrated on, if there is one, or else
// the Arena prompts. It returns "" if there is no such router.
func unlikeLines(ctx context.Context, all []*harness.Scorer, first *results.Artifact) string {
	var lines []string
	others := "" // routers of which the share of the user's prompts is not known
	for i, c := range all {
		if !c.Familiar() {
			continue
		}
		a := first
		if i > 0 {
			a = nil
		}
		share, own := unlikeShare(ctx, c, a)
		if !own {
			others += " --router " + c.Router().Spec.String()
		}
		lines = append(lines, c.Router().Spec.Label+": "+share)
	}
	if lines == nil {
		return ""
	}
	if others != "" {
		lines = append(lines, "of your prompts: routellm audit FILE"+others)
	}
	return "\nunlike     " + strings.Join(lines, "\n           ")
}

// unlikeShare returns in words the share of prompts that are unlike all that a router was trained
// on, and whether these are the user's own.
func unlikeShare(ctx context.Context, c *harness.Scorer, a *results.Artifact) (share string, own bool) {
	if a != nil {
		if a.Unlike == nil || a.Scores == 0 { // an earlier release's, or of a table of scores
			return "not known of the calibration's prompts", false
		}
		own = len(a.Inputs) > 0 && a.Inputs[0].Builtin == ""
		return fmt.Sprintf("%.1f %% of the calibration's %s", 100*float64(*a.Unlike)/float64(a.Scores), text.Plural(int(a.Scores), "prompt")), own
	}
	n, all, err := c.UnlikeArena(ctx)
	if err != nil { // such as vectors of another encoder, which Arena's prompts do not have
		return "not known", false
	}
	return fmt.Sprintf("%.1f %% of the Arena prompts", 100*float64(n)/float64(all)), false
}
