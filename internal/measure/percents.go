package measure

import "github.com/routellm/routellm/eval"

// everyPercent returns the strong fractions of a band: 0, 0.01, ..., 1.
func everyPercent() []float64 {
	out := make([]float64, 101)
	for i := range out {
		out[i] = float64(i) / 100
	}
	return out
}

// eachPercent returns a curve's quality at every per cent of strong calls.
func eachPercent(c *eval.Curve) []float64 {
	var out []float64
	for _, f := range everyPercent() {
		out = append(out, c.QualityAt(f))
	}
	return out
}
