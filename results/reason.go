package results

// Reason says why a side was asked, in the decision log and in tables made from it.
type Reason string

// The reasons for a decision.
const (
	ReasonScore     Reason = "score"     // the score, compared with the threshold
	ReasonDefault   Reason = "default"   // no text or no score: the side default_side
	ReasonExplore   Reason = "explore"   // drawn at random
	ReasonSticky    Reason = "sticky"    // the side of the conversation so far
	ReasonEscalated Reason = "escalated" // a later turn moved its conversation to the strong side
	ReasonDirect    Reason = "direct"    // the client asked for this model
	ReasonMaxChars  Reason = "max_chars" // too long for the side that the score called for
	ReasonImages    Reason = "images"    // images, which that side does not take
	ReasonTools     Reason = "tools"     // tools, which that side does not take
	ReasonAPI       Reason = "api"       // an API that that side's server does not speak
	ReasonDown      Reason = "down"      // the circuit breaker of the model that the predictions called for was open
	ReasonBound     Reason = "bound"     // the request belongs to an answer that this side has made
	ReasonUnjudged  Reason = "unjudged"  // a cascade had no answer to judge, or none that it could judge
)
