package project_test

import (
	"encoding/json"
	"flag"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/routellm/routellm/cmd/routellm/internal/project"
	"github.com/routellm/routellm/internal/goschema"
	"github.com/routellm/routellm/internal/goschema/schematest"
)

var update = flag.Bool("update", false, "write the JSON Schema anew")

// object is a JSON Schema, or a part of one.
type object = map[string]any

// scalar is the schema of a single value, which may be written as a number.
func scalar() object { return object{"type": []string{"string", "number", "boolean"}, "minLength": 1} }

// listOf is the schema of a list of single values.
func listOf(least, most int) object {
	out := object{"type": "array", "items": scalar(), "minItems": least}
	if most > 0 {
		out["maxItems"] = most
	}
	return out
}

// either is the schema of a key that has one of several forms, or none.
func either(forms ...any) func(*goschema.Maker) any {
	return func(*goschema.Maker) any { return object{"anyOf": append(forms, object{"type": "null"})} }
}

// two is the schema of two numbers.
func two() []any {
	return []any{listOf(2, 2), object{"type": "string", "pattern": `^\s*[0-9.eE+-]+\s*,\s*[0-9.eE+-]+\s*$`}}
}

// types has the schemas of the forms that [project.Parse] takes.
var types = map[reflect.Type]func(*goschema.Maker) any{
	reflect.TypeFor[project.Text]():    either(scalar()),
	reflect.TypeFor[project.Texts]():   either(scalar(), listOf(1, 0)),
	reflect.TypeFor[project.Numbers](): either(two()...),
	reflect.TypeFor[project.Pair](): either(object{"type": "string", "pattern": `^[^,]+,[^,]+$`}, listOf(2, 2), object{
		"type": "object", "properties": object{"strong": scalar(), "weak": scalar()}, "required": []string{"strong", "weak"}, "additionalProperties": false,
	}),
	reflect.TypeFor[project.Prices]():  either(scalar(), object{"type": "object", "additionalProperties": object{"anyOf": two()}}),
	reflect.TypeFor[project.Section](): either(object{"type": "object", "additionalProperties": object{"anyOf": []any{scalar(), listOf(1, 0), object{"type": "null"}}}}),
	reflect.TypeFor[project.Serve]():   either(scalar(), object{"type": "object"}),
}

// TestSchema holds the stored JSON Schema of routellm.yaml against [project.File]. With -update it writes the
// file.
func TestSchema(t *testing.T) {
	comments, err := goschema.Comments(".")
	if err != nil {
		t.Fatal(err)
	}
	maker := &goschema.Maker{Comments: comments, Types: types, Tag: "yaml", Optional: true}
	schema := maker.Document(goschema.Root{ID: goschema.Base + "config.schema.json", Title: project.Name + ", the settings of a project", Type: reflect.TypeFor[project.File]()})
	schema["$defs"].(object)["File"].(object)["not"] = object{"required": []string{"pair", "models"}}
	path := filepath.Join("..", "..", "..", "..", "results", "config.schema.json")
	if err := goschema.Hold(path, schema, *update); err != nil {
		t.Errorf("%v; go test ./cmd/routellm/internal/project -run TestSchema -update writes it, and go test ./results/schemas -update packs it", err)
	}
}

// TestSchemaAgreesWithParser compares the schema with what [project.Parse] takes.
func TestSchemaAgreesWithParser(t *testing.T) {
	for text, valid := range map[string]bool{
		whole:                              true,
		"{}":                               true,
		"data: outcomes.csv":               true,
		"data: [a.csv, b.csv]":             true,
		"data:":                            true,
		"pair: big,small":                  true,
		"pair: [big, small]":               true,
		"pair: {strong: a, weak: b}":       true,
		"prices: list.csv":                 true,
		"prices: {a: [1, 2], b: '1, 2.5'}": true,
		"seed: 1\nconfidence: 95%\nresamples: 100":          true,
		"eval: {bench: mmlu, at: [0.2, 0.5], strict: true}": true,
		"serve: serve.yaml":                                 true,
		"serve: {threshold: 0.3}":                           true,
		"dta: outcomes.csv":                                 false,
		"data: {a: b}":                                      false,
		"data: []":                                          false,
		"data: ['']":                                        false,
		"pair: big":                                         false,
		"pair: [a, b, c]":                                   false,
		"pair: {strong: a}":                                 false,
		"pair: {strong: a, week: b}":                        false,
		"prices: {a: [1]}":                                  false,
		"tokens: 5":                                         false,
		"seed: [1, 2]":                                      false,
		"eval: mmlu":                                        false,
		"eval: {at: {a: b}}":                                false,
		"serve: [a]":                                        false,
		"pair: a,b\nmodels: all":                            false,
	} {
		if _, err := project.Parse("x.yaml", []byte(text)); (err == nil) != valid {
			t.Errorf("%s: the parser says %v", text, err)
		}
		var document any
		if err := yaml.Unmarshal([]byte(text), &document); err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(document)
		if err == nil {
			err = schematest.Check("config.schema.json", raw)
		}
		if (err == nil) != valid {
			t.Errorf("%s: the schema says %v", strings.TrimSpace(text), err)
		}
	}
}
