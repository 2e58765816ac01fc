package results

import (
	"flag"
	"reflect"
	"testing"

	"github.com/routellm/routellm/internal/goschema"
)

var update = flag.Bool("update", false, "write the JSON Schemas anew")

// schemas lists the stored JSON Schemas by their files, with the document that each describes.
var schemas = map[string]struct {
	title    string
	document reflect.Type
}{
	"schema.json":          {"results.json of routellm eval", reflect.TypeFor[Document]()},
	"fit.schema.json":      {"fit.json of routellm fit", reflect.TypeFor[Fit]()},
	"artifact.schema.json": {"calibrated threshold or policy, as routellm calibrate --artifact writes it", reflect.TypeFor[Artifact]()},
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

// TestSchema holds the stored JSON Schemas against the Go types. With -update it writes the files.
func TestSchema(t *testing.T) {
	comments, err := goschema.Comments(".")
	if err != nil {
		t.Fatal(err)
	}
	maker := &goschema.Maker{Comments: comments, Enums: enums, Types: map[reflect.Type]func(*goschema.Maker) any{
		reflect.TypeFor[Value](): func(*goschema.Maker) any { return map[string]any{"type": []string{"number", "null"}} },
	}}
	for file, x := range schemas {
		constants := map[string]any{"schema_version": SchemaVersion}
		if x.document == reflect.TypeFor[Artifact]() {
			constants["kind"] = ArtifactKind
		}
		schema := maker.Document(goschema.Root{ID: goschema.Base + file, Title: x.title, Type: x.document, Constants: constants})
		if err := goschema.Hold(file, schema, *update); err != nil {
			t.Errorf("%v; go test ./results -run TestSchema -update writes it", err)
		}
	}
}
