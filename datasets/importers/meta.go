package importers

import "github.com/routellm/routellm/datasets"

// Meta returns what is known of every data set that the tool's files make: the unit and bounds
// of quality.
func (t Tool) Meta() datasets.Meta {
	m := datasets.NewMeta()
	m.Unit, m.Source = t.unit, t.Title
	if t.bounds != [2]float64{} {
		m.Min, m.Max = t.bounds[0], t.bounds[1]
	}
	return m
}
