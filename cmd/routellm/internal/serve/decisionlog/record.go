// Package decisionlog writes and reads a server's decisions: one JSON object per line, one
// line per request, and one per [Feedback] on a request. The log contains no prompts, answers or
// keys.
//
// Call [Open] for a [Log] and [Log.Write] to append a [Record]; [Read] reads the records of a
// file, and [Lines.Read] also the feedback.
package decisionlog

import (
	"fmt"
	"time"

	"github.com/routellm/routellm/results"
)

// Version is the version of the log's format, which changes apart from that of documents.
const Version = 2

// Record is the record of one request. Unknown fields are omitted, and the score is null if
// there was no text or the router failed.
type Record struct {
	SchemaVersion int       `json:"schema_version"` // [Version]; set by [Log.Write]
	Time          time.Time `json:"time"`           // time at which the request arrived, UTC
	ID            string    `json:"id"`             // unique id
	Endpoint      string    `json:"endpoint"`
	Stream        bool      `json:"stream,omitempty"`

	PromptSHA256 string `json:"prompt_sha256,omitempty"` // hex digest of the routed text
	Chars        int    `json:"chars"`                   // number of code points in the routed text

	Identity // the model of the router in Decision

	Client       string `json:"client,omitempty"`       // keyed digest of the name of the client's key
	Conversation string `json:"conversation,omitempty"` // keyed digest of what identifies the conversation, whether decisions stick or not; "" if the user says nothing

	results.Decision                // the side that was asked first
	Reason           results.Reason `json:"reason,omitempty"`   // why this side was asked
	Explored         bool           `json:"explored,omitempty"` // the side was drawn at random, for this request or for its conversation
	// Propensity is the probability of this side, in (0,1]. If decisions do not stick, it is that
	// given the score. Otherwise it is the probability that a conversation whose turns so far had
	// these scores is on this side now, before the draw for the conversation is known.
	// A conversation of which some turns have reason [Stuck] is one decision, whose propensity is
	// that of its first record.
	Propensity float64 `json:"propensity"`

	Answered      results.Side `json:"answered,omitempty"`       // the side whose answer the client got
	AnsweredModel string       `json:"answered_model,omitempty"` // the model whose answer the client got
	Fallback      bool         `json:"fallback,omitempty"`       // both sides were asked

	Status       int      `json:"status"`                 // HTTP status sent to the client; 499 if it left before an answer
	Error        string   `json:"error,omitempty"`        // kind of failure
	LatencyS     float64  `json:"latency_s"`              // seconds until the last byte
	FirstByteS   float64  `json:"first_byte_s,omitempty"` // seconds until the first byte
	InputTokens  *int     `json:"input_tokens,omitempty"`
	OutputTokens *int     `json:"output_tokens,omitempty"`
	CachedTokens int      `json:"cached_tokens,omitempty"` // tokens of the input that the model's server read from a cache
	CostUSD      *float64 `json:"cost_usd,omitempty"`      // cost of the answer by its tokens and the model's prices; of a cascade, that of all its calls

	Cascade *Cascade `json:"cascade,omitempty"` // what a cascade asked the weak model; nil if it asked nothing
}

// Identity tells routers of one name apart, which a later release or a trained file may have: their
// scores are not comparable. Fields are "" if there is nothing to digest, and all of them in logs of
// earlier releases.
type Identity struct {
	Spec          string `json:"router_spec,omitempty"`    // the router as named on the command line, without a label
	SHA256        string `json:"router_sha256,omitempty"`  // hex digest of its model
	Encoder       string `json:"encoder,omitempty"`        // encoder of the vectors that it reads
	EncoderSHA256 string `json:"encoder_sha256,omitempty"` // hex digest of the encoder's weights
}

// Same reports whether two identities are of one router. A model's digest says more than the
// name of its file.
func (i Identity) Same(other Identity) bool {
	if i.SHA256 != "" {
		other.Spec = i.Spec
	}
	return i == other
}

// String returns the part that tells routers apart.
func (i Identity) String() string {
	switch {
	case i.Encoder != "" && i.SHA256 != "":
		return fmt.Sprintf("the model %.12s and the encoder %s %.12s", i.SHA256, i.Encoder, i.EncoderSHA256)
	case i.SHA256 != "":
		return fmt.Sprintf("the model %.12s", i.SHA256)
	case i.Spec != "":
		return fmt.Sprintf("the specification %q", i.Spec)
	}
	return "a model that the log does not name"
}
