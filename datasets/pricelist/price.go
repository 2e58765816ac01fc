package pricelist

import (
	"fmt"
	"math"
)

// Price holds what a million tokens of a model cost in US dollars. A price that the list does not
// have is NaN.
type Price struct {
	Key                    string // name of the model in the list
	Input, Output          float64
	CachedInput, Reasoning float64 // input read from a cache, and output spent on reasoning, if priced apart
	AsOf                   string  // day or month at which the price held, such as 2026-11-28 or 2026-11
	Source                 string  // where the price comes from, if the list says so
	// Limit is the number of input tokens above which other prices hold; 0 if there is no such
	// number.
	Limit int
	// ByRule says that the list's own matching rules, and not an equal name, found the price.
	ByRule bool
}

// PerMillion returns the price of input and output tokens that are not priced apart.
func PerMillion(input, output float64) Price {
	return Price{Input: input, Output: output, CachedInput: math.NaN(), Reasoning: math.NaN()}
}

// Tokens holds the token counts of one answer, each 0 or more. Cached tokens are part of Input,
// and Reasoning tokens part of Output.
type Tokens struct{ Input, Output, Cached, Reasoning float64 }

// Check returns an error if the counts cannot be those of an answer, or if the price does not hold
// for it.
func (p Price) Check(t Tokens) error {
	for _, c := range []struct {
		name string
		n    float64
		most float64
	}{{"input tokens", t.Input, math.Inf(1)}, {"output tokens", t.Output, math.Inf(1)}, {"cached input tokens", t.Cached, t.Input}, {"reasoning tokens", t.Reasoning, t.Output}} {
		switch {
		case c.n < 0 || math.IsInf(c.n, 0):
			return fmt.Errorf("found %v %s, expected 0 or more", c.n, c.name)
		case c.n > c.most:
			return fmt.Errorf("found %v %s, expected at most the %v that they are part of", c.n, c.name, c.most)
		}
	}
	if p.Limit > 0 && t.Input > float64(p.Limit) {
		return fmt.Errorf("found %v input tokens, but the price of %q holds up to %d", t.Input, p.Key, p.Limit)
	}
	return nil
}

// Cost returns the cost of an answer in US dollars; NaN if a count is. Tokens that have no price of
// their own cost what the tokens cost that they are part of.
func (p Price) Cost(t Tokens) float64 {
	cached, reasoning := or(p.CachedInput, p.Input), or(p.Reasoning, p.Output)
	return (float64(p.Input*(t.Input-t.Cached)) + float64(cached*t.Cached) +
		float64(p.Output*(t.Output-t.Reasoning)) + float64(reasoning*t.Reasoning)) / 1e6
}

// or returns v, or else if v is NaN.
func or(v, instead float64) float64 {
	if math.IsNaN(v) {
		return instead
	}
	return v
}

// Free reports whether tokens of the model cost nothing: all of them, or those of one kind.
func (p Price) Free() bool {
	return p.Input == 0 || p.Output == 0 || p.CachedInput == 0 || p.Reasoning == 0
}

// Odd returns what looks wrong in the unit of a price, "" if nothing does. The bounds are a hundred
// times below and above the prices of any model on the market.
func (p Price) Odd() string {
	most := math.Max(p.Input, p.Output)
	switch {
	case most > 0 && most < 1e-4:
		return fmt.Sprintf("%g USD per million tokens: it looks like a price per token", most)
	case most > 1e5:
		return fmt.Sprintf("%g USD per million tokens: expected the price of a million tokens", most)
	}
	return ""
}
