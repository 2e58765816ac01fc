package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// PoolPolicy is a calibrated operating point among several models, as artifacts hold it and route
// and serve apply it: they choose the model with the largest predicted quality - lambda *
// predicted cost. "always" takes the place of "lambda" and "mix" where one model answers every
// prompt, such as the cheapest one for a budget that allows no other.
type PoolPolicy struct {
	Models []PolicyModel `json:"models"`
	Axis   Axis          `json:"axis"`   // what costs are counted in
	Lambda Value         `json:"lambda"` // quality that a unit of cost must bring, at least 0
	// Mix is the share, in [0,1], of prompts with several equally good models that get the most
	// expensive of them; the others get the cheapest. A digest of the prompt decides.
	Mix    Value  `json:"mix"`
	Always string `json:"always,omitempty"` // the name of the model that answers every prompt
}

// PolicyModel is a model of a policy.
type PolicyModel struct {
	Name string `json:"name"`
	// Cost is the predicted cost of an answer to any prompt, at least 0; null for every model of
	// a policy if the router predicts the cost of each prompt.
	Cost Value `json:"cost"`
}

// UnmarshalJSON reads a policy. A number that is absent is null.
func (p *PoolPolicy) UnmarshalJSON(raw []byte) error {
	type plain PoolPolicy // without this method
	out := plain{Lambda: Missing, Mix: Missing}
	err := json.Unmarshal(raw, &out)
	*p = PoolPolicy(out)
	return err
}

// UnmarshalJSON reads a model. A cost that is absent is null.
func (m *PolicyModel) UnmarshalJSON(raw []byte) error {
	type plain PolicyModel
	out := plain{Cost: Missing}
	err := json.Unmarshal(raw, &out)
	*m = PolicyModel(out)
	return err
}

// Names returns the names of the models in their order.
func (p *PoolPolicy) Names() []string {
	names := make([]string, len(p.Models))
	for i, m := range p.Models {
		names[i] = m.Name
	}
	return names
}

// Priced reports whether the policy has the models' costs. Otherwise the router predicts them.
func (p *PoolPolicy) Priced() bool {
	return len(p.Models) > 0 && p.Models[0].Cost.Exists()
}

// Check returns an error for a policy that nobody could apply.
func (p *PoolPolicy) Check() error {
	if err := p.checkModels(); err != nil {
		return err
	}
	switch {
	case !slices.Contains([]Axis{CostAxis, LatencyAxis, CharsAxis, CallsAxis}, p.Axis):
		return fmt.Errorf("\"axis\": found %q, expected cost, latency, chars or calls", p.Axis)
	case p.Axis != CostAxis && !p.Priced() && p.Always == "":
		return fmt.Errorf("\"models\": a policy for %s needs a cost of every model, because routers predict US dollars", p.Axis)
	case p.Always != "" && (p.Lambda.Exists() || p.Mix.Exists()):
		return errors.New("expected \"always\" or \"lambda\" and \"mix\", found both")
	case p.Always != "" && !slices.Contains(p.Names(), p.Always):
		return fmt.Errorf("\"always\": found %q, expected one of the models", p.Always)
	case p.Always != "":
		return nil
	case !p.Lambda.Exists() || p.Lambda < 0:
		return fmt.Errorf("\"lambda\": found %s, expected a number of at least 0, or \"always\" with the name of a model", found(p.Lambda))
	case !(p.Mix >= 0 && p.Mix <= 1):
		return fmt.Errorf("\"mix\": found %s, expected a number in [0,1]", found(p.Mix))
	}
	return nil
}

// checkModels returns an error for models without a name or a usable cost.
func (p *PoolPolicy) checkModels() error {
	if len(p.Models) == 0 {
		return errors.New("\"models\": found none, expected at least one")
	}
	for i, m := range p.Models {
		switch {
		case m.Name == "":
			return fmt.Errorf("\"models\": model %d has no \"name\"", i+1)
		case slices.Contains(p.Names()[:i], m.Name):
			return fmt.Errorf("\"models\": %q is there twice", m.Name)
		case m.Cost < 0:
			return fmt.Errorf("\"models\": the cost of %q is %v, expected at least 0", m.Name, float64(m.Cost))
		case m.Cost.Exists() != p.Priced():
			return fmt.Errorf("\"models\": %q and %q: expected a cost of every model, or of none where the router predicts costs", p.Models[0].Name, m.Name)
		}
	}
	return nil
}

// found writes a number that may not exist, for errors.
func found(v Value) string {
	if !v.Exists() {
		return "nothing"
	}
	return fmt.Sprint(float64(v))
}
