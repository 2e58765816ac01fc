// Package harness evaluates, compares, calibrates and trains routers.
//
// [Open] opens routers by name and [Load] reads benchmarks; [Run] evaluates the ones on
// the others and returns a [results.Document]. [Own] brings a router of one's own into
// the same calls. [NewScorer] scores single prompts, as routellm route does, and
// [Compare], [Calibrate], [Train], [Plan] and [Audit] do what the commands of the same
// names do.
//
// The package reads files and writes none; it reads no flags, prints nothing, and asks
// no server that was not named. Its documents do not depend on the number of cores.
package harness
