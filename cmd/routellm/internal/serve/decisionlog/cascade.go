package decisionlog

// Cascade says what a cascade asked the weak model before the client got anything, and what became
// of the answer.
type Cascade struct {
	Outcome Outcome `json:"outcome"`
	Why     string  `json:"why,omitempty"` // why there is no score: the kind of failure, or "tools" for an answer that calls tools

	Signals map[string]float64 `json:"signals,omitempty"` // what is known of the weak model's answer, by the names of columns of routellm answer
	Finish  string             `json:"finish,omitempty"`  // why that answer ended

	Calls []Call  `json:"calls"`  // requests to the weak model: for the answer, then for what else was needed to judge it
	HeldS float64 `json:"held_s"` // seconds until the answer was judged
}

// Outcome says which answer the client got, and why.
type Outcome string

// The outcomes.
const (
	Accepted     Outcome = "accepted"      // the weak model's answer: its score is below the threshold
	Rejected     Outcome = "rejected"      // the strong model's: the score is at the threshold or above, or a draw chose the side
	Passed       Outcome = "passed"        // the weak model's, which was not judged
	WeakFailed   Outcome = "weak_failed"   // the strong model's: there was no answer of the weak model to judge
	Abandoned    Outcome = "abandoned"     // nothing: the client left before the weak model had answered
	StrongFailed Outcome = "strong_failed" // the weak model's, although it was rejected: the strong model gave none
)

// Call is one request to a model. Unknown fields are omitted.
type Call struct {
	Purpose      Purpose  `json:"purpose"`
	Model        string   `json:"model"`
	InputTokens  *int     `json:"input_tokens,omitempty"`
	OutputTokens *int     `json:"output_tokens,omitempty"`
	CachedTokens int      `json:"cached_tokens,omitempty"`
	CostUSD      *float64 `json:"cost_usd,omitempty"`
	LatencyS     float64  `json:"latency_s"`       // seconds until the last byte
	Error        string   `json:"error,omitempty"` // kind of failure
}

// Purpose says what a call was for.
type Purpose string

// The purposes.
const (
	ForAnswer Purpose = "answer" // the answer that is judged
	ForSample Purpose = "sample" // another answer to the same request, which should agree with it
	ForTruth  Purpose = "truth"  // the model's own word on whether its answer is right
)

// Others returns the calls whose tokens are not those of the answer that the client got. It is nil
// without a cascade.
func (r *Record) Others() []Call {
	if r.Cascade == nil {
		return nil
	}
	switch r.Cascade.Outcome {
	case Accepted, Passed, StrongFailed:
		return r.Cascade.Calls[min(1, len(r.Cascade.Calls)):]
	}
	return r.Cascade.Calls
}
