// Package pool evaluates routers that choose among any number of models, a pool, by quality and
// cost. [NewPath] gives every operating point of a router; [Path.Measure] measures them against
// the constant models, see [NewConstants]. Quality is in the unit of the outcomes. Cost is per
// prompt and in any unit, 0 or more: US dollars, seconds, characters.
//
// A router predicts the quality p and the cost k of each model for a prompt, and chooses the model
// with the largest p - lambda k. Lambda is the quality that a unit of cost must bring. Each lambda
// is an operating point; between two, a router randomises.
package pool
