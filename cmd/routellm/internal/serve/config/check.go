package config

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"time"

	"github.com/routellm/routellm/internal/hint"
)

// Check returns an error for the first setting that is missing, out of range, or in
// conflict with another. The error says where the setting was found.
func (c *Config) Check(o Origins) error {
	if err := c.checkKind(o); err != nil {
		return err
	}
	for _, u := range c.Upstreams() {
		if u.URL == nil {
			return hint.With(fmt.Errorf("--%s is missing", u.Side), "for example --strong gpt-4o@https://api.openai.com/v1 --weak llama@http://127.0.0.1:8080/v1",
				"a router among several models needs an --upstream MODEL=NAME@URL for each")
		}
	}
	for _, check := range c.checks() {
		if flag, err := check(); err != nil {
			return o.Wrap(flag, err)
		}
	}
	return nil
}

// checks lists the checks by subject. Each returns the flag of the first wrong setting.
func (c *Config) checks() []func() (flag string, err error) {
	return []func() (string, error){
		c.checkChoices,
		c.checkSeveral,
		c.checkNumbers,
		c.checkTimes,
		c.checkConversations,
		c.checkTexts,
		c.checkLimits,
		c.checkCascade,
		c.checkHealth,
		c.checkAPIs,
		c.checkDirect,
		c.checkThresholds,
		c.checkKeys,
		c.checkListen,
		c.checkMetrics,
		c.checkPages,
		c.checkTLS,
	}
}

func (c *Config) checkChoices() (string, error) {
	if c.DefaultSide != Strong && c.DefaultSide != Weak {
		return "default-side", fmt.Errorf("found %q, expected strong or weak", c.DefaultSide)
	}
	if c.RouterVersion != "" && !versionForm.MatchString(c.RouterVersion) {
		return "router-version", fmt.Errorf("found %q, expected 8 to 64 of the digits 0 to 9 and a to f, as serve --check shows them", c.RouterVersion)
	}
	return "", nil
}

// versionForm matches the first digits of a model's digest.
var versionForm = regexp.MustCompile(`^[0-9a-f]{8,64}$`)

func (c *Config) checkNumbers() (string, error) {
	switch {
	case math.IsNaN(c.Threshold):
		return "threshold", errors.New("found NaN, expected a number or an infinity")
	case !(c.Fraction >= 0 && c.Fraction <= 1):
		return "strong-fraction", hint.With(fmt.Errorf("found %v, expected a number in [0,1] or a percentage such as 30%%", c.Fraction), hint.Fraction(c.Fraction)...)
	case !(c.Explore >= 0 && c.Explore <= 1):
		return "explore", hint.With(fmt.Errorf("found %v, expected a number in [0,1] or a percentage such as 5%%", c.Explore), hint.Fraction(c.Explore)...)
	case c.MaxBody < 1:
		return "max-body", fmt.Errorf("found %d, expected at least 1", c.MaxBody)
	case c.LogMaxMB < 1:
		return "log-max-mb", fmt.Errorf("found %d, expected at least 1", c.LogMaxMB)
	case c.LogKeep < 0:
		return "log-keep", fmt.Errorf("found %d, expected at least 0", c.LogKeep)
	}
	return "", nil
}

func (c *Config) checkTimes() (string, error) {
	for _, t := range []struct {
		flag  string
		value time.Duration
	}{
		{"connect-timeout", c.ConnectTimeout}, {"header-timeout", c.HeaderTimeout}, {"idle-timeout", c.IdleTimeout},
		{"client-timeout", c.ClientTimeout}, {"decision-timeout", c.DecisionTimeout}, {"drain-timeout", c.DrainTimeout},
		{"breaker-cooldown", c.BreakerCooldown}, {"breaker-window", c.BreakerWindow}, {"sticky-ttl", c.StickyTTL},
	} {
		if t.value <= 0 {
			return t.flag, fmt.Errorf("found %v, expected a duration above 0", t.value)
		}
	}
	return "", nil
}
