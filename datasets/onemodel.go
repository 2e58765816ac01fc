package datasets

import "slices"

// OneModel completes the mapping of a table that holds the outcomes of one model, with one row per
// prompt: the column that is called like the model or that has a usual name for qualities, and
// those of its costs, tokens and latencies. A table that names models in a column stays as it is.
func OneModel(m Mapping, model string, columns []string) Mapping {
	if m.Model != "" || m.Nested != "" || len(usualColumns(usualModels, columns)) > 0 && len(m.Models) == 0 && m.Quality == "" {
		return m
	}
	column := m.Quality
	switch {
	case column != "":
	case m.Labels != "":
		names := []string{m.Labels + ":" + model, m.Labels}
		k := slices.IndexFunc(names, func(name string) bool { return slices.Contains(columns, name) })
		if k < 0 {
			return m // which Import refuses
		}
		column, m.Labels = names[k], ""
	case len(m.Models) == 1:
		column = m.Models[0].Column
	case len(m.Models) > 1:
		return m
	case slices.Contains(columns, model):
		column = model
	default:
		found := usualColumns(usualQualities, columns)
		if len(found) == 0 {
			return m
		}
		column = found[0]
	}
	m.Quality, m.Models = "", []ModelColumn{{model, column}}
	for _, x := range []struct {
		to    *[]ModelColumn
		usual []string
	}{{&m.Costs, usualCosts}, {&m.Latencies, usualLatencies}, {&m.Inputs, usualInputs}, {&m.Outputs, usualOutputs}, {&m.CachedInputs, usualCached}, {&m.Reasonings, usualReasoning}} {
		if found := usualColumns(x.usual, columns); len(*x.to) == 0 && len(found) > 0 {
			*x.to = []ModelColumn{{model, found[0]}}
		} else if len(*x.to) == 1 {
			*x.to = []ModelColumn{{model, (*x.to)[0].Column}}
		}
	}
	return m
}
