package results

import (
	"encoding/json"
	"io"
)

// Calibration holds the thresholds set on reference prompts. Parts that were not asked for
// are null.
type Calibration struct {
	SchemaVersion int                 `json:"schema_version"`
	Tool          Tool                `json:"tool"`
	Router        string              `json:"router"`
	Reference     Input               `json:"reference"`
	Check         *Input              `json:"check"`
	Settings      *Input              `json:"settings,omitempty"` // file of settings, routellm.yaml, in place of flags; nil if none counts
	Prompts       int64               `json:"prompts"`
	Summary       *Summary            `json:"summary,omitempty"` // nil if the scores themselves were read
	Confidence    Value               `json:"confidence"`        // confidence of all intervals and guarantees
	Next          *int64              `json:"next"`              // number of next requests to predict
	Thresholds    []FractionThreshold `json:"thresholds"`        // thresholds set without outcomes
	Outcomes      *Outcomes           `json:"outcomes"`          // thresholds set with outcomes
	Pool          *PoolOutcomes       `json:"pool,omitempty"`    // operating points among several models
	Reliability   *Reliability        `json:"reliability"`
	Drift         *Drift              `json:"drift"`
	Prices        []PriceUsed         `json:"prices,omitempty"` // where the costs come from, if they are known
	Warnings      []string            `json:"warnings"`
}

// Outcomes is a calibration on data that has both models' quality: one part of the samples
// sets thresholds, and the held-out part reports what they do.
type Outcomes struct {
	Title       string `json:"title"`
	Unit        string `json:"unit"`
	Pair        Pair   `json:"pair"`
	Seed        uint64 `json:"seed"`
	Calibration int    `json:"calibration"` // number of samples that set thresholds
	HeldOut     int    `json:"held_out"`    // number of held-out samples
	// CalibrationClusters and HeldOutClusters are the effective numbers of clusters of the parts.
	CalibrationClusters Value            `json:"calibration_clusters"`
	HeldOutClusters     Value            `json:"held_out_clusters"`
	Excluded            Excluded         `json:"excluded"`
	NearCopies          []NearCopies     `json:"near_copies,omitempty"` // near copies of the router's training prompts; one entry at most
	StrongQuality       Value            `json:"strong_quality"`        // mean on the held-out part
	WeakQuality         Value            `json:"weak_quality"`          // mean on the held-out part
	AgainstRandom       *Test            `json:"against_random"`        // tests the router against random on both parts; null for the random router
	Points              []OperatingPoint `json:"points"`
}

// OperatingPoint is a threshold with its measures on both parts.
type OperatingPoint struct {
	Guarantee
	Threshold
	Measures []Measure `json:"measures"`
}

// Guarantee says what a threshold was set for, and what it promises.
type Guarantee struct {
	Target     string `json:"target"` // "quality", "pgr", "budget_usd" or "strong_fraction"
	Value      Value  `json:"value"`
	Test       string `json:"test"`       // "student", "betting", or "none" for strong_fraction
	Confidence Value  `json:"confidence"` // null without a test
	Trivial    bool   `json:"trivial"`    // no threshold passed the test: falls back to always strong, which needs none
}

// Measure is a number on both parts, with its interval on the held-out part. Name is
// strong_fraction, quality, share_of_strong, pgr, cost_usd (USD per 1,000 prompts), or
// next_calls, which has an interval alone.
type Measure struct {
	Name        string `json:"name"`
	Calibration Value  `json:"calibration"`
	HeldOut     Value  `json:"held_out"`
	Lo          Value  `json:"lo"`
	Hi          Value  `json:"hi"`
}

// Drift compares new scores with the scores of a calibration.
type Drift struct {
	New         Input `json:"new"`
	Calibration int   `json:"calibration"` // number of calibration scores, or of their quantiles
	Scores      int   `json:"scores"`      // number of new scores
	KS          Value `json:"ks"`          // two-sample Kolmogorov-Smirnov statistic
	P           Value `json:"p"`           // its p value
	PSI         Value `json:"psi"`         // population stability index
	Drifted     bool  `json:"drifted"`
	// KSWithin and PWithin are the ranges that the exact KS and P certainly lie in, of scores summed up in bins; nil
	// if they are known. Undecided says that the verdict depends on where in them they lie.
	KSWithin     *Range `json:"ks_within,omitempty"`
	PWithin      *Range `json:"p_within,omitempty"`
	Undecided    bool   `json:"undecided,omitempty"`
	StrongBefore Value  `json:"strong_before"` // strong fraction in calibration; null without a threshold
	StrongNow    Value  `json:"strong_now"`    // strong fraction of the new scores
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
