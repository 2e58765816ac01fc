package results

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"
)

// poolArtifact returns an artifact for three models, one of them free.
func poolArtifact() *Artifact {
	return &Artifact{
		Kind: ArtifactKind, SchemaVersion: SchemaVersion, Router: ArtifactRouter{Spec: "linear:pool.json"},
		Threshold: Threshold{Score: Missing},
		Pool: &PoolPolicy{
			Models: []PolicyModel{{"large", 0.01}, {"medium", 0.002}, {"local", 0}},
			Axis:   CostAxis, Lambda: 12.5, Mix: 0.25,
		},
	}
}

func written(t *testing.T, a *Artifact) string {
	t.Helper()
	var text bytes.Buffer
	if err := a.Write(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// TestPoolArtifactRoundTrip expects every form of a policy to come back.
func TestPoolArtifactRoundTrip(t *testing.T) {
	for name, change := range map[string]func(*PoolPolicy){
		"as it is":     func(*PoolPolicy) {},
		"lambda 0":     func(p *PoolPolicy) { p.Lambda, p.Mix = 0, 0 },
		"mix 1":        func(p *PoolPolicy) { p.Mix = 1 },
		"one model":    func(p *PoolPolicy) { p.Models = p.Models[:1] },
		"latency":      func(p *PoolPolicy) { p.Axis = LatencyAxis },
		"equal costs":  func(p *PoolPolicy) { p.Models[1].Cost = p.Models[0].Cost },
		"small lambda": func(p *PoolPolicy) { p.Lambda = math.SmallestNonzeroFloat64 },
	} {
		a := poolArtifact()
		change(a.Pool)
		back, err := ReadArtifact([]byte(written(t, a)))
		if err != nil || !reflect.DeepEqual(back.Pool, a.Pool) {
			t.Errorf("%s: %+v comes back as %+v, %v", name, a.Pool, back, err)
		}
	}
}

// TestPoolArtifactWithoutNumbers reads policies in which numbers are null or absent.
func TestPoolArtifactWithoutNumbers(t *testing.T) {
	always := poolArtifact()
	always.Pool.Lambda, always.Pool.Mix, always.Pool.Always = Missing, Missing, "local"
	text := written(t, always)
	for _, gone := range []string{"", `"lambda": null,`, `"mix": null,`} {
		back, err := ReadArtifact([]byte(strings.Replace(text, gone, "", 1)))
		if err != nil || back.Pool.Always != "local" || back.Pool.Lambda.Exists() || back.Pool.Mix.Exists() {
			t.Errorf("without %s: %+v, %v", gone, back, err)
		}
	}
	predicted := poolArtifact()
	for i := range predicted.Pool.Models {
		predicted.Pool.Models[i].Cost = Missing
	}
	back, err := ReadArtifact([]byte(strings.Replace(written(t, predicted), `"cost": null`, `"unknown": 1`, 1)))
	if err != nil || back.Pool.Priced() || back.Pool.Models[0].Cost.Exists() {
		t.Errorf("%+v, %v", back, err)
	}
	if names := back.Pool.Names(); !reflect.DeepEqual(names, []string{"large", "medium", "local"}) {
		t.Errorf("models %q", names)
	}
}

// TestPoolArtifactRefuses names what is wrong with a policy.
func TestPoolArtifactRefuses(t *testing.T) {
	for want, spoil := range map[string]func(*Artifact){
		`"models": found none`:                     func(a *Artifact) { a.Pool.Models = nil },
		`model 2 has no "name"`:                    func(a *Artifact) { a.Pool.Models[1].Name = "" },
		`"large" is there twice`:                   func(a *Artifact) { a.Pool.Models[2].Name = "large" },
		`the cost of "medium" is -1`:               func(a *Artifact) { a.Pool.Models[1].Cost = -1 },
		`"large" and "local": expected a cost of`:  func(a *Artifact) { a.Pool.Models[2].Cost = Missing },
		`"large" and "medium": expected a cost of`: func(a *Artifact) { a.Pool.Models[0].Cost = Missing },
		`"axis": found "money"`:                    func(a *Artifact) { a.Pool.Axis = "money" },
		`a policy for latency needs a cost`: func(a *Artifact) {
			a.Pool.Axis = LatencyAxis
			for i := range a.Pool.Models {
				a.Pool.Models[i].Cost = Missing
			}
		},
		`"lambda": found nothing`:                  func(a *Artifact) { a.Pool.Lambda = Missing },
		`"lambda": found -1`:                       func(a *Artifact) { a.Pool.Lambda = -1 },
		`"mix": found nothing`:                     func(a *Artifact) { a.Pool.Mix = Missing },
		`"mix": found 1.5`:                         func(a *Artifact) { a.Pool.Mix = 1.5 },
		`"mix": found -0.1`:                        func(a *Artifact) { a.Pool.Mix = -0.1 },
		`expected "always" or`:                     func(a *Artifact) { a.Pool.Always = "large" },
		`"always": found "other"`:                  func(a *Artifact) { a.Pool.Always, a.Pool.Lambda, a.Pool.Mix = "other", Missing, Missing },
		`found "pool" and a threshold`:             func(a *Artifact) { a.Score = 0.5 },
		`found "pool" and a threshold, expected`:   func(a *Artifact) { a.Threshold.Always = Strong },
		`found "pool" and a "pair"`:                func(a *Artifact) { a.Pair = Pair{"large", "local"} },
		`"quantiles": expected`:                    func(a *Artifact) { a.Quantiles = []float64{2, 1} },
		`no "spec"`:                                func(a *Artifact) { a.Router.Spec = "" },
		`expected one of "threshold" and "always"`: func(a *Artifact) { a.Pool = nil },
	} {
		a := poolArtifact()
		spoil(a)
		if _, err := ReadArtifact([]byte(written(t, a))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, expected one with %q", err, want)
		}
	}
	for _, odd := range []string{`"lambda": "12.5"`, `"lambda": 1e999`} {
		text := strings.Replace(written(t, poolArtifact()), `"lambda": 12.5`, odd, 1)
		if _, err := ReadArtifact([]byte(text)); err == nil || !strings.Contains(err.Error(), "not a calibration artifact") {
			t.Errorf("%s: error %v", odd, err)
		}
	}
}
