package quiz

import (
	"strings"

	"github.com/routellm/routellm/internal/modelserver/chattest"
)

// Prices are the prices of the models, in USD per million tokens, as answer and serve read them.
const Prices = "model,input,output,as_of\nbig,2.5,10,2026-11\nsmall,0.1,0.4,2026-11\njudge,1,4,2026-11\n"

// prices are the same for the server.
var prices = map[string]chattest.Price{
	"big": {Input: 2.5, Cached: 2.5, Output: 10}, "small": {Input: 0.1, Cached: 0.1, Output: 0.4}, "judge": {Input: 1, Cached: 1, Output: 4},
}

// Options returns the options of a server with the models big, small and judge, which know the
// questions.
func Options(all []Question) chattest.Options {
	known := byPrompt(all)
	o := chattest.Options{Models: map[string]chattest.Model{"judge": known.judge}, Prices: prices}
	for _, m := range []Model{Small(), Big()} {
		o.Models[m.Name] = known.serve(m)
	}
	return o
}

// questions are questions by their prompts.
type questions map[string]Question

func byPrompt(all []Question) questions {
	out := questions{}
	for _, q := range all {
		out[q.Prompt] = q
	}
	return out
}

// serve answers as a model. A repeated sample, which has another seed or none, is answered as the
// number of the attempt says.
func (known questions) serve(m Model) chattest.Model {
	return func(r chattest.Request) chattest.Answer {
		q, ok := known[strings.TrimSpace(r.Prompt())]
		if !ok {
			return chattest.Answer{Text: "I do not know this question."}
		}
		sample := 0
		if r.Seed != nil {
			sample = int(*r.Seed)
		}
		text, _ := m.Answer(q, sample)
		return chattest.Answer{Text: text}
	}
}
