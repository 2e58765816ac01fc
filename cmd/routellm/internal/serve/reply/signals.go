package reply

import (
	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/routers"
)

// True returns the probability in [0,1] that a model gives to its answer being right, from its reply
// to [answers.TrueQuestion]; NaN if that does not say it.
func (r *Reply) True() float64 {
	return answers.True(chat.Answer{Tokens: chat.ReadTokens([]byte(r.Logprobs))})
}

// Answer returns the answer as routers read it, with what its log-probabilities say about the first
// alternatives to each token, of which there may be more. It has the definitions of routellm answer.
// Neither the number of tokens nor what takes further questions to the model is known.
func (r *Reply) Answer(alternatives int) routers.Answer {
	a := routers.UnknownAnswer()
	a.Text, a.HasText, a.Finish = r.Text, true, chat.Finish(r.Finish)
	tokens := chat.ReadTokens([]byte(r.Logprobs))
	if len(tokens) == 0 {
		return a
	}
	tokens[0].Top = tokens[0].Top[:min(alternatives, len(tokens[0].Top))]
	s := answers.Certainty(tokens)
	a.LogprobMean, a.LogprobMin, a.FirstEntropy = s.Mean, s.Min, s.FirstEntropy
	return a
}
