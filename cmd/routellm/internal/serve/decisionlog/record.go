// Package decisionlog writes and reads a server's decisions: one JSON object per line, one
// line per request. The log contains no prompts, answers or keys.
//
// Call [Open] for a [Log] and [Log.Write] to append a [Record]; [Read] reads a file.
package decisionlog

import (
	"time"

	"github.com/routellm/routellm/results"
)

// Record is the record of one request. Unknown fields are omitted, and the score is null if
// there was no text or the router failed.
type Record struct {
	SchemaVersion int       `json:"schema_version"` // set by [Log.Write]
	Time          time.Time `json:"time"`           // time at which the request arrived, UTC
	ID            string    `json:"id"`             // unique id, which also seeds the random side
	Endpoint      string    `json:"endpoint"`
	Stream        bool      `json:"stream,omitempty"`

	PromptSHA256 string `json:"prompt_sha256,omitempty"` // hex digest of the routed text
	Chars        int    `json:"chars"`                   // number of code points in the routed text

	results.Decision         // the side that was asked first
	Explored         bool    `json:"explored,omitempty"` // the side was drawn at random, whatever the score
	Propensity       float64 `json:"propensity"`         // probability of the decision given the score, in (0,1]

	Answered      results.Side `json:"answered,omitempty"`       // the side whose answer the client got
	AnsweredModel string       `json:"answered_model,omitempty"` // the model whose answer the client got
	Fallback      bool         `json:"fallback,omitempty"`       // both sides were asked

	Status       int     `json:"status"`                 // HTTP status sent to the client; 499 if it left before an answer
	Error        string  `json:"error,omitempty"`        // kind of failure
	LatencyS     float64 `json:"latency_s"`              // seconds until the last byte
	FirstByteS   float64 `json:"first_byte_s,omitempty"` // seconds until the first byte
	InputTokens  *int    `json:"input_tokens,omitempty"`
	OutputTokens *int    `json:"output_tokens,omitempty"`
}
