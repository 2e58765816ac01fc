package answers

import (
	"encoding/json"
	"maps"
	"math"
	"path/filepath"
	"slices"

	"github.com/routellm/routellm/answers/chat"
)

// ModelSummary says what became of the questions to one model.
type ModelSummary struct {
	Label                      string
	Answered, Failed, NotAsked int // rows of the file
	Sent                       int // answers that were sent for; the others were in the store, or the same question was asked before
	Cut                        int // answers that ended at the limit of tokens
	Empty                      int // answers without any text
	InputTokens, OutputTokens  float64
	USD                        float64        // USD that all answers in the file cost, as far as it is known
	Unpriced                   int            // answers whose cost is not known
	SpentUSD                   float64        // USD that the answers cost that were sent for
	LatencyMedian, LatencyP95  float64        // seconds; NaN if not known
	Reasons                    map[string]int // numbers of questions without an answer, by kind of reason
	latencies                  []float64
}

// add adds an answer of a row.
func (s *ModelSummary) add(a chat.Answer) {
	s.Answered++
	if a.Finish == "length" {
		s.Cut++
	}
	if a.Text == "" {
		s.Empty++
	}
	for _, x := range []struct {
		v  float64
		to *float64
	}{{a.InputTokens, &s.InputTokens}, {a.OutputTokens, &s.OutputTokens}, {a.CostUSD, &s.USD}} {
		if !math.IsNaN(x.v) {
			*x.to += x.v
		}
	}
	if math.IsNaN(a.CostUSD) {
		s.Unpriced++
	}
	if !math.IsNaN(a.Latency) {
		s.latencies = append(s.latencies, a.Latency)
	}
}

// Summary says what became of the questions, by model. Call it after [Run.Write].
func (r *Run) Summary() []ModelSummary {
	var out []ModelSummary
	for _, m := range r.models {
		s := m.stats
		s.Label, s.Sent, s.Reasons = m.Label, m.sent, maps.Clone(m.reasons)
		slices.Sort(s.latencies)
		s.LatencyMedian, s.LatencyP95 = quantile(s.latencies, .5), quantile(s.latencies, .95)
		if s.Unpriced == s.Answered {
			s.USD = math.NaN()
		}
		out = append(out, s)
	}
	return out
}

// HasAnswers reports whether [Run.Ask] got any answer, from a model or the store.
func (r *Run) HasAnswers() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.got
}

// Complete returns the number of rows with an answer of every model. Call it after [Run.Write].
func (r *Run) Complete() int { return r.complete }

// quantile returns the smallest of some sorted values that is not below a share of them; NaN of none.
func quantile(sorted []float64, share float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	return sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)]
}

// metaAnswers is the key of the metadata that says how a file's answers were made.
const metaAnswers = "routellm.answers"

// ofOtherModels lists the metadata of a data set of prompts that does not hold for the models that are
// asked: its default pair and the day of its outcomes.
var ofOtherModels = []string{"routellm.strong", "routellm.weak", "routellm.measured"}

// made says in a file's metadata how its answers were made.
type made struct {
	Prompts struct {
		Name   string `json:"name"`
		SHA256 string `json:"sha256"`
	} `json:"prompts"`
	System      string            `json:"system,omitempty"`
	Temperature *float64          `json:"temperature,omitempty"`
	MaxTokens   *int              `json:"max_tokens,omitempty"`
	Seed        *int64            `json:"seed,omitempty"`
	Samples     int               `json:"samples"`
	Models      map[string]string `json:"models"` // what was asked, by label
}

// meta returns the metadata of the file.
func (r *Run) meta() map[string]string {
	out := map[string]string{}
	for key, value := range r.prompts.Meta {
		if !slices.Contains(ofOtherModels, key) {
			out[key] = value
		}
	}
	s := r.options.Settings
	m := made{System: s.System, Temperature: s.Temperature, MaxTokens: s.MaxTokens, Seed: s.Seed, Samples: r.samples, Models: map[string]string{}}
	m.Prompts.Name, m.Prompts.SHA256 = filepath.Base(r.prompts.Name), r.prompts.SHA256
	for _, x := range r.models {
		m.Models[x.Label] = x.Identity
	}
	data, err := json.Marshal(m)
	if err == nil { // texts and finite numbers always have a form
		out[metaAnswers] = string(data)
	}
	return out
}
