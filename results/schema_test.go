package results

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the JSON Schema anew")

// schemas lists the stored JSON Schemas by their files, with the document that each describes.
var schemas = map[string]struct {
	title    string
	document reflect.Type
}{
	"schema.json":     {"results.json of routellm eval", reflect.TypeFor[Document]()},
	"fit.schema.json": {"fit.json of routellm fit", reflect.TypeFor[Fit]()},
}

// TestSchema holds the stored JSON Schemas against the Go types. With -update it writes the files.
func TestSchema(t *testing.T) {
	for file, x := range schemas {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetIndent("", " ")
		e.SetEscapeHTML(false)
		if err := e.Encode(documentSchema(t, file, x.title, x.document)); err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(file, want.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s is not that of the Go types: %v; go test ./results -run TestSchema -update writes it", file, err)
		}
	}
}

// documentSchema returns the JSON Schema (draft 2020-12) of a document.
func documentSchema(t *testing.T, file, title string, document reflect.Type) map[string]any {
	g := schemaMaker{comments: commentsOf(t), defs: map[string]any{}}
	root := g.of(document)
	g.defs[document.Name()].(map[string]any)["properties"].(map[string]any)["schema_version"] = map[string]any{"const": SchemaVersion}
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     "https://github.com/routellm/routellm/blob/main/results/" + file,
		"title":   title,
		"$ref":    root["$ref"],
		"$defs":   g.defs,
	}
}

// schemaMaker turns Go types into JSON Schema.
type schemaMaker struct {
	comments map[string]string // doc comments by "Type" and "Type.Field"
	defs     map[string]any    // schemas of structs by their names
}

// enums lists the values of types that are one of several words.
var enums = map[reflect.Type][]any{
	reflect.TypeFor[Axis]():       {CostAxis, LatencyAxis, CharsAxis, CallsAxis},
	reflect.TypeFor[FitOutcome](): {FitRouter, FitUnproven, FitChance, FitNothing},
	reflect.TypeFor[GapState]():   {GapEstablished, GapThin, GapNotEstablished, GapReversed},
	reflect.TypeFor[PoolKind]():   {PoolPredictions, PoolScores, PoolDecisions},
	reflect.TypeFor[Side]():       {"", Strong, Weak},
	reflect.TypeFor[Source]():     {Live, Embedded, File, ClosedForm, FromThreshold, NoScores, Summed},
	reflect.TypeFor[Standing]():   {Best, Level, Behind, NotCompared},
}

// of returns the schema of a type.
func (g schemaMaker) of(t reflect.Type) map[string]any {
	if values, ok := enums[t]; ok {
		return map[string]any{"enum": values}
	}
	if t == reflect.TypeFor[Value]() {
		return map[string]any{"type": []string{"number", "null"}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return map[string]any{"anyOf": []any{g.of(t.Elem()), map[string]any{"type": "null"}}}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": g.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": g.of(t.Elem())}
	case reflect.Struct:
		if _, known := g.defs[t.Name()]; !known {
			g.defs[t.Name()] = nil // a type that holds itself ends here
			g.defs[t.Name()] = g.object(t)
		}
		return map[string]any{"$ref": "#/$defs/" + t.Name()}
	}
	return map[string]any{"type": map[reflect.Kind]string{
		reflect.String: "string", reflect.Bool: "boolean", reflect.Int: "integer", reflect.Int64: "integer", reflect.Uint64: "integer", reflect.Float64: "number",
	}[t.Kind()]}
}

// object returns the schema of a struct, which has no other keys than its fields.
func (g schemaMaker) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	g.fields(t, properties, &required)
	slices.Sort(required)
	out := map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	describe(out, g.comments[t.Name()])
	return out
}

// fields adds the fields of a struct, those of embedded structs among them.
func (g schemaMaker) fields(t reflect.Type, properties map[string]any, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			g.fields(f.Type, properties, required)
			continue
		}
		key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		property := g.of(f.Type)
		describe(property, g.comments[t.Name()+"."+f.Name])
		properties[key] = property
		if options != "omitempty" {
			*required = append(*required, key)
		}
	}
}

func describe(schema map[string]any, comment string) {
	if comment != "" {
		schema["description"] = comment
	}
}

// commentsOf returns the comments of the package's structs and their fields.
func commentsOf(t *testing.T) map[string]string {
	out := map[string]string{}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				addComments(out, g)
			}
		}
	}
	return out
}

// addComments adds the comments of declared structs.
func addComments(to map[string]string, d *ast.GenDecl) {
	for _, s := range d.Specs {
		spec, ok := s.(*ast.TypeSpec)
		if !ok {
			continue
		}
		fields, ok := spec.Type.(*ast.StructType)
		if !ok {
			continue
		}
		to[spec.Name.Name] = line(d.Doc)
		for _, f := range fields.Fields.List {
			for _, name := range f.Names {
				to[spec.Name.Name+"."+name.Name] = strings.TrimSpace(line(f.Doc) + " " + line(f.Comment))
			}
		}
	}
}

// line returns a comment as one line.
func line(c *ast.CommentGroup) string {
	return strings.Join(strings.Fields(c.Text()), " ")
}
