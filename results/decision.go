package results

// Decision says which model should answer a prompt, and why. It is the same from
// routellm route, from the server's /v1/route and in its log. A decision between two models has a
// side and, where there is one, a threshold. One among several has predictions instead, and
// neither a score nor a threshold.
type Decision struct {
	Router string `json:"router"`             // the router's name
	Model  string `json:"model"`              // the name of the model that should answer
	Side   Side   `json:"decision,omitempty"` // its side; "" among several models
	Score  Value  `json:"score"`              // null without a text, or where the router failed
	Threshold
	*PoolDecision
	Unlike       *bool   `json:"unlike,omitempty"` // the prompt is unlike all that the router was trained on; nil if the router cannot tell
	Microseconds float64 `json:"microseconds"`     // time to encode and score the text
}

// PoolDecision is the part of a [Decision] among several models.
type PoolDecision struct {
	Axis   Axis  `json:"axis"`   // what costs are counted in
	Lambda Value `json:"lambda"` // quality that a unit of cost must bring; null where one model answers every prompt
	// Models has the models that the router was asked about, with its predictions; it is absent
	// without a text, or where the router failed.
	Models []Predicted `json:"models,omitempty"`
}

// Predicted is what a router predicts of one model's answer to a prompt.
type Predicted struct {
	Model   string `json:"model"`
	Quality Value  `json:"quality"`
	Cost    Value  `json:"cost"` // per prompt, in the unit of the axis
}

// Of returns the prediction of a model; its numbers are missing if there is none.
func (d *PoolDecision) Of(model string) Predicted {
	for _, p := range d.Models {
		if p.Model == model {
			return p
		}
	}
	return Predicted{Model: model, Quality: Missing, Cost: Missing}
}
