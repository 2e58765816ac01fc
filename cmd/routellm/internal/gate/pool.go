package gate

import (
	"reflect"
	"strconv"
	"strings"
)

// isPool reports whether a data set was evaluated with any number of models.
func isPool(n node) bool { return n["models"] != nil }

// IsPool reports whether a data set was evaluated with any number of models.
func (d *Document) IsPool(name string) bool { return isPool(d.find(name)) }

// IsSummary reports whether a data set was evaluated from summaries.
func (d *Document) IsSummary(name string) bool { return d.find(name)["summary"] != nil }

// find returns the data set with a name; nil if there is none.
func (d *Document) find(name string) node {
	for _, b := range d.benchmarks {
		if textOf(b, "name") == name {
			return b
		}
	}
	return nil
}

// costPer1k adds the metric usd_per_1k to a router among several models: the mean cost of 1,000
// prompts, in US dollars, at the end of its path, where it chooses by predicted quality alone. That
// is the last row of its table. It is not chosen on the evaluated prompts. Under the name of a
// setting, it holds the cost of that setting of a router that makes decisions. Other axes have no
// such number.
func costPer1k(pool, router node) {
	points := children(router, "points")
	metrics, _ := router["metrics"].(node)
	if textOf(pool, "axis") != "cost" || len(points) == 0 || metrics == nil {
		return
	}
	out := thousandfold(points[len(points)-1])
	for _, p := range points {
		if name := textOf(p, "setting"); name != "" && out[name] == nil {
			out[name] = thousandfold(p)
		}
	}
	metrics["usd_per_1k"] = out
}

// thousandfold returns the cost of 1,000 prompts at an operating point.
func thousandfold(point node) node {
	cost, _ := point["cost"].(node)
	out := node{}
	for _, key := range []string{"value", "lo", "hi"} {
		out[key] = nil
		if v, ok := cost[key].(float64); ok {
			out[key] = 1000 * v
		}
	}
	return out
}

// shareKey spells a share of the best model's quality as results do: cost_for.95 is cost_for.0.95.
func shareKey(path string) string {
	digits, ok := strings.CutPrefix(path, "cost_for.")
	if !ok {
		return path
	}
	digits, field, more := strings.Cut(digits, ".")
	share, err := strconv.ParseFloat("0."+digits, 64)
	if err != nil || share == 0 {
		return path
	}
	path = "cost_for." + strconv.FormatFloat(share, 'g', -1, 64)
	if more {
		path += "." + field
	}
	return path
}

// poolsDiffer returns the reason why the numbers of two data sets with several models cannot be
// subtracted, or "".
func poolsDiffer(now, old node) string {
	if !reflect.DeepEqual(each(now, "name"), each(old, "name")) {
		return "the results and the baseline compare different models"
	}
	for _, x := range []struct{ key, of string }{{"axis", "costs on different axes"}, {"range", "different ranges of budgets"}, {"samples", "different samples"}} {
		if !reflect.DeepEqual(now[x.key], old[x.key]) {
			return "the results and the baseline have " + x.of
		}
	}
	for _, key := range []string{"cost", "quality"} {
		if !reflect.DeepEqual(each(now, key), each(old, key)) {
			return "the results and the baseline have different samples"
		}
	}
	return ""
}

// each returns a field of every model of a data set, of a metric its value.
func each(pool node, key string) []any {
	var out []any
	for _, m := range children(pool, "models") {
		x := m[key]
		if metric, ok := x.(node); ok {
			x = metric["value"]
		}
		out = append(out, x)
	}
	return out
}
