package results

import "github.com/routellm/routellm/eval"

// Source says where a router's scores come from.
type Source string

// A live router was run. Embedded scores were made beforehand and are built in. File
// scores or decisions were read. ClosedForm is the random router, whose expectation
// needs no scores. FromThreshold is the operating point of a calibration artifact.
// NoScores marks the routers that look at nothing: always strong and always weak. Summed scores are those
// of a summary's bins.
const (
	Live          Source = "live"
	Embedded      Source = "embedded"
	File          Source = "file"
	ClosedForm    Source = "closed form"
	FromThreshold Source = "threshold"
	NoScores      Source = "none"
	Summed        Source = "summary"
)

// GapState says how well the gap between the models is established.
type GapState string

// The states of [eval.GapState], in words.
const (
	GapEstablished    GapState = "established"
	GapThin           GapState = "thin"
	GapNotEstablished GapState = "not established"
	GapReversed       GapState = "reversed"
)

var gapStates = map[eval.GapState]GapState{
	eval.GapEstablished:    GapEstablished,
	eval.GapThin:           GapThin,
	eval.GapNotEstablished: GapNotEstablished,
	eval.GapReversed:       GapReversed,
}

// NewGap converts a gap.
func NewGap(g eval.Gap) Gap { return Gap{Value(g.Value), Value(g.SE), gapStates[g.State]} }
