package config

import (
	"fmt"
	"math"
	"time"

	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
)

// Off and Conversation are the values of the setting sticky.
const Off, Conversation = "off", "conversation"

func (c *Config) addConversations(f *pflag.FlagSet) {
	f.StringVar(&c.Sticky, "sticky", Off, "`UNIT` that keeps its side: conversation, or off to decide for each request")
	f.DurationVar(&c.StickyTTL, "sticky-ttl", time.Hour, "how long a conversation keeps its side after its last request")
	f.IntVar(&c.StickyMax, "sticky-max", 100_000, "most `CONVERSATIONS` to remember, and most answers of the Responses API")
	f.Float64Var(&c.StickyMargin, "sticky-margin", 0, "`MARGIN` above the threshold from which a later turn moves its conversation to the strong model; inf for never")
	f.StringVar(&c.StickyHeader, "sticky-header", "", "`HEADER` that names a request's conversation")
	f.BoolVar(&c.StickyCacheKey, "sticky-cache-key", true, "let a request's prompt_cache_key name its conversation")
}

// checkConversations refuses settings of conversations that are out of range.
func (c *Config) checkConversations() (string, error) {
	switch {
	case c.Sticky != Off && c.Sticky != Conversation:
		return "sticky", fmt.Errorf("found %q, expected off or conversation", c.Sticky)
	case c.StickyMax < 1:
		return "sticky-max", fmt.Errorf("found %d, expected at least 1", c.StickyMax)
	case math.IsNaN(c.StickyMargin) || c.StickyMargin < 0:
		return "sticky-margin", fmt.Errorf("found %v, expected a number of at least 0", c.StickyMargin)
	case c.StickyHeader != "" && !isHeader(c.StickyHeader):
		return "sticky-header", fmt.Errorf("found %q, expected the name of a header, such as X-Session-Id", c.StickyHeader)
	case access.IsCredential(c.StickyHeader):
		return "sticky-header", fmt.Errorf("found %q, which may hold a key: expected the name of another header, such as X-Session-Id", c.StickyHeader)
	}
	return "", nil
}
