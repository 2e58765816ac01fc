package gate

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Document is a results.json, of which no more is known than where metrics are:
// benchmarks[].routers[].metrics, maps of maps that end in {"value", "lo", "hi"}.
type Document struct {
	benchmarks []node
	curve      any // how curves were made
}

type node = map[string]any

// schemaVersion is the version of the documents that are understood.
const schemaVersion = 1

// ParseDocument reads results.json; name stands for the file in errors.
func ParseDocument(name string, data []byte) (*Document, error) {
	var raw struct {
		SchemaVersion int    `json:"schema_version"`
		Benchmarks    []node `json:"benchmarks"`
		Conventions   node   `json:"conventions"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("%q: not a results document: %w", name, err)
	}
	if raw.SchemaVersion != schemaVersion {
		return nil, fmt.Errorf("%q: schema version %d, expected %d", name, raw.SchemaVersion, schemaVersion)
	}
	if len(raw.Benchmarks) == 0 {
		return nil, fmt.Errorf("%q: no benchmarks, expected what eval writes", name)
	}
	return &Document{benchmarks: raw.Benchmarks, curve: raw.Conventions["curve"]}, nil
}

// target is one number that a rule is about.
type target struct {
	benchmark, router string // router "" for a number of the benchmark itself
	path              string // below the router's metrics, or the benchmark
	among             node   // where path is looked up
}

// name is the path with the names in it.
func (t target) name() string {
	if t.router == "" {
		return t.benchmark + "." + t.path
	}
	return t.benchmark + "." + t.router + "." + t.path
}

// targets are what a path names: one, or with "*" several. Names may hold dots: the
// longest one that fits counts.
func (d *Document) targets(path string) []target {
	var out []target
	for _, b := range named(d.benchmarks, path, func(node) bool { return true }) {
		rest := strings.TrimPrefix(path, b.prefix)
		bench := textOf(b.node, "name")
		routers := named(children(b.node, "routers"), rest, hasCurve)
		for _, r := range routers {
			metrics, _ := r.node["metrics"].(node)
			out = append(out, target{bench, textOf(r.node, "name"), strings.TrimPrefix(rest, r.prefix), metrics})
		}
		if len(routers) == 0 {
			out = append(out, target{bench, "", rest, b.node})
		}
	}
	return out
}

// hasCurve reports whether "*" stands for a router: neither the random one nor one with a
// single point, which have no metrics to speak of.
func hasCurve(router node) bool {
	return router["point"] == nil && router["scores"] != "closed form"
}

// match is a node whose name, with a dot, begins the path.
type match struct {
	node
	prefix string
}

// named finds the nodes that a path begins with.
func named(nodes []node, path string, any func(node) bool) []match {
	var out []match
	if strings.HasPrefix(path, "*.") {
		for _, n := range nodes {
			if any(n) {
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

// number is what stands at the end of a path.
type number struct {
	value  float64
	null   bool
	metric string // path of the metric, without the field
	field  string // "value", "lo" or "hi" of a metric; "" of a plain number
	parent node   // the metric
}

// lookup follows a path through maps; a metric stands for its value. False if there is no
// number and no null.
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

// numberAt is the number under a key, where a path must end.
func numberAt(at node, key, metric, rest string) (number, bool) {
	v, isNumber := at[key].(float64)
	out := number{value: v, null: at[key] == nil, metric: metric, parent: at}
	if key == "value" || key == "lo" || key == "hi" {
		out.field = key
	}
	return out, rest == "" && (isNumber || out.null)
}

// longestKey is the longest key that is the path or begins it; "" if there is none.
func longestKey(n node, path string) string {
	best := ""
	for key := range n {
		if (key == path || strings.HasPrefix(path, key+".")) && len(key) > len(best) {
			best = key
		}
	}
	return best
}
