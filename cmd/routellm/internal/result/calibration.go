package result

import (
	"encoding/json"
	"io"

	"github.com/routellm/routellm/eval"
)

// Calibration is the result of setting thresholds on reference prompts.
type Calibration struct {
	SchemaVersion int         `json:"schema_version"`
	Tool          Tool        `json:"tool"`
	Router        string      `json:"router"`
	Reference     Input       `json:"reference"`
	Check         *Input      `json:"check"` // null without --check
	Prompts       int64       `json:"prompts"`
	Thresholds    []Threshold `json:"thresholds"`
	Warnings      []string    `json:"warnings"`
}

// Threshold is one operating point set on the reference prompts.
type Threshold struct {
	WantedFraction Value    `json:"wanted_fraction"`
	Threshold      Value    `json:"threshold"` // null: never call the strong model
	StrongFraction Value    `json:"strong_fraction"`
	StrongCalls    int64    `json:"strong_calls"`
	TiedCalls      int64    `json:"tied_calls"` // strong calls beyond the wanted ones, made by ties
	FutureLo       Value    `json:"future_lo"`  // 95 % interval on further exchangeable prompts
	FutureHi       Value    `json:"future_hi"`
	Check          *Checked `json:"check"`
}

// Checked is what a threshold does on other prompts.
type Checked struct {
	Prompts        int64 `json:"prompts"`
	StrongFraction Value `json:"strong_fraction"`
}

// NewThreshold converts a calibrated threshold.
func NewThreshold(t eval.Threshold) Threshold {
	return Threshold{
		WantedFraction: Value(t.Fraction), Threshold: Value(t.Threshold),
		StrongFraction: Value(t.Observed()), StrongCalls: t.AtOrAbove, TiedCalls: max(t.AtOrAbove-t.K, 0),
		FutureLo: Value(t.Lo), FutureHi: Value(t.Hi),
	}
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
