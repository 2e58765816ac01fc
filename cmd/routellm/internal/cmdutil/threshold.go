package cmdutil

import (
	"context"

	"github.com/routellm/routellm/harness"
)

// WarnThreshold warns on Err about a threshold that sends nearly all or nearly none of the
// Arena prompts to the strong model, and returns what it does. For a router that cannot score them
// it returns false.
func (s Streams) WarnThreshold(ctx context.Context, c *harness.Scorer, threshold float64) (harness.ThresholdMeaning, bool) {
	m, err := c.Meaning(ctx, threshold)
	if err != nil {
		return m, false
	}
	if warning := m.Warning(); warning != "" {
		s.Feedback().Note("warning: " + warning)
	}
	return m, true
}
