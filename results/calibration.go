package results

import (
	"encoding/json"
	"io"
)

// Calibration is the result of setting thresholds on reference prompts. Parts that
// were not asked for are null.
type Calibration struct {
	SchemaVersion int                 `json:"schema_version"`
	Tool          Tool                `json:"tool"`
	Router        string              `json:"router"`
	Reference     Input               `json:"reference"`
	Check         *Input              `json:"check"`
	Prompts       int64               `json:"prompts"`
	Confidence    Value               `json:"confidence"` // of all intervals and guarantees
	Next          *int64              `json:"next"`       // requests that next_lo and next_hi are about
	Thresholds    []FractionThreshold `json:"thresholds"` // set without outcomes
	Outcomes      *Outcomes           `json:"outcomes"`   // set with outcomes
	Reliability   *Reliability        `json:"reliability"`
	Drift         *Drift              `json:"drift"`
	Warnings      []string            `json:"warnings"`
}

// Outcomes is a calibration whose data says what each model scored: one part of it
// sets thresholds, the other, held out, reports what they do.
type Outcomes struct {
	Title         string      `json:"title"`
	Unit          string      `json:"unit"`
	Pair          Pair        `json:"pair"`
	Seed          uint64      `json:"seed"`
	Calibration   int         `json:"calibration"` // samples
	HeldOut       int         `json:"held_out"`
	Excluded      Excluded    `json:"excluded"`
	StrongQuality Value       `json:"strong_quality"` // held out
	WeakQuality   Value       `json:"weak_quality"`
	Points        []Operating `json:"points"`
}

// Operating is a threshold with what it does on both parts.
type Operating struct {
	Guarantee
	Threshold
	Measures []Measure `json:"measures"`
}

// Guarantee is what a threshold was set for.
type Guarantee struct {
	Target     string `json:"target"` // "quality", "pgr", "budget_usd" or "strong_fraction"
	Value      Value  `json:"value"`
	Test       string `json:"test"`       // "student", "betting", or "none" for strong_fraction
	Confidence Value  `json:"confidence"` // null without a test
	Trivial    bool   `json:"trivial"`    // no threshold passed: always strong, which needs no test
}

// Measure is a number on both parts, with its interval on the held-out one. Names
// are strong_fraction, quality, share_of_strong, pgr, cost_usd (a thousand prompts)
// and next_calls, whose values are null.
type Measure struct {
	Name        string `json:"name"`
	Calibration Value  `json:"calibration"`
	HeldOut     Value  `json:"held_out"`
	Lo          Value  `json:"lo"`
	Hi          Value  `json:"hi"`
}

// Drift compares new scores with those of calibration.
type Drift struct {
	New          Input `json:"new"`
	Calibration  int   `json:"calibration"` // scores, or kept quantiles of them
	Scores       int   `json:"scores"`
	KS           Value `json:"ks"`
	P            Value `json:"p"`
	PSI          Value `json:"psi"`
	Drifted      bool  `json:"drifted"`
	StrongBefore Value `json:"strong_before"` // share of strong calls; null without a threshold
	StrongNow    Value `json:"strong_now"`
}

// Write writes the calibration as JSON with one newline at the end.
func (c *Calibration) Write(w io.Writer) error { return writeJSON(w, c) }

// writeJSON writes any document of this package.
func writeJSON(w io.Writer, doc any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(doc)
}
