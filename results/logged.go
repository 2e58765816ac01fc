package results

import "io"

// LogEvaluation says what logged decisions tell about thresholds: those that were in force, and
// others. Its values are estimates from the decisions on which the side was drawn at random.
type LogEvaluation struct {
	SchemaVersion int               `json:"schema_version"`
	Tool          Tool              `json:"tool"`
	Seed          uint64            `json:"seed"` // seed of the resamples
	Input         Input             `json:"input"`
	Router        string            `json:"router"` // "" if the log does not say
	Method        string            `json:"method"` // method of quality, against_logged, over_random and cost_usd: "ips", "snips", "dr" or "sndr"
	Intervals     Intervals         `json:"intervals"`
	Decisions     LoggedDecisions   `json:"decisions"`
	Logged        LoggedOutcome     `json:"logged"`
	Thresholds    []LoggedThreshold `json:"thresholds"`
	Curve         []LoggedVertex    `json:"curve"` // all thresholds from never to always strong, at most 1,001 of them
	Warnings      []string          `json:"warnings"`
}

// LoggedDecisions counts the decisions of a log. A decision is the first request of a
// conversation that keeps its side, or a request by itself.
type LoggedDecisions struct {
	Requests      int            `json:"requests"`      // rows of the table
	Conversations int            `json:"conversations"` // decisions that hold for a conversation
	Estimated     int            `json:"estimated"`     // decisions whose side could have been the other one
	Rated         int            `json:"rated"`         // those of them with a quality; the estimates rest on them
	Fixed         map[string]int `json:"fixed"`         // decisions without a choice, left out, by reason; "no draw" if the score decided, but the other side could not have been drawn
	Begun         int            `json:"begun"`         // conversations whose decision is not in the log, left out
	Fallbacks     int            `json:"fallbacks"`     // estimated decisions some of whose requests the other side answered
	Escalated     int            `json:"escalated"`     // estimated decisions whose conversation moved to the strong side later
	Strong        LoggedSide     `json:"strong"`
	Weak          LoggedSide     `json:"weak"`
	RateGap       Metric         `json:"rate_gap"` // rate of feedback if all decisions were strong, less that if all were weak
}

// LoggedSide counts the estimated decisions of a side.
type LoggedSide struct {
	Decisions    int   `json:"decisions"`
	AgainstScore int   `json:"against_score"` // decisions against the score, with a propensity below 1/2
	Rated        int   `json:"rated"`
	Quality      Value `json:"quality"` // mean quality of the rated ones
}

// LoggedOutcome describes what happened, exploration included.
type LoggedOutcome struct {
	Quality        Metric      `json:"quality"`
	Cost           Metric      `json:"cost_usd"`        // mean cost of a request; null without costs
	StrongFraction Value       `json:"strong_fraction"` // share of strong ones among the estimated decisions
	Thresholds     []Threshold `json:"thresholds"`      // thresholds that were in force
}

// LoggedThreshold holds the estimates for one threshold, without exploration.
type LoggedThreshold struct {
	Threshold
	InForce        bool   `json:"in_force"`          // it was in force in the log
	StrongFraction Value  `json:"strong_fraction"`   // share of the estimated decisions with such a score; exact
	Quality        Metric `json:"quality"`           // mean quality, by the document's method
	AgainstLogged  Metric `json:"against_logged"`    // quality less the mean quality of the logged decisions
	OverRandom     Metric `json:"over_random"`       // quality less that of a random choice with the same strong fraction
	Cost           Metric `json:"cost_usd"`          // mean cost of a request; null without costs
	IPS            Metric `json:"ips"`               // mean quality by each method
	SNIPS          Metric `json:"snips"`             //
	DR             Metric `json:"dr"`                //
	SNDR           Metric `json:"sndr"`              //
	Effective      Value  `json:"effective"`         // effective sample size of the weights
	Matched        Value  `json:"matched"`           // share of the rated decisions whose side is the threshold's
	AgainstScore   int    `json:"against_score"`     // number of them that were drawn against the score
	MaxWeight      Value  `json:"max_weight"`        // largest weight, 1/propensity
	Missing        string `json:"missing,omitempty"` // why there is no quality
}

// LoggedVertex is the estimated value of one of all thresholds.
type LoggedVertex struct {
	Threshold
	StrongFraction Value `json:"strong_fraction"` // share of the rated decisions with such a score
	Quality        Value `json:"quality"`
	Effective      Value `json:"effective"`
}

// Write writes the document as JSON with one newline at the end.
func (d *LogEvaluation) Write(w io.Writer) error { return writeJSON(w, d) }
