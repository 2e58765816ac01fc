// Package transfer measures what routers do on data that nobody tuned them on: prompts and pairs of
// models other than those that built-in routers were trained on. [Read] reads the sets, [Measure]
// the routers. It is part of no command: make transfer writes its table into docs/results.md.
//
// Each set belongs to no source of training, or to one: then the router is trained again without
// this source. So a row shows what somebody sees who comes with such prompts.
package transfer
