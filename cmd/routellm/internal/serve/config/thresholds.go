package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// Thresholds are the thresholds that clients may ask for: none, or those from Low to High. It is a
// flag value, written true, false or LOW..HIGH.
type Thresholds struct {
	None      bool
	Low, High float64 // the bounds, which are allowed themselves
}

// anyThreshold stands for all thresholds.
var anyThreshold = Thresholds{Low: math.Inf(-1), High: math.Inf(1)}

// Has reports whether clients may ask for a threshold.
func (t *Thresholds) Has(threshold float64) bool {
	return !t.None && threshold >= t.Low && threshold <= t.High
}

// String returns true, false or LOW..HIGH.
func (t *Thresholds) String() string {
	switch {
	case t.None:
		return "false"
	case *t == anyThreshold:
		return "true"
	}
	return strconv.FormatFloat(t.Low, 'g', -1, 64) + ".." + strconv.FormatFloat(t.High, 'g', -1, 64)
}

// Type returns the name of the value in help texts.
func (t *Thresholds) Type() string { return "RANGE" }

// Set reads true, false or LOW..HIGH.
func (t *Thresholds) Set(text string) error {
	switch strings.ToLower(text) { // 1 and 0 would look like thresholds
	case "true", "false":
		*t = anyThreshold
		t.None = strings.ToLower(text) == "false"
		return nil
	}
	low, high, ok := strings.Cut(text, "..")
	if !ok {
		return errThresholds
	}
	bounds := Thresholds{}
	for _, b := range []struct {
		text string
		to   *float64
	}{{low, &bounds.Low}, {high, &bounds.High}} {
		var err error
		if *b.to, err = strconv.ParseFloat(b.text, 64); err != nil || math.IsNaN(*b.to) {
			return errThresholds
		}
	}
	if bounds.Low > bounds.High {
		return errThresholds
	}
	*t = bounds
	return nil
}

var errThresholds = errors.New("expected true, false, or the lowest and the highest threshold, such as 0.1..0.3")

// checkThresholds refuses routers that no client could ask for.
func (c *Config) checkThresholds() (string, error) {
	if c.ClientThresholds.None && len(c.Routers) > 1 {
		return "client-thresholds", hint.With(fmt.Errorf("no client could ask for %s, as only the first router has a threshold of its own", c.Routers[1]),
			"give one router, or bounds such as 0.1..0.3")
	}
	return "", nil
}
