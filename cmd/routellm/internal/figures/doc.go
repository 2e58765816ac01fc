// Package figures makes the RouteLLM publication's figures and tables (arXiv 2406.18665)
// from evaluated routers, with the published numbers beside ours.
//
// It draws and writes into memory only; the same data and seed give the same bytes.
package figures
