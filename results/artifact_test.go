package results

import (
	"bytes"
	"math"
	"testing"
)

// TestArtifactRoundTrip: every kind of threshold comes back, and odd files do not.
func TestArtifactRoundTrip(t *testing.T) {
	for _, threshold := range []float64{0.25, -3, math.Inf(1), math.Inf(-1), math.Nextafter(1, 2)} {
		a := Artifact{Kind: ArtifactKind, SchemaVersion: SchemaVersion, Router: ArtifactRouter{Spec: "mf"}, Quantiles: []float64{1, 2}}
		a.Threshold = ThresholdAt(threshold)
		var b bytes.Buffer
		if err := a.Write(&b); err != nil {
			t.Fatal(err)
		}
		back, err := ReadArtifact(b.Bytes())
		if err != nil || back.Cut() != threshold {
			t.Errorf("%v comes back as %v, %v", threshold, back, err)
		}
		for old, bad := range map[string]string{`"schema_version": 3`: `"schema_version": 4`, `"spec": "mf"`: `"spec": ""`,
			`"always": "`: `"always": "x`, `  1,`: `  3,`, `"quantiles"`: `"q"`, `"threshold": 0`: `"x": 0`, `"threshold": null`: `"threshold": 1`} {
			odd := bytes.Replace(b.Bytes(), []byte(old), []byte(bad), 1)
			if bytes.Equal(odd, b.Bytes()) {
				continue // a number has no "always", and the other way round
			}
			if _, err := ReadArtifact(odd); err == nil {
				t.Errorf("%s for %s passes", bad, old)
			}
		}
	}
}
