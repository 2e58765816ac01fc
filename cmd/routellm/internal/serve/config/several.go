package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/num"
)

// forTwo and forSeveral list the flags that are of use only between two models, beside those that
// begin with a side's name, and only among several.
var (
	forTwo     = append([]string{"threshold", "client-thresholds", "default-side"}, cascadeFlags...)
	forSeveral = []string{"lambda", "client-lambdas", "default-model", "unserved"}
)

// checkKind refuses settings for two models beside those for several. Where a lower source says
// what has no effect, the user should know, too.
func (c *Config) checkKind(o Origins) error {
	for _, flag := range slices.Sorted(maps.Keys(o)) {
		side, _, _ := strings.Cut(flag, "-")
		two := slices.Contains(forTwo, flag) || side == Strong || side == Weak
		switch {
		case c.Several() && two:
			return o.Wrap(flag, errors.New("is for two models and cannot be combined with upstreams, which names several"))
		case !c.Several() && slices.Contains(forSeveral, flag):
			return o.Wrap(flag, errors.New("is for several models, which upstreams names: expected these in place of strong and weak"))
		}
	}
	return nil
}

// checkSeveral refuses settings for several models that are out of range.
func (c *Config) checkSeveral() (string, error) {
	if !c.Several() {
		return "", nil
	}
	if !num.Finite(c.Lambda) || c.Lambda < 0 {
		return "lambda", fmt.Errorf("found %v, expected a number of at least 0", c.Lambda)
	}
	if c.ClientLambdas.None && len(c.Routers) > 1 {
		return "client-lambdas", fmt.Errorf("no client could ask for %s, as only the first router has a lambda of its own", c.Routers[1])
	}
	for _, model := range c.Unserved {
		if _, err := c.named(model); err == nil {
			return "unserved", fmt.Errorf("%q has an upstream: drop one of them", model)
		}
	}
	if c.DefaultModel == "" {
		return "", nil
	}
	_, err := c.named(c.DefaultModel)
	return "default-model", err
}

// DefaultUpstream returns the index of the upstream that answers without a text, or without what
// the router says.
func (c *Config) DefaultUpstream() int {
	name := c.DefaultSide
	if c.Several() {
		name = c.DefaultModel
	}
	i := slices.IndexFunc(c.Upstreams(), func(u Named) bool { return u.Side == name })
	return max(i, 0)
}
