// Package figures makes the RouteLLM publication's figures and tables (arXiv 2406.18665)
// from evaluated routers, with the published numbers beside ours.
//
// Call [Make] with [Data]: the benchmarks, evaluated with the routers of [Routers] and the
// pairs of [Pairs], the votes and the training data. It returns every [File] in memory and
// the publication's claims with our answers. The same data and seed give the same bytes.
package figures
