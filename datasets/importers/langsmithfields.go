package importers

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets/prompttext"
)

// feedback returns the averages of the feedback of a run, by key.
func (s *smith) feedback(r tableRow) map[string]float64 {
	out := map[string]float64{}
	r.json("feedback_stats").ForEach(func(key, stats gjson.Result) bool {
		v := numberIn(stats, "avg")
		if v != v {
			v = categories(stats.Get("values"))
		}
		if v == v {
			out[key.Str], s.keys[key.Str] = v, true
		}
		return true
	})
	return out
}

// categories returns the mean of feedback in words, such as {"correct": 2, "wrong": 1}; NaN if
// there is none, or a word is not known.
func categories(counts gjson.Result) float64 {
	sum, n := 0.0, 0.0
	counts.ForEach(func(word, count gjson.Result) bool {
		v, ok := wordValue(word.Str)
		if !ok {
			v = nan
		}
		sum, n = sum+v*count.Num, n+count.Num
		return true
	})
	return sum / n
}

// smithPrompt returns the prompt in a run's inputs: messages, or the one text among them. Inputs
// of traced functions are below the names of their parameters.
func smithPrompt(r tableRow, mode prompttext.Mode) (string, error) {
	inputs := r.json("inputs")
	if inner := inputs.Get("inputs"); inner.IsObject() {
		inputs = inner
	}
	if !inputs.IsObject() {
		return r.prompt(mode, "inputs")
	}
	for _, key := range []string{"messages", "prompts", "input", "question", "prompt", "query"} {
		v := inputs.Get(key)
		if v.Type == gjson.String && strings.TrimSpace(v.Str) != "" {
			return prompttext.FromText(v.Str, mode)
		}
		if v.IsArray() {
			return prompttext.FromJSON(v.Raw, mode)
		}
	}
	var texts []string
	inputs.ForEach(func(_, v gjson.Result) bool {
		if v.Type == gjson.String {
			texts = append(texts, v.Str)
		}
		return true
	})
	if len(texts) == 1 {
		return prompttext.FromText(texts[0], mode)
	}
	return r.prompt(mode, "inputs")
}
