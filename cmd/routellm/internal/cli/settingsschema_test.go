package cli

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/project"
	"github.com/routellm/routellm/internal/goschema"
	"github.com/routellm/routellm/internal/goschema/schematest"
)

type object = map[string]any

// settingValue is the schema of a value, or of a list of values.
func settingValue(description string) object {
	return object{"description": description, "$ref": "#/$defs/value"}
}

// anyValue is the definition of what settingValue refers to.
func anyValue() object {
	scalar := object{"type": []string{"string", "number", "boolean"}}
	return object{"anyOf": []any{object{"type": "null"}, scalar, object{"type": "array", "minItems": 1, "items": scalar}}}
}

// settingKeys is the schema of a section whose keys are flags.
func settingKeys(description string, flags func(visit func(*pflag.Flag))) object {
	properties := object{}
	flags(func(f *pflag.Flag) {
		_, usage := pflag.UnquoteUsage(f)
		properties[strings.ReplaceAll(f.Name, "-", "_")] = settingValue(usage)
	})
	return object{"description": description, "type": []string{"object", "null"}, "additionalProperties": false, "properties": properties}
}

// settingsSchema returns the schema of routellm.yaml, whose sections have the flags of commands as keys.
func settingsSchema(root *cobra.Command) object {
	columns := &cobra.Command{}
	var o cmdutil.ColumnFlags
	o.Add(columns)
	o.AddLabels(columns)
	o.AddGoldPart(columns)
	twoNumbers := object{"type": "array", "minItems": 2, "maxItems": 2, "items": object{"type": "number", "minimum": 0}}
	text := object{"type": "string", "minLength": 1}
	properties := object{
		"data":    settingValue("data sets: files, folders, patterns, or built-in benchmarks"),
		"columns": settingKeys("what the columns of the data mean: flags of 'routellm help columns' with _ in place of -", columns.Flags().VisitAll),
		"pair": object{"description": "the strong and the weak model", "anyOf": []any{
			object{"type": "null"}, object{"type": "array", "minItems": 2, "maxItems": 2, "items": text}, object{"type": "string", "pattern": "^[^,]+,[^,]+$"},
			object{"type": "object", "additionalProperties": false, "required": []string{"strong", "weak"}, "properties": object{"strong": text, "weak": text}}}},
		"models":  settingValue("models of a router among several: all, or their names"),
		"routers": settingValue("routers to evaluate and to compare, as in --router"),
		"prices": object{"description": "prices of tokens: a file, or USD per million input and output tokens by model", "anyOf": []any{
			object{"type": "null"}, text, object{"type": "object", "additionalProperties": object{"anyOf": []any{twoNumbers, text}}}}},
		"tokens":     object{"description": "tokens of a prompt and of an answer, for data that do not count them", "anyOf": []any{object{"type": "null"}, twoNumbers, text}},
		"seed":       settingValue("seed of everything that is drawn"),
		"confidence": settingValue("confidence of intervals and guarantees, such as 0.95 or 95%"),
		"resamples":  settingValue("number of bootstrap resamples"),
	}
	for _, name := range project.Commands() {
		c, _, _ := root.Find([]string{name})
		properties[name] = settingKeys("settings of "+name+": its flags with _ in place of -", func(visit func(*pflag.Flag)) { cmdutil.SectionFlags(c, visit) })
	}
	serve, _, _ := root.Find([]string{"serve"})
	section := settingKeys("", func(visit func(*pflag.Flag)) {
		serve.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "config" && f.Name != "check" && f.Name != "probe" && f.Name != "help" && f.Name != "upstream" {
				visit(f)
			}
		})
	})
	section["properties"].(object)["upstreams"] = object{"description": "the models among which a router chooses, in place of strong and weak"}
	delete(section, "description")
	properties["serve"] = object{"description": "settings of serve, or the path of a file with them", "anyOf": []any{text, section}}
	return object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": goschema.Base + "settings.schema.json", "title": "routellm.yaml, the settings of a folder",
		"$defs": object{"value": anyValue()},
		"type":  []string{"object", "null"}, "additionalProperties": false, "properties": properties, "not": object{"required": []string{"pair", "models"}},
	}
}

// TestSettingsSchema holds the stored JSON Schema of routellm.yaml against the flags. With -update it
// writes the file.
func TestSettingsSchema(t *testing.T) {
	root := newRoot(cmdutil.Streams{Out: io.Discard, Err: io.Discard})
	schema := settingsSchema(root)
	for _, key := range project.Keys() {
		if schema["properties"].(object)[key] == nil {
			t.Errorf("the schema lacks the key %q", key)
		}
	}
	if err := goschema.Hold(filepath.Join(sources, "results", "settings.schema.json"), schema, *update); err != nil {
		t.Errorf("%v; go test ./cmd/routellm/internal/cli -run TestSettingsSchema -update writes it, and go test ./results/schemas -update packs it", err)
	}
}

// TestSettingsSchemaAgreesWithParser compares the schema with what commands take.
func TestSettingsSchemaAgreesWithParser(t *testing.T) {
	root := newRoot(cmdutil.Streams{Out: io.Discard, Err: io.Discard})
	path := filepath.Join(t.TempDir(), "x.yaml")
	for text, valid := range map[string]bool{
		"data: a.csv": true, "data: [a.csv, b.csv]": true, "data:": true, "data: {a: b}": false, "data: []": false, "dta: a.csv": false,
		"pair: [a, b]": true, "pair: a,b": true, "pair: {strong: a, weak: b}": true, "pair: [a]": false, "pair: {strong: a}": false,
		"pair: [a, b]\nmodels: all": false, "models: [a, b, c]": true, "columns: {prompt: q, model: [a, b]}": true, "columns: {promt: q}": false,
		"prices: {a: [1, 2]}": true, "prices: {a: [1]}": false, "prices: p.csv": true, "tokens: [1, 2]": true, "tokens: [1, -2]": false,
		"eval: {by: task, at: [20%, 50%]}": true, "eval: {log: x}": false, "eval: {bye: x}": false, "calibrate: {quality: 95%, strict: true}": true,
		"serve: s.yaml": true, "serve: {threshold: 3, max_body: 10}": true, "serve: [a]": false, "seed: 7\nconfidence: 95%": true, "seed: {a: b}": false,
	} {
		writeFile(t, path, text)
		_, _, err := cmdutil.ReadProject(root, path)
		if (err == nil) != valid {
			t.Errorf("%q: %v, want valid: %v", text, err, valid)
		}
		if err := checkYAML(t, text); (err == nil) != valid {
			t.Errorf("%q: the schema says %v, want valid: %v", text, err, valid)
		}
	}
}

// checkYAML checks a file of settings against the schema.
func checkYAML(t *testing.T, text string) error {
	t.Helper()
	var document any
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return schematest.Check("settings.schema.json", data)
}

// TestInitKeepsToSchema checks what init writes.
func TestInitKeepsToSchema(t *testing.T) {
	inFolder(t, ".")
	for _, args := range [][]string{{"init"}, {"init", "outcomes.csv", "--force"}, {"init", "mmlu", "--force"}} {
		runHere(t, args...)
		data, err := os.ReadFile(project.Name)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkYAML(t, string(data)); err != nil {
			t.Errorf("%q: %v\n%s", args, err, data)
		}
	}
}
