package results

import "encoding/json"

// A metric that a document lacks is missing, not zero: the following methods read over
// values that are missing.

// UnmarshalJSON reads a metric. An absent value or end is missing.
func (m *Metric) UnmarshalJSON(text []byte) error {
	type plain Metric
	all := plain{Value: Missing, Lo: Missing, Hi: Missing}
	err := json.Unmarshal(text, &all)
	*m = Metric(all)
	return err
}

// UnmarshalJSON reads a CPT. An absent number is missing.
func (c *CPT) UnmarshalJSON(text []byte) error {
	none := NewMetric(float64(Missing))
	rest := struct {
		Hull             Value  `json:"hull"`
		Crossings        int    `json:"crossings"`
		SavingOverRandom Metric `json:"saving_over_random"`
		CostRatio        Metric `json:"cost_ratio"`
		SavingOverStrong Metric `json:"saving_over_strong"`
	}{Missing, 0, none, none, none}
	if err := json.Unmarshal(text, &rest); err != nil {
		return err
	}
	c.Hull, c.Crossings = rest.Hull, rest.Crossings
	c.SavingOverRandom, c.CostRatio, c.SavingOverStrong = rest.SavingOverRandom, rest.CostRatio, rest.SavingOverStrong
	return json.Unmarshal(text, &c.Metric)
}

// UnmarshalJSON reads metrics. An absent metric is missing.
func (m *Metrics) UnmarshalJSON(text []byte) error {
	type plain Metrics
	none := NewMetric(float64(Missing))
	all := plain{APGR: none, Headroom: none, AUC: none, AreaOverRandom: none}
	err := json.Unmarshal(text, &all)
	*m = Metrics(all)
	return err
}

// UnmarshalJSON reads a test. An absent p value is missing.
func (t *Test) UnmarshalJSON(text []byte) error {
	type plain Test
	all := plain{P: Missing, PAdjusted: Missing}
	err := json.Unmarshal(text, &all)
	*t = Test(all)
	return err
}

// UnmarshalJSON reads the interval of a chosen router. An absent end is missing.
func (c *Chosen) UnmarshalJSON(text []byte) error {
	type plain Chosen
	all := plain{Lo: Missing, Hi: Missing}
	err := json.Unmarshal(text, &all)
	*c = Chosen(all)
	return err
}

// UnmarshalJSON reads the costs of a pair. An absent cost is missing.
func (c *PairCosts) UnmarshalJSON(text []byte) error {
	type plain PairCosts
	none := NewMetric(float64(Missing))
	all := plain{Strong: none, Weak: none}
	err := json.Unmarshal(text, &all)
	*c = PairCosts(all)
	return err
}

// UnmarshalJSON reads the cost of a point. An absent number is missing.
func (c *PointCost) UnmarshalJSON(text []byte) error {
	type plain PointCost
	none := NewMetric(float64(Missing))
	all := plain{none, none, none, none}
	err := json.Unmarshal(text, &all)
	*c = PointCost(all)
	return err
}
