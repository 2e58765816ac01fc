package chat

import (
	"encoding/json"
	"math"
)

// stored is an answer as JSON, which has no NaN.
type stored struct {
	Text    string   `json:"text"`
	Finish  string   `json:"finish,omitempty"`
	Input   *float64 `json:"input_tokens,omitempty"`
	Output  *float64 `json:"output_tokens,omitempty"`
	Cached  *float64 `json:"cached_tokens,omitempty"`
	CostUSD *float64 `json:"cost_usd,omitempty"`
	Latency *float64 `json:"latency_s,omitempty"`
	Model   string   `json:"model,omitempty"`
	Tokens  []Token  `json:"tokens,omitempty"`
	Signals *Signals `json:"signals,omitempty"`
	Asked   int      `json:"requests,omitempty"`
}

// MarshalJSON returns the answer as an object without the numbers that are not known.
func (a Answer) MarshalJSON() ([]byte, error) {
	return json.Marshal(stored{
		a.Text, a.Finish, known(a.InputTokens), known(a.OutputTokens), known(a.CachedTokens), known(a.CostUSD), known(a.Latency),
		a.Model, a.Tokens, a.Signals, a.Requests,
	})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Answer) UnmarshalJSON(text []byte) error {
	var s stored
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	*a = Answer{
		Text: s.Text, Finish: s.Finish, InputTokens: orNaN(s.Input), OutputTokens: orNaN(s.Output), CachedTokens: orNaN(s.Cached),
		CostUSD: orNaN(s.CostUSD), Latency: orNaN(s.Latency), Model: s.Model, Tokens: s.Tokens, Signals: s.Signals, Requests: s.Asked,
	}
	return nil
}

func known(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}

func orNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}
