// Package eval measures how well a router splits prompts between a strong, expensive model
// and a weak, cheap one.
//
// Start with [NewCurve]. It takes [Outcomes], the quality of both models on the same samples,
// and one router score per sample, and returns a [Curve] of quality against the share of
// calls to the strong model. [Curve.APGR] and [Curve.CPT] are the metrics of RouteLLM (arXiv
// 2406.18665, section 3). From there:
//
//   - [NewGap] says whether the samples establish that the strong model is better at all.
//   - [NewRandom] and [OracleScores] give the baselines: random routing and the best possible
//     router.
//   - [Bootstrap.Resample] and [Percentile] give intervals; [Comparer.Compare] compares routers
//     pairwise; [NewPlan] says which differences a data set can show.
//   - [Calibrate] returns a [Threshold] for a share of strong calls, and [FixedSequence] the
//     boldest threshold with a guaranteed quality or cost.
//   - [NewProbability] says how good scores are as probabilities, [NewDrift] whether they
//     have changed since calibration.
//   - [NewCompat] reproduces the numbers of RouteLLM's reference implementation.
//
// Conventions. Fractions are in [0,1]; only [Curve.CPT] and [Compat.CPT] take per cent, as in
// the name CPT(50%). The gain of a sample is the strong model's quality minus the weak
// model's, and the gap is the mean gain. A score is any finite float64; the larger it is, the
// more the strong model is needed, and the strong model is called where score >= threshold. A
// value that does not exist is NaN. Samples that are not independent, such as repeats of one
// prompt, share a cluster; [ClusterIDs] numbers the clusters.
//
// The package does no input or output, reads no clock, and gives the same floats on every run
// and any number of cores.
package eval
