package gate

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/routellm/routellm/results"
)

// Document is a results.json. It assumes no more of the schema than that metrics are under
// benchmarks[].routers[].metrics or pools[].routers[].metrics, as nested maps that end in
// {"value", "lo", "hi"}; see also [costPer1k].
type Document struct {
	benchmarks []node // data sets with two models, then those with several
	curve      any    // convention by which curves were computed
}

type node = map[string]any

// ParseDocument reads results.json. Errors name the file as name.
func ParseDocument(name string, data []byte) (*Document, error) {
	var raw struct {
		SchemaVersion int    `json:"schema_version"`
		Benchmarks    []node `json:"benchmarks"`
		Pools         []node `json:"pools"`
		Conventions   node   `json:"conventions"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("%q: not a results document: %w", name, err)
	}
	if err := results.CheckVersion(raw.SchemaVersion); err != nil {
		return nil, fmt.Errorf("%q: %w", name, err)
	}
	for _, p := range raw.Pools {
		for _, r := range children(p, "routers") {
			costPer1k(p, r)
		}
	}
	raw.Benchmarks = append(raw.Benchmarks, raw.Pools...)
	if len(raw.Benchmarks) == 0 {
		return nil, fmt.Errorf("%q: no benchmarks, expected a results.json that eval wrote", name)
	}
	return &Document{benchmarks: raw.Benchmarks, curve: raw.Conventions["curve"]}, nil
}

// target is one number that a rule checks.
type target struct {
	benchmark, router string // names; router is "" for a number of the benchmark itself
	path              string // path inside among
	among             node   // the router's metrics, or the benchmark
}

// name returns the full path, with the benchmark's and the router's names for "*".
func (t target) name() string {
	if t.router == "" {
		return t.benchmark + "." + t.path
	}
	return t.benchmark + "." + t.router + "." + t.path
}

// targets returns the numbers that a path names: one, or with "*" several. Names may
// contain dots; the longest matching name counts.
func (d *Document) targets(path string) []target {
	var out []target
	for _, b := range named(d.benchmarks, path, func(node) bool { return true }) {
		rest := strings.TrimPrefix(path, b.prefix)
		bench := textOf(b.node, "name")
		routers := named(children(b.node, "routers"), rest, hasCurve)
		for _, r := range routers {
			metrics, _ := r.node["metrics"].(node)
			path := strings.TrimPrefix(rest, r.prefix)
			if isPool(b.node) {
				path = shareKey(path)
			}
			out = append(out, target{bench, textOf(r.node, "name"), path, metrics})
		}
		if len(routers) == 0 {
			out = append(out, target{bench, "", rest, b.node})
		}
	}
	return out
}

// paths returns the path of every metric of every router, in a fixed order.
func (d *Document) paths() []string {
	var out []string
	for _, b := range d.benchmarks {
		for _, r := range children(b, "routers") {
			metrics, _ := r["metrics"].(node)
			out = append(out, numbersIn(metrics, textOf(b, "name")+"."+textOf(r, "name")+".")...)
		}
	}
	return out
}

// numbersIn returns the path of every number in n that a rule may use, behind a prefix and in
// order. The path of a metric stands for its value.
func numbersIn(n node, prefix string) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(n)) {
		switch child := n[key].(type) {
		case node:
			if _, ok := child["value"]; ok {
				out = append(out, prefix+key)
			}
			out = append(out, numbersIn(child, prefix+key+".")...)
		case float64, nil:
			if key == "hull" { // see parseRule
				continue
			}
			out = append(out, prefix+key)
		}
	}
	return out
}

// hasCurve reports whether "*" includes a router. It excludes the random router, routers with a
// single operating point, which have no metrics worth a rule, and the oracle.
func hasCurve(router node) bool {
	return router["point"] == nil && router["scores"] != "closed form" && router["oracle"] != true
}

// match is a node whose name begins a path.
type match struct {
	node
	prefix string // the name, or "*", with a dot
}

// named returns the nodes whose names begin a path, or for "*" all that wildcard accepts.
func named(nodes []node, path string, wildcard func(node) bool) []match {
	var out []match
	if strings.HasPrefix(path, "*.") {
		for _, n := range nodes {
			if wildcard(n) {
				out = append(out, match{n, "*."})
			}
		}
		return out
	}
	for _, n := range nodes {
		prefix := textOf(n, "name") + "."
		if strings.HasPrefix(path, prefix) && (out == nil || len(prefix) > len(out[0].prefix)) {
			out = []match{{n, prefix}}
		}
	}
	return out
}

func textOf(n node, key string) string {
	text, _ := n[key].(string)
	return text
}

func children(n node, key string) []node {
	list, _ := n[key].([]any)
	var out []node
	for _, item := range list {
		if child, ok := item.(node); ok {
			out = append(out, child)
		}
	}
	return out
}

// number is the number at the end of a path.
type number struct {
	value  float64
	null   bool
	metric string // path of the metric, without the field
	field  string // "value", "lo" or "hi" for a part of a metric, "" for a plain number
	parent node   // the metric
}

// lookup follows a path through maps. The path of a metric means its value. It returns false
// unless it finds a number or a null.
func lookup(n node, path string) (number, bool) {
	at, done := n, ""
	for {
		key := longestKey(at, path)
		if key == "" {
			return number{}, false
		}
		path = strings.TrimPrefix(strings.TrimPrefix(path, key), ".")
		child, ok := at[key].(node)
		if !ok {
			return numberAt(at, key, strings.TrimPrefix(done, "."), path)
		}
		at, done = child, done+"."+key
		if path == "" {
			path = "value"
		}
	}
}

// numberAt returns the number under a key. It returns false unless the path ends there.
func numberAt(at node, key, metric, rest string) (number, bool) {
	v, isNumber := at[key].(float64)
	out := number{value: v, null: at[key] == nil, metric: metric, parent: at}
	if key == "value" || key == "lo" || key == "hi" {
		out.field = key
	}
	return out, rest == "" && (isNumber || out.null)
}

// longestKey returns the longest key that equals the path or begins it, or "".
func longestKey(n node, path string) string {
	best := ""
	for key := range n {
		if (key == path || strings.HasPrefix(path, key+".")) && len(key) > len(best) {
			best = key
		}
	}
	return best
}

// Without lists the benchmarks that the document has and the other lacks, in the document's
// order.
func (d *Document) Without(other *Document) []string {
	var names []string
	for _, b := range d.benchmarks {
		name := b["name"]
		if !slices.ContainsFunc(other.benchmarks, func(o node) bool { return o["name"] == name }) {
			names = append(names, fmt.Sprint(name))
		}
	}
	return names
}
