package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ArtifactKind is the value of "kind" by which an artifact is recognized.
const ArtifactKind = "routellm calibration"

// Artifact is a calibrated threshold or, among several models, a calibrated policy, for use by
// route, serve and eval, with the router that it belongs to and the guarantee that it comes with.
type Artifact struct {
	Kind          string         `json:"kind"`
	SchemaVersion int            `json:"schema_version"`
	Tool          Tool           `json:"tool"`
	Router        ArtifactRouter `json:"router"`
	Inputs        []Input        `json:"inputs"`
	Settings      *Input         `json:"settings,omitempty"` // file of settings, routellm.yaml, in place of flags; nil if none counts
	Pair          Pair           `json:"pair"`               // the calibrated pair; empty names if the data has none
	Threshold
	Guarantee Guarantee `json:"guarantee"`
	Split     *Split    `json:"split"` // nil if the threshold was set without outcomes
	// AgainstRandom tests the router against random on the calibration data. It is absent
	// without outcomes, and from artifacts of old releases.
	AgainstRandom *Test `json:"against_random,omitempty"`
	Scores        int64 `json:"scores"` // number of scores that the threshold was set on
	// Unlike is the number of their prompts that are unlike all that the router was trained on. It is
	// absent if the router cannot tell, and from artifacts of earlier releases.
	Unlike *int `json:"unlike,omitempty"`
	// EffectiveScores is the number of independent scores that these scores, in clusters, are
	// worth. It is missing in artifacts of earlier releases.
	EffectiveScores Value     `json:"effective_scores"`
	Quantiles       []float64 `json:"quantiles"` // sorted quantiles of the scores, to detect drift
	// HeldOut says what the threshold or policy did on samples that it was not chosen on. It is
	// absent without outcomes, and from artifacts of earlier releases.
	HeldOut *HeldOut `json:"held_out,omitempty"`
	// Pool is the operating point of a router among several models, in place of a threshold and
	// of a pair. Such an artifact needs no quantiles.
	Pool *PoolPolicy `json:"pool,omitempty"`
}

// HeldOut says what a threshold or policy did on held-out samples, and so what it promises for
// further ones like them.
type HeldOut struct {
	Samples    int       `json:"samples"`
	Confidence Value     `json:"confidence"` // confidence of the intervals
	Measures   []Measure `json:"measures"`   // measures as in a [Calibration]; "share:MODEL" is the share of prompts that a model answers
}

// Find returns the measure of a name, all of whose values are missing if there is none.
func (h *HeldOut) Find(name string) Measure {
	for _, m := range h.Measures {
		if m.Name == name {
			return m
		}
	}
	return Measure{Name: name, Calibration: Missing, HeldOut: Missing, Lo: Missing, Hi: Missing}
}

// Split says which samples of the first input set a threshold; the others were held out.
type Split struct {
	Holdout float64 `json:"holdout"` // expected share of the samples that are held out, in [0,1)
	Seed    uint64  `json:"seed"`    // seed of the split
	// Parts holds the shares of the samples that trained the router, set the threshold and tested
	// both, of a router that fit found. Samples are then divided by the digests of their prompts.
	Parts   []float64 `json:"parts,omitempty"`
	Digests []string  `json:"prompts_sha256"` // first 16 digits of the normalised digests of prompts that set the threshold: the smallest, at most 512, sorted
}

// ArtifactRouter identifies a router. A digest is "" if there is nothing to digest.
type ArtifactRouter struct {
	Spec          string `json:"spec"` // the router as --router names it, without a label
	SHA256        string `json:"sha256"`
	Encoder       string `json:"encoder"`
	EncoderSHA256 string `json:"encoder_sha256"`
}

// Write writes the artifact as JSON.
func (a *Artifact) Write(w io.Writer) error { return writeJSON(w, a) }

// ReadArtifact returns the artifact that [Artifact.Write] wrote, also one of version 1. An
// artifact that is incomplete is an error.
func ReadArtifact(raw []byte) (*Artifact, error) {
	a := &Artifact{Threshold: Threshold{Score: Missing}, EffectiveScores: Missing}
	if err := json.Unmarshal(raw, a); err != nil {
		return nil, fmt.Errorf("not a calibration artifact: %w", err)
	}
	if a.Kind != ArtifactKind {
		return nil, fmt.Errorf("not a calibration artifact: \"kind\" is %q, expected %q", a.Kind, ArtifactKind)
	}
	if err := CheckVersion(a.SchemaVersion); err != nil {
		return nil, err
	}
	if a.Router.Spec == "" {
		return nil, errors.New("\"router\": no \"spec\"")
	}
	if n := a.Unlike; n != nil && (*n < 0 || int64(*n) > a.Scores) {
		return nil, fmt.Errorf("\"unlike\": found %d, expected 0 to %d, the number of \"scores\"", *n, a.Scores)
	}
	a.SchemaVersion = SchemaVersion // earlier versions have the same keys
	if a.Pool != nil {
		return a, a.checkPool()
	}
	return a, a.checkThreshold()
}

// checkThreshold returns an error for a threshold that is incomplete.
func (a *Artifact) checkThreshold() error {
	switch {
	case a.Always != "" && a.Always != Strong && a.Always != Weak:
		return fmt.Errorf("\"always\" is %q, expected \"strong\", \"weak\" or nothing", a.Always)
	case a.Score.Exists() == (a.Always != ""):
		return errors.New("expected one of \"threshold\" and \"always\"")
	case len(a.Quantiles) == 0 || !slices.IsSorted(a.Quantiles):
		return errors.New("\"quantiles\": expected sorted numbers")
	}
	return nil
}

// checkPool returns an error for an artifact with a policy that is incomplete, or that has a
// threshold beside it.
func (a *Artifact) checkPool() error {
	switch {
	case a.Score.Exists() || a.Always != "":
		return errors.New("found \"pool\" and a threshold, expected one of them")
	case a.Pair != (Pair{}):
		return errors.New("found \"pool\" and a \"pair\", expected one of them")
	case !slices.IsSorted(a.Quantiles):
		return errors.New("\"quantiles\": expected sorted numbers")
	}
	if err := a.Pool.Check(); err != nil {
		return fmt.Errorf("\"pool\": %w", err)
	}
	return nil
}
