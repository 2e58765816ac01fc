// Package logged estimates what thresholds would have done, from decisions that a server has
// logged: for each decision its score, its side, the probability of that side (the propensity)
// and the quality of the answer. Only one side's answer is known per decision; the other side's
// has to come from other decisions, on which the side was drawn at random.
//
// Call [New] with a [Log], then [Estimator.At] for values at thresholds, [Estimator.Curve] for
// every threshold, and [Estimator.Resample] for intervals.
//
// Let decision i have the score s_i, the side a_i, its propensity p_i and the quality y_i, and
// let t be a threshold, which calls for the side t(s_i). With the weight w_i = 1/p_i if a_i =
// t(s_i) and 0 otherwise, with r_i = y_i - m(s_i, a_i) for a model m of the quality, and with n
// decisions, the [Method]s are
//
//	IPS    sum w_i y_i / n
//	SNIPS  sum w_i y_i / sum w_i
//	DR     sum m(s_i, t(s_i)) / n + sum w_i r_i / n
//	SNDR   sum m(s_i, t(s_i)) / n + sum w_i r_i / sum w_i
//
// IPS is the estimator of Horvitz and Thompson (JASA 47, 1952), SNIPS its self-normalised form
// (Hajek 1971; Swaminathan and Joachims, NeurIPS 2015), DR is doubly robust (Dudik, Langford and
// Li, ICML 2011), and SNDR self-normalises its correction. IPS is unbiased if the propensities
// are right. DR is unbiased then too, whatever the model, because the model of a decision is
// fitted to other decisions; a good model only makes it more precise. The self-normalised forms
// have a bias of order 1/n. Read "quality" as "cost" where the outcome is a cost.
package logged
