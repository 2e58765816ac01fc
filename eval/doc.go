// Package eval computes what a routing decision is worth: exact curves of
// quality against strong-model calls, the metrics of RouteLLM (arXiv
// 2406.18665, section 3) on them, the random and oracle baselines, thresholds
// for a wanted share of strong calls or with a guaranteed quality, how good scores
// are as probabilities, and whether they have drifted.
//
// Conventions. Fractions are in [0,1], never per cent; only [Curve.CPT] and
// [Compat.CPT] take per cent, as the name CPT(50%) does. A score is any finite
// float64, larger meaning that the strong model is more needed; the strong model
// is called where score >= threshold. A value that does not exist is NaN.
//
// The package does no input or output, prints nothing, reads no clock and
// gives the same floats on every run and any number of cores.
package eval
