// Package moved evaluates a router among several models from a summary of the moves along its path: a
// table with the start of the path and one row per bin of lambda, which any SQL engine makes from
// billions of rows. Package pool defines the path.
//
// At lambda = infinity every prompt has the model with the lowest predicted cost. As lambda falls,
// prompts move to other models, each at most once per model. A [Cell] sums up the moves of a bin of
// lambda. What follows from the sums alone:
//
//   - [Summary.Path] has a vertex at each edge between two bins, where it is exact.
//   - [Summary.Measure] returns metrics and the ranges that the exact values lie in, whatever the order
//     of the moves inside the bins. Where every bin holds one lambda, both ends are the value.
//   - [Summary.Outcomes], [Summary.Sweep] and [Summary.At] turn buckets of whole clusters into prompts
//     with weights, whose intervals package pool computes.
//
// Bounds. Any of the moves of a bin change the quality by no less than the sum of the changes below 0,
// and by no more than the sum of those above 0. The same holds for the cost. So the path lies in a
// rectangle while it passes a bin. Neighbouring bins whose lambdas package pool takes for equal are one. At each budget, the lowest and the highest quality of all rectangles
// in which the path may first reach the budget bound the quality within that budget.
package moved
