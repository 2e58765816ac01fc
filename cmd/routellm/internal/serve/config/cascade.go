package config

import (
	"errors"
	"fmt"

	"github.com/routellm/routellm/internal/hint"
)

// cascadeFlags are the flags of a cascade.
var cascadeFlags = []string{"cascade", "cascade-timeout", "cascade-max-answer"}

// checkCascade refuses settings of a cascade that are out of range or of no use.
func (c *Config) checkCascade() (string, error) {
	switch {
	case c.CascadeTimeout <= 0:
		return "cascade-timeout", fmt.Errorf("found %v, expected a duration above 0", c.CascadeTimeout)
	case c.CascadeMaxAnswer < 1:
		return "cascade-max-answer", fmt.Errorf("found %d, expected at least 1", c.CascadeMaxAnswer)
	case c.Cascade != "" && c.CascadeMaxAnswer > c.MaxBodies:
		return "cascade-max-answer", fmt.Errorf("found %d, expected at most the %d bytes of max_bodies, which bounds the answers that are held back, too", c.CascadeMaxAnswer, c.MaxBodies)
	case c.Cascade != "" && c.Fraction > 0:
		return "strong-fraction", hint.With(errors.New("cannot be combined with cascade: the Arena prompts have no answers of the weak model that a cascade could judge"),
			"routellm calibrate finds a cascade's threshold on answers of your weak model and writes it to an artifact")
	}
	return "", nil
}
