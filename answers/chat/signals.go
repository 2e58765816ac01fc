package chat

// Signals sum up the log-probabilities of an answer's tokens, natural logarithms.
type Signals struct {
	Mean         float64 // mean of the answer's tokens
	Min          float64 // smallest one
	FirstEntropy float64 // entropy in nats of the first token's reported alternatives; NaN without any
	True         float64 // probability of "true" against "false" as the first token; NaN if neither is among the alternatives
}
