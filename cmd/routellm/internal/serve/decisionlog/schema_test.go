package decisionlog

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/routellm/routellm/internal/goschema"
	"github.com/routellm/routellm/internal/goschema/schematest"
	"github.com/routellm/routellm/results"
)

var update = flag.Bool("update", false, "write the JSON Schema anew")

// root is the folder of the repository.
var root = filepath.Join("..", "..", "..", "..", "..")

// schemaFile is the stored JSON Schema of the log's lines.
var schemaFile = filepath.Join(root, "results", "decisions.schema.json")

// TestSchema holds the stored JSON Schema of the log's lines against the Go types. With -update it
// writes the file.
func TestSchema(t *testing.T) {
	comments, err := goschema.Comments(".", filepath.Join(root, "results"))
	if err != nil {
		t.Fatal(err)
	}
	maker := &goschema.Maker{
		Comments: comments,
		Enums: map[reflect.Type][]any{
			reflect.TypeFor[results.Axis](): {results.CostAxis, results.LatencyAxis, results.CharsAxis, results.CallsAxis},
			reflect.TypeFor[results.Side](): {results.Strong, results.Weak},
			reflect.TypeFor[results.Reason](): {
				results.ReasonScore, results.ReasonDefault, results.ReasonExplore, results.ReasonSticky, results.ReasonEscalated, results.ReasonDirect,
				results.ReasonMaxChars, results.ReasonImages, results.ReasonTools, results.ReasonAPI, results.ReasonDown, results.ReasonBound, results.ReasonUnjudged,
			},
			reflect.TypeFor[Outcome](): {Accepted, Rejected, Passed, WeakFailed, Abandoned, StrongFailed},
			reflect.TypeFor[Purpose](): {ForAnswer, ForSample, ForTruth},
			reflect.TypeFor[Thumb]():   {Up, Down},
		},
		Types: map[reflect.Type]func(*goschema.Maker) any{
			reflect.TypeFor[results.Value](): func(*goschema.Maker) any { return map[string]any{"type": []string{"number", "null"}} },
			reflect.TypeFor[time.Time]():     func(*goschema.Maker) any { return map[string]any{"type": "string", "format": "date-time"} },
			// a line is feedback if it says so, and a record otherwise
			reflect.TypeFor[line](): func(m *goschema.Maker) any {
				return map[string]any{
					"if":   map[string]any{"required": []string{"feedback"}},
					"then": m.Of(reflect.TypeFor[feedbackLine]()),
					"else": m.Of(reflect.TypeFor[Record]()),
				}
			},
		},
	}
	schema := maker.Document(goschema.Root{
		ID: goschema.Base + "decisions.schema.json", Title: "line of the decision log of routellm serve", Type: reflect.TypeFor[line](),
	})
	for _, name := range []string{"Record", "feedbackLine"} {
		properties := schema["$defs"].(map[string]any)[name].(map[string]any)["properties"].(map[string]any)
		properties["schema_version"] = map[string]any{"const": Version}
		if name == "feedbackLine" {
			properties["feedback"] = maker.Of(reflect.TypeFor[Feedback]())
		}
	}
	if err := goschema.Hold(schemaFile, schema, *update); err != nil {
		t.Errorf("%v; go test ./cmd/routellm/internal/serve/decisionlog -run TestSchema -update writes it", err)
	}
}

// TestSchemaOfLines validates what [Log.Write] and [Log.WriteFeedback] write, and lines with mistakes.
func TestSchemaOfLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.jsonl")
	l, err := Open(path, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	quality, tokens := 0.25, 3
	bare, full, pool := record("r1"), record("r2"), record("r3")
	bare.Decision = results.Decision{Router: "mf", Side: results.Weak, Score: results.Missing, Threshold: results.ThresholdAt(0.5)}
	full.Identity = Identity{"mf", "00", "e", "01"}
	full.Reason, full.Explored, full.InputTokens, full.CostUSD, full.FirstByteS = results.ReasonExplore, true, &tokens, &quality, 0.1
	full.Cascade = &Cascade{Outcome: Accepted, Signals: map[string]float64{"mean_logprob": -1}, Calls: []Call{{Purpose: ForAnswer, Model: "small"}}}
	pool.Decision = results.Decision{Router: "knn", Model: "small", Score: results.Missing, Threshold: results.Threshold{Score: results.Missing},
		PoolDecision: &results.PoolDecision{Axis: results.CostAxis, Lambda: 2, Models: []results.Predicted{{Model: "small", Quality: 0.5, Cost: results.Missing}}}}
	for _, err := range []error{
		l.Write(bare), l.Write(full), l.Write(pool),
		l.WriteFeedback(&Feedback{Time: full.Time, ID: "r1", Quality: &quality, Comment: "short", Client: "00"}),
		l.WriteFeedback(&Feedback{Time: full.Time, ID: "r2", Thumb: Up}),
		l.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	check := func(line []byte) error { return schematest.Check("decisions.schema.json", line) }
	lines := bytes.Split(bytes.TrimSpace(raw), []byte("\n"))
	if len(lines) != 5 {
		t.Fatalf("%d lines, expected 5", len(lines))
	}
	for _, line := range lines {
		if err := check(line); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		for from, to := range map[string]string{
			`"id":"`: `"idd":"`, `"schema_version":2`: `"schema_version":1`, `"time":"`: `"when":"x","time":"`, `"id":"r`: `"id":7,"x":"r`,
		} {
			wrong := bytes.Replace(line, []byte(from), []byte(to), 1)
			if bytes.Equal(wrong, line) || check(wrong) == nil {
				t.Errorf("%s: is valid, or has no %s", wrong, from)
			}
		}
	}
}
