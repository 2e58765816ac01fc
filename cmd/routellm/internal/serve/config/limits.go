package config

import "fmt"

// checkLimits refuses limits that no request, or no memory, could meet.
func (c *Config) checkLimits() (string, error) {
	for _, u := range c.Upstreams() {
		if u.MaxChars < 0 {
			return u.wrong("max-chars", fmt.Errorf("found %d, expected 0, no limit, or more", u.MaxChars))
		}
	}
	if c.MaxBodies < c.MaxBody {
		return "max-bodies", fmt.Errorf("found %d, expected at least the %d bytes of max_body, or the largest requests would never get in", c.MaxBodies, c.MaxBody)
	}
	if c.DrainDelay < 0 {
		return "drain-delay", fmt.Errorf("found %v, expected 0 or more", c.DrainDelay)
	}
	return "", nil
}
