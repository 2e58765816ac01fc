// Package mf is the matrix factorization router (RouteLLM, arXiv 2406.18665). [Builtin]
// returns a built-in [Model], [Open] reads a model file, and [Train] fits a model to
// labelled prompts.
//
// In the paper the value of a model M on a prompt q is delta(M, q) = w2 . (v_M * (W1 q +
// b)), and the win rate is sigmoid(delta_strong - delta_weak). For one pair of models
// this reduces to one weighted sum of the prompt's inputs.
//
// W1 q + b is fitted with one factor, how demanding the prompt is, by ridge regression in
// closed form: with a few hundred to a few thousand labelled prompts, further factors
// would be noise. The prompt's inputs are its vector, its counts and its cues; each of these
// groups has the ridge weight at which the marginal likelihood of the labels is largest.
//
// Labels of different kinds (votes, grades, correctness) measure different things on
// different prompts, each with its own level and scale. So each kind has its own head,
// whose scores are in standard deviations, and a gate weights the heads by how much a
// prompt resembles each head's training prompts.
package mf
