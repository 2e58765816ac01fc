package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// ArtifactKind tells an artifact from other JSON.
const ArtifactKind = "routellm calibration"

// Artifact is a calibrated threshold for other commands: whose it is, where it comes
// from and what is known of it.
type Artifact struct {
	Kind          string         `json:"kind"`
	SchemaVersion int            `json:"schema_version"`
	Tool          Tool           `json:"tool"`
	Router        ArtifactRouter `json:"router"`
	Inputs        []Input        `json:"inputs"`
	Pair          Pair           `json:"pair"`      // empty where the data names no models
	Threshold     *float64       `json:"threshold"` // null with always
	Always        string         `json:"always"`    // "strong", "weak" or ""
	Guarantee     Guarantee      `json:"guarantee"`
	Scores        int64          `json:"scores"`    // that the threshold was set on
	Quantiles     []float64      `json:"quantiles"` // of these, sorted, for drift
}

// ArtifactRouter identifies a router. Digests are "" where there is nothing to
// digest.
type ArtifactRouter struct {
	Spec          string `json:"spec"` // as for --router, without a label
	SHA256        string `json:"sha256"`
	Encoder       string `json:"encoder"`
	EncoderSHA256 string `json:"encoder_sha256"`
}

// SetCut stores the score from which the strong model is called; -Inf is always,
// +Inf never.
func (a *Artifact) SetCut(t float64) { a.Threshold, a.Always = cut(t) }

// Cut is the score from which the strong model is called; -Inf is always, +Inf never.
func (a *Artifact) Cut() float64 {
	switch a.Always {
	case "strong":
		return math.Inf(-1)
	case "weak":
		return math.Inf(1)
	}
	return *a.Threshold
}

func cut(t float64) (threshold *float64, always string) {
	switch {
	case math.IsInf(t, -1):
		return nil, "strong"
	case math.IsInf(t, 1):
		return nil, "weak"
	}
	return &t, ""
}

// AlwaysOf is the model that a threshold without a number calls: "" for a number.
func AlwaysOf(t float64) string { _, always := cut(t); return always }

// Write writes the artifact as JSON.
func (a *Artifact) Write(w io.Writer) error { return writeJSON(w, a) }

// ReadArtifact reads what Write wrote and checks that it is whole.
func ReadArtifact(raw []byte) (*Artifact, error) {
	a := &Artifact{}
	if err := json.Unmarshal(raw, a); err != nil {
		return nil, fmt.Errorf("not a calibration artifact: %w", err)
	}
	switch {
	case a.Kind != ArtifactKind:
		return nil, fmt.Errorf("not a calibration artifact: \"kind\" is %q, expected %q", a.Kind, ArtifactKind)
	case a.SchemaVersion != SchemaVersion:
		return nil, fmt.Errorf("schema version %d, expected %d", a.SchemaVersion, SchemaVersion)
	case a.Router.Spec == "":
		return nil, errors.New("\"router\": no \"spec\"")
	case a.Always != "" && a.Always != "strong" && a.Always != "weak":
		return nil, fmt.Errorf("\"always\" is %q, expected \"strong\", \"weak\" or nothing", a.Always)
	case (a.Threshold == nil) == (a.Always == ""):
		return nil, errors.New("expected one of \"threshold\" and \"always\"")
	case len(a.Quantiles) == 0 || !slices.IsSorted(a.Quantiles):
		return nil, errors.New("\"quantiles\": expected sorted numbers")
	}
	return a, nil
}
