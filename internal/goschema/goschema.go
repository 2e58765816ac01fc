// Package goschema makes JSON Schemas (draft 2020-12) of Go types, for the tests that keep the
// stored schemas of this program's documents up to date. Call [Comments] for the descriptions, and
// [Maker.Document] for the schema of a document.
package goschema

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// Maker turns Go types into JSON Schema. Its zero value describes no type by hand.
type Maker struct {
	Comments map[string]string                 // comments of types and fields, as [Comments] returns them
	Enums    map[reflect.Type][]any            // values of types that are one of several words
	Types    map[reflect.Type]func(*Maker) any // schemas of types that are written by hand
	Tag      string                            // the tag with the keys of fields; json if ""
	Optional bool                              // no key is required

	defs map[string]any // schemas of structs by their names
}

// Base is the address below which the schemas of this repository lie.
const Base = "https://github.com/routellm/routellm/blob/main/results/"

// Root says which document a schema describes.
type Root struct {
	ID, Title string
	Type      reflect.Type
	Constants map[string]any // values that keys of the document always have
}

// Document returns the JSON Schema of a document. Its objects have no other keys than the fields of
// their structs, and all of those that are written even where they are empty.
func (m *Maker) Document(r Root) map[string]any {
	m.defs = map[string]any{}
	root := m.Of(r.Type).(map[string]any)
	for key, value := range r.Constants {
		m.defs[r.Type.Name()].(map[string]any)["properties"].(map[string]any)[key] = map[string]any{"const": value}
	}
	out := map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     r.ID,
		"title":   r.Title,
		"$defs":   m.defs,
	}
	for key, value := range root {
		out[key] = value
	}
	return out
}

// kinds names the types of JSON.
var kinds = map[reflect.Kind]string{
	reflect.String: "string", reflect.Bool: "boolean", reflect.Int: "integer", reflect.Int64: "integer", reflect.Uint64: "integer", reflect.Float64: "number",
}

// Of returns the schema of a type. Structs are stored under "$defs", and referred to.
func (m *Maker) Of(t reflect.Type) any {
	if values, ok := m.Enums[t]; ok {
		return map[string]any{"enum": values}
	}
	if byHand, ok := m.Types[t]; ok {
		return byHand(m)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return map[string]any{"anyOf": []any{m.Of(t.Elem()), map[string]any{"type": "null"}}}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": m.Of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": m.Of(t.Elem())}
	case reflect.Struct:
		if _, known := m.defs[t.Name()]; !known {
			m.defs[t.Name()] = nil // a type that holds itself ends here
			m.defs[t.Name()] = m.object(t)
		}
		return map[string]any{"$ref": "#/$defs/" + t.Name()}
	}
	return map[string]any{"type": kinds[t.Kind()]}
}

// object returns the schema of a struct, which has no other keys than its fields.
func (m *Maker) object(t reflect.Type) map[string]any {
	o := &object{maker: m, properties: map[string]any{}, depth: map[string]int{}, required: []string{}}
	o.add(t, 0, true)
	slices.Sort(o.required)
	out := map[string]any{"type": "object", "properties": o.properties, "required": o.required, "additionalProperties": false}
	describe(out, m.Comments[name(t)])
	return out
}

// object collects the keys of a struct.
type object struct {
	maker      *Maker
	properties map[string]any
	depth      map[string]int // how deep the struct lies that has the key: the shallowest one counts
	required   []string
}

// add adds the fields of a struct, and of embedded structs. Those behind a pointer may be absent.
func (o *object) add(t reflect.Type, depth int, always bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			if f.Type.Kind() == reflect.Pointer {
				o.add(f.Type.Elem(), depth+1, false)
			} else {
				o.add(f.Type, depth+1, always)
			}
			continue
		}
		key, options, _ := strings.Cut(f.Tag.Get(cmp.Or(o.maker.Tag, "json")), ",")
		if before, known := o.depth[key]; known && before <= depth {
			continue
		}
		o.depth[key] = depth
		property := o.maker.Of(f.Type).(map[string]any)
		describe(property, o.maker.Comments[name(t)+"."+f.Name])
		o.properties[key] = property
		o.required = slices.DeleteFunc(o.required, func(other string) bool { return other == key })
		if always && options != "omitempty" && !o.maker.Optional {
			o.required = append(o.required, key)
		}
	}
}

// name returns the name of a type with its package's, as [Comments] has it.
func name(t reflect.Type) string {
	return t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:] + "." + t.Name()
}

func describe(schema map[string]any, comment string) {
	if comment != "" {
		schema["description"] = comment
	}
}
