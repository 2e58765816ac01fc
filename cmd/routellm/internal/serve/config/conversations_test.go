package config

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestCheckConversations(t *testing.T) {
	for file, want := range map[string]string{
		"sticky: off\n": "",
		"sticky: conversation\nsticky_margin: 0\n": "",
		"sticky_margin: inf\n":                     "",
		"sticky_header: X-Session-Id\n":            "",
		"sticky: yes\n":                            `serve.yaml:3: key "sticky": found "yes", expected off or conversation`,
		"sticky: Conversation\n":                   "expected off or conversation",
		"sticky_max: 0\n":                          "found 0, expected at least 1",
		"sticky_ttl: 0s\n":                         "expected a duration above 0",
		"sticky_margin: -0.1\n":                    "found -0.1, expected a number of at least 0",
		"sticky_margin: nan\n":                     "found NaN, expected a number of at least 0",
		"sticky_header: X Session\n":               `found "X Session", expected the name of a header`,
		"sticky_header: \"X-Session:\"\n":          "expected the name of a header",
		"sticky_header: authorization\n":           `found "authorization", which may hold a key`,
		"sticky_header: X-API-Key\n":               "which may hold a key",
	} {
		c, o, err := load(t, models+file, nil)
		if err == nil {
			err = c.Check(o)
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: error %v, expected %s", file, err, want)
		}
	}
	c, _, _ := load(t, models+"sticky_margin: inf\nsticky_ttl: 90m\nsticky_max: 7\nsticky_header: X-S\nsticky_cache_key: false\nsticky: conversation\n", nil)
	if !math.IsInf(c.StickyMargin, 1) || c.StickyTTL != 90*time.Minute || c.StickyMax != 7 || c.StickyHeader != "X-S" || c.StickyCacheKey || c.Sticky != Conversation {
		t.Errorf("got %+v", c)
	}
}
