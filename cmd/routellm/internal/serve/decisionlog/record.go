// Package decisionlog keeps what a server decided, one JSON object a line. Prompts,
// answers and keys are not in it.
package decisionlog

import "time"

// Record is one request. What is not known is left out: no score where there was no
// text or the router failed, no tokens where the model reported none.
type Record struct {
	Time     time.Time `json:"time"` // when the request came
	ID       string    `json:"id"`   // unique; seeds the random side
	Endpoint string    `json:"endpoint"`
	Stream   bool      `json:"stream,omitempty"`

	PromptSHA256 string `json:"prompt_sha256,omitempty"` // hex, of the text that was routed
	Chars        int    `json:"chars"`                   // code points

	Router    string   `json:"router"`
	Threshold *float64 `json:"threshold,omitempty"` // none: never strong
	Score     *float64 `json:"score,omitempty"`     // the win rate
	Micros    float64  `json:"decision_us"`

	Decision   string  `json:"decision"`           // strong or weak: where the request was sent first
	Explored   bool    `json:"explored,omitempty"` // by chance, not by the score
	Propensity float64 `json:"propensity"`         // probability of that decision, given the score

	Answered string `json:"answered,omitempty"` // the side whose answer the client got
	Model    string `json:"model,omitempty"`    // its model
	Fallback bool   `json:"fallback,omitempty"` // both sides were asked

	Status       int     `json:"status"`          // sent to the client; 499 if its connection ended before
	Error        string  `json:"error,omitempty"` // kind of failure
	LatencyS     float64 `json:"latency_s"`       // until the last byte
	FirstByteS   float64 `json:"first_byte_s,omitempty"`
	InputTokens  *int    `json:"input_tokens,omitempty"`
	OutputTokens *int    `json:"output_tokens,omitempty"`
}
