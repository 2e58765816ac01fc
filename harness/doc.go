// Package harness evaluates, compares, calibrates and trains routers.
//
// Call [Evaluate] to evaluate routers by name. Its three steps can be called one by one:
// [Open] opens routers, [Load] reads benchmarks for them, and [Run] evaluates the routers
// on the benchmarks and returns an [Evaluation]. Benchmarks must be loaded with every
// router that runs on them, since Load reads what these routers need and leaves out what
// they were trained on; Run refuses others. [Own] brings a router of your own into these
// calls. [NewScorer] scores single prompts, as routellm route does. [Score] and [Compare],
// [Calibrate], [Train], [Plan] and [Audit] do what the commands of the same names do.
//
// The package reads files, and writes none but the cache of a server's vectors. It reads
// no flags, prints nothing, and asks no server that was not named. Its documents do not
// depend on the number of cores.
package harness
