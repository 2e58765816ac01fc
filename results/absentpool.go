package results

import "encoding/json"

// UnmarshalJSON reads a cost. An absent number is missing.
func (c *CostFor) UnmarshalJSON(text []byte) error {
	rest := struct {
		Never Value `json:"never"`
	}{Missing}
	if err := json.Unmarshal(text, &rest); err != nil {
		return err
	}
	c.Never = rest.Never
	return json.Unmarshal(text, &c.Metric)
}

// UnmarshalJSON reads metrics. An absent metric is missing.
func (m *PoolMetrics) UnmarshalJSON(text []byte) error {
	type plain PoolMetrics
	none := NewMetric(float64(Missing))
	all := plain{Area: none, LogArea: none, Lift: none, LogLift: none, Share: none}
	err := json.Unmarshal(text, &all)
	*m = PoolMetrics(all)
	return err
}

// UnmarshalJSON reads optimistic figures. An absent one is missing.
func (o *PoolOptimistic) UnmarshalJSON(text []byte) error {
	type plain PoolOptimistic
	all := plain{AIQ: Missing, QNC: Missing, QNCHull: Missing, PeakQuality: Missing}
	err := json.Unmarshal(text, &all)
	*o = PoolOptimistic(all)
	return err
}
