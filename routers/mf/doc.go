// Package mf is the matrix factorization router (RouteLLM, section 4.2). A model M
// is worth delta(M, q) = w2 . (v_M * (W1 q + b)) on a prompt q, and the win rate is
// sigmoid(delta_strong - delta_weak). For one pair of models all of it collapses to
// one weighted sum of the prompt's inputs.
//
// W1 q + b is fitted with one factor, how demanding a prompt is, by ridge regression
// in closed form: on a few hundred to a few thousand labelled prompts more
// factors are noise. Labels of different kinds (votes, grades, correctness)
// measure different things on different prompts, with levels and scales of their
// own: each kind has its own head, in standard deviations, and a gate weights the
// heads by how much the prompt is like each one's prompts.
package mf
