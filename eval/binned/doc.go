// Package binned evaluates a router from a summary of its scored samples: a table with one row per
// bin of scores, which any SQL engine makes from billions of rows.
//
// A bin holds the samples whose scores lie in a range that no other sample's score lies in. [New]
// checks that. What follows from the sums of the bins alone:
//
//   - [Summary.Curve] is exact at the edges of the bins.
//   - [Summary.APGR], [Summary.CPT] and the like return a value and the range that the exact value
//     lies in, whatever the order of the samples inside the bins. Where every bin holds one score,
//     both ends are the value.
//   - [Summary.Open] lists the bins that keep a value from being exact, and [Summary.Refine]
//     replaces them by rows of single scores.
//   - [Summary.Samples] returns the cells of a summary as samples with weights, whose cluster is
//     their bucket. Everything in package eval that works on clusters and weights works on them:
//     intervals, standard errors, comparisons and guarantees.
//
// Bounds. The curve inside a bin of size n and summed gain g starts and ends where the straight line
// (the chord) does. With SS = sum of squared gains - g^2/n, the curve's slope differs from the
// chord's by a function whose square has the integral SS. By the inequality of Cauchy and Schwarz the
// curve lies within sqrt(SS j (n-j)/n) of the chord at j of n, and the area under it within
// sqrt(SS n^3/12). Weights are lengths along the curve, so that all of this holds with them.
package binned
