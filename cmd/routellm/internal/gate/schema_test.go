package gate

import (
	"encoding/json"
	"flag"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/routellm/routellm/internal/goschema"
	"github.com/routellm/routellm/internal/goschema/schematest"
)

var update = flag.Bool("update", false, "write the JSON Schema anew")

// schemaFile is the stored JSON Schema of policies.
var schemaFile = filepath.Join("..", "..", "..", "..", "results", "policy.schema.json")

// comparisonPattern matches the comparisons PATH OPERATOR NUMBER that [parseRule] takes.
const comparisonPattern = `^\s*\S.*\s(>=|>|<=|<|==)\s+[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$`

// ruleSchema returns the schema of a rule: a comparison, or one with a name.
func ruleSchema(*goschema.Maker) any {
	comparison := map[string]any{
		"type": "string", "pattern": comparisonPattern,
		"description": "PATH OPERATOR NUMBER; PATH is BENCHMARK.ROUTER.METRIC, perhaps with .value, .lo or .hi behind it, and delta. before it for a difference from the baseline",
		"examples":    []string{"mmlu.mf.apgr.lo >= 0.58", "delta.apgr.lo > -0.02"},
	}
	return map[string]any{"anyOf": []any{comparison, map[string]any{
		"type": "object", "required": []string{"check"}, "additionalProperties": false,
		"properties": map[string]any{"name": nonEmpty("the name of the rule in reports and waivers"), "check": comparison},
	}}}
}

// nonEmpty returns the schema of a text with at least one visible character.
func nonEmpty(description string) map[string]any {
	return map[string]any{"type": "string", "pattern": `\S`, "description": description}
}

// TestSchema holds the stored JSON Schema of policies against the Go types, whose tags name the keys
// of the YAML. With -update it writes the file.
func TestSchema(t *testing.T) {
	comments, err := goschema.Comments(".")
	if err != nil {
		t.Fatal(err)
	}
	maker := &goschema.Maker{Comments: comments, Types: map[reflect.Type]func(*goschema.Maker) any{reflect.TypeFor[Rule](): ruleSchema}}
	schema := maker.Document(goschema.Root{
		ID: goschema.Base + "policy.schema.json", Title: "policy of routellm gate, in YAML", Type: reflect.TypeFor[Policy](),
	})
	properties := func(name string) map[string]any {
		return schema["$defs"].(map[string]any)[name].(map[string]any)["properties"].(map[string]any)
	}
	properties("Policy")["rules"].(map[string]any)["minItems"] = 1
	for _, p := range properties("Waiver") {
		p.(map[string]any)["pattern"] = `\S`
	}
	properties("Waiver")["until"].(map[string]any)["pattern"] = `^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$`
	if err := goschema.Hold(schemaFile, schema, *update); err != nil {
		t.Errorf("%v; go test ./cmd/routellm/internal/gate -run TestSchema -update writes it", err)
	}
}

// TestSchemaAgreesWithParser compares the schema with what [ParsePolicy] takes.
func TestSchemaAgreesWithParser(t *testing.T) {
	for text, valid := range map[string]bool{
		"rules: [mmlu.mf.apgr >= 0.5]": true,
		"# yaml-language-server: $schema=policy.schema.json\nrules:\n  - mmlu.mf.apgr.lo >= 0.58\n  - delta.apgr.lo > -2e-2\n": true,
		"rules:\n  - {name: n, check: '*.*.auc > .5'}\nwaivers:\n  - {rule: n, on: mmlu, until: 2026-12-31, reason: old}\n":    true,
		"rules:\n  - check: mmlu.my router.cpt.50 <= 50.\n":                                                                    true,
		"rules:\n  - >-\n    mmlu.mf.apgr\n    >= 0.5\n":                                                                       true,
		"rule: [mmlu.mf.apgr >= 0.5]":                                     false,
		"rules: []":                                                       false,
		"rules: mmlu.mf.apgr >= 0.5":                                      false,
		"rules: [mmlu.mf.apgr => 0.5]":                                    false,
		"rules: [mmlu.mf.apgr >= half]":                                   false,
		"rules: ['>= 0.5']":                                               false,
		"rules: [{name: n}]":                                              false,
		"rules: [{name: ' ', check: a.b > 1}]":                            false,
		"rules: [{check: a.b > 1, chek: a.b > 1}]":                        false,
		"rules: [a.b > 1]\nwaiver: []":                                    false,
		"rules: [a.b > 1]\nwaivers: [{rule: a.b > 1, until: 2026-12-31}]": false,
		"rules: [a.b > 1]\nwaivers: [{rule: a.b > 1, until: tomorrow, reason: r}]":           false,
		"rules: [a.b > 1]\nwaivers: [{rule: a.b > 1, until: 2026-12-31, reason: r, for: m}]": false,
		"rules: [a.b > 1]\nwaivers: {rule: a.b > 1, until: 2026-12-31, reason: r}":           false,
		"rules: [a.b > 1]\nwaivers: [{rule: '', until: 2026-12-31, reason: r}]":              false,
	} {
		if _, err := ParsePolicy("p.yaml", strings.NewReader(text)); (err == nil) != valid {
			t.Errorf("%s: the parser says %v", text, err)
		}
		var document any
		if err := yaml.Unmarshal([]byte(text), &document); err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(plain(document))
		if err != nil {
			t.Fatal(err)
		}
		if err := schematest.Check("policy.schema.json", raw); (err == nil) != valid {
			t.Errorf("%s: the schema says %v", text, err)
		}
	}
}

// plain returns a YAML value as JSON would have it: days are texts.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			v[key] = plain(v[key])
		}
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case time.Time:
		return v.Format(time.DateOnly)
	}
	return v
}
