package results

import "io"

// Answers says what became of the questions that models were asked or, before any is asked, what
// asking them would cost.
type Answers struct {
	SchemaVersion int             `json:"schema_version"`
	Tool          Tool            `json:"tool"`
	Inputs        []Input         `json:"inputs"`
	Prompts       int             `json:"prompts"` // prompts in the file
	Asked         int             `json:"asked"`   // prompts that are asked, after drawing
	Samples       int             `json:"samples"` // answers per model and prompt
	DryRun        bool            `json:"dry_run"`
	Out           string          `json:"out,omitempty"`      // file of the answers
	Rows          int             `json:"rows,omitempty"`     // its rows
	Complete      int             `json:"complete,omitempty"` // rows with an answer of every model
	MaxUSD        Value           `json:"max_usd"`            // null without a budget
	SpentUSD      Value           `json:"spent_usd"`          // what this run cost, as far as it is known
	Models        []AnsweredModel `json:"models,omitempty"`   // after asking
	Planned       []PlannedModel  `json:"planned,omitempty"`  // before asking
	Seconds       Value           `json:"planned_seconds"`    // time that asking takes by the limits; null if it is not known
	Warnings      []string        `json:"warnings"`
}

// AnsweredModel says what became of the questions to one model.
type AnsweredModel struct {
	Label         string         `json:"label"`
	Answered      int            `json:"answered"`   // rows with an answer
	Failed        int            `json:"failed"`     // rows without one
	NotAsked      int            `json:"not_asked"`  // rows for which the budget was too small
	Reasons       map[string]int `json:"reasons"`    // questions without an answer, by reason
	FromCache     int            `json:"from_cache"` // answers for which no request was sent
	CutOff        int            `json:"cut_off"`    // answers that ended at the limit of tokens
	Empty         int            `json:"empty"`      // answers without text
	InputTokens   Value          `json:"input_tokens"`
	OutputTokens  Value          `json:"output_tokens"`
	USD           Value          `json:"usd"`       // cost of all answers in the file, as far as it is known
	SpentUSD      Value          `json:"spent_usd"` // cost of those that were sent for
	Unpriced      int            `json:"unpriced"`  // answers whose cost is not known
	LatencyMedian Value          `json:"latency_median_s"`
	LatencyP95    Value          `json:"latency_p95_s"`
}

// PlannedModel says what asking one model would cost.
type PlannedModel struct {
	Label       string `json:"label"`
	Questions   int    `json:"questions"`    // questions that differ
	FromCache   int    `json:"from_cache"`   // those whose answers are in the cache
	InputTokens Value  `json:"input_tokens"` // tokens of the others, about
	LeastUSD    Value  `json:"least_usd"`
	TypicalUSD  Value  `json:"typical_usd"` // if the others cost what those in the cache cost on average
	MostUSD     Value  `json:"most_usd"`    // null if the length of answers has no limit
	Seconds     Value  `json:"seconds"`     // time by the limits
}

// Write writes the document as JSON with one newline at the end.
func (a *Answers) Write(w io.Writer) error { return writeJSON(w, a) }
