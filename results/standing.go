package results

// Standing is a router's place among the routers of its benchmark.
type Standing string

// Best has the largest area under its curve. Level is not significantly different from
// the best: the interval of the paired difference holds 0. Behind is worse.
const (
	Best        Standing = "best"
	Level       Standing = "level"
	Behind      Standing = "behind"
	NotCompared Standing = "not compared"
)
