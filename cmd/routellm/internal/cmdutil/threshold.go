package cmdutil

import (
	"context"

	"github.com/routellm/routellm/harness"
)

// WarnThreshold warns on Err about a threshold that sends nearly all or nearly none of the
// Arena prompts to the strong model. It stays silent about a router that cannot score them.
func (s Streams) WarnThreshold(ctx context.Context, c *harness.Scorer, threshold float64) {
	m, err := c.Meaning(ctx, threshold)
	if err != nil {
		return
	}
	if warning := m.Warning(); warning != "" {
		s.Feedback().Note("warning: " + warning)
	}
}
