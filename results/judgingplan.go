package results

import "io"

// JudgingPlan says what a judge would be asked, and what that would cost. Nothing was asked.
type JudgingPlan struct {
	SchemaVersion int        `json:"schema_version"`
	Tool          Tool       `json:"tool"`
	Inputs        []Input    `json:"inputs"`
	Judge         JudgeSetup `json:"judge"`
	Questions     int        `json:"questions"`
	Repeats       int        `json:"repeats"`      // questions among them that repeat others
	Alike         int        `json:"alike"`        // pairs of equal answers, which are ties without a question
	Cached        int        `json:"cached"`       // questions that the cache answers
	InputTokens   Value      `json:"input_tokens"` // the tokens of the questions to send, about
	LeastUSD      Value      `json:"least_usd"`    // what they are likely to cost at least; null if no price is known
	MostUSD       Value      `json:"most_usd"`     // and at most; null also if replies have no limit
	Warnings      []string   `json:"warnings"`
}

// Write writes the document as JSON with one newline at the end.
func (p *JudgingPlan) Write(w io.Writer) error { return writeJSON(w, p) }
