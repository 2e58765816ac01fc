package config

import (
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/sockets"
	"github.com/routellm/routellm/internal/hint"
)

// Budget shares out the connections.
func (c *Config) Budget() sockets.Budget { return sockets.Share(c.MaxConnections, len(c.Upstreams())) }

// checkHealth refuses settings of the circuit breakers and of connections that no server could
// meet.
func (c *Config) checkHealth() (string, error) {
	switch {
	case c.BreakerFailures < 1:
		return "breaker-failures", fmt.Errorf("found %d, expected at least 1", c.BreakerFailures)
	case !(c.BreakerRate >= 0 && c.BreakerRate <= 1):
		return "breaker-rate", hint.With(fmt.Errorf("found %v, expected a number in [0,1]", c.BreakerRate), hint.Fraction(c.BreakerRate)...)
	case c.BreakerVolume < 1:
		return "breaker-volume", fmt.Errorf("found %d, expected at least 1", c.BreakerVolume)
	case c.BreakerTrials < 1:
		return "breaker-trials", fmt.Errorf("found %d, expected at least 1", c.BreakerTrials)
	case c.MaxConnections < 0:
		return "max-connections", fmt.Errorf("found %d, expected at least 1, or 0 for what the limit of open files allows", c.MaxConnections)
	}
	return "", nil
}
