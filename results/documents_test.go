package results

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// document holds what every document of this package has.
type document interface {
	Write(io.Writer) error
}

// kinds lists the documents with the functions that read them.
var kinds = map[string]struct {
	empty func() document
	read  func([]byte) (document, error)
}{
	"results":     {func() document { return new(Document) }, reader(Read)},
	"calibration": {func() document { return new(Calibration) }, reader(ReadCalibration)},
	"comparison":  {func() document { return new(Comparison) }, reader(ReadComparison)},
	"plan":        {func() document { return new(Plan) }, reader(ReadPlan)},
	"answers":     {func() document { return new(Answers) }, reader(ReadAnswers)},
	"audit":       {func() document { return new(Audit) }, reader(ReadAudit)},
	"grading":     {func() document { return new(Grading) }, reader(ReadGrading)},
	"gate":        {func() document { return new(Gate) }, reader(ReadGate)},
	"overlap":     {func() document { return new(Overlap) }, reader(ReadOverlap)},
	"log":         {func() document { return new(LogEvaluation) }, reader(ReadLogEvaluation)},
	"fit":         {func() document { return new(Fit) }, reader(ReadFit)},
	"artifact":    {func() document { return new(Artifact) }, reader(ReadArtifact)},
}

func reader[D document](read func([]byte) (D, error)) func([]byte) (document, error) {
	return func(data []byte) (document, error) { return read(data) }
}

// fill sets every field below v to a value of its own, other than zero: numbers count up from
// next, strings hold it, slices and maps get one element. Values are missing if asked for.
func fill(v reflect.Value, next *int, missing bool) {
	*next++
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), next, missing)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), next, missing)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), next, missing)
	case reflect.Map:
		element := reflect.New(v.Type().Elem()).Elem()
		fill(element, next, missing)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key"), element)
	case reflect.String:
		v.SetString("text " + strings.Repeat("x", *next))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*next))
	case reflect.Uint64:
		v.SetUint(uint64(*next))
	case reflect.Float64:
		v.SetFloat(float64(*next) + 0.5)
		if missing && v.Type() == reflect.TypeFor[Value]() {
			v.SetFloat(float64(Missing))
		}
	default:
		panic("no value for a field of type " + v.Type().String())
	}
}

// filled returns a document of the type whose fields are all set and that its reader accepts.
func filled(d document, missing bool) document {
	next := 0
	v := reflect.ValueOf(d).Elem()
	fill(v, &next, missing)
	v.FieldByName("SchemaVersion").SetInt(SchemaVersion)
	v.FieldByName("Tool").FieldByName("Name").SetString(ToolName)
	if a, ok := d.(*Artifact); ok {
		a.Kind, a.Always, a.Pool = ArtifactKind, "", nil // policy_test.go has pools
		*a.Unlike = int(a.Scores)
		if missing {
			a.Always = Strong
		}
	}
	return d
}

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// checkKeys fails for a key that is not in lower case with underscores.
func checkKeys(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		for key, below := range v {
			if !keyForm.MatchString(key) {
				t.Errorf("key %q, want lower case and underscores", key)
			}
			checkKeys(t, below)
		}
	case []any:
		for _, below := range v {
			checkKeys(t, below)
		}
	}
}

// TestEveryFieldComesBack writes each document with all fields set and reads it again. A field
// without a key, or two with the same key, would be lost.
func TestEveryFieldComesBack(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			want := filled(kind.empty(), false)
			var text bytes.Buffer
			if err := want.Write(&text); err != nil {
				t.Fatal(err)
			}
			got, err := kind.read(text.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("read %+v\nwrote %+v", got, want)
			}
			if !strings.HasSuffix(text.String(), "}\n") || strings.HasSuffix(text.String(), "\n\n") {
				t.Error("the document does not end with one newline")
			}
			var keys any
			if err := json.Unmarshal(text.Bytes(), &keys); err != nil {
				t.Fatal(err)
			}
			checkKeys(t, keys)
		})
	}
}

// TestMissingValuesStayMissing writes each document with no value in it: a missing value must
// not come back as zero.
func TestMissingValuesStayMissing(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			var first, second bytes.Buffer
			if err := filled(kind.empty(), true).Write(&first); err != nil {
				t.Fatal(err)
			}
			got, err := kind.read(first.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if err := got.Write(&second); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(first.String(), "null") || first.String() != second.String() {
				t.Errorf("wrote\n%s\nand, after reading it,\n%s", first.String(), second.String())
			}
		})
	}
}

// TestReadersRefuse expects every reader to refuse what is not its document.
func TestReadersRefuse(t *testing.T) {
	for name, kind := range kinds {
		var text bytes.Buffer
		if err := filled(kind.empty(), false).Write(&text); err != nil {
			t.Fatal(err)
		}
		good := text.String()
		for bad, want := range map[string]string{
			good[:len(good)/2]: "not a ",
			`"text"`:           "not a ",
			strings.Replace(good, `"schema_version": 3`, `"schema_version": 9`, 1):   "schema version 9, expected 1 to 3",
			strings.Replace(good, `"schema_version": 3`, `"schema_version": "3"`, 1): "not a ",
			strings.Replace(good, `"kind": "routellm `, `"kind": "other `, 1):        "not a calibration artifact",
			strings.Replace(good, `"name": "routellm"`, `"name": "other"`, 1):        `tool is "other"`,
		} {
			_, err := kind.read([]byte(bad))
			isArtifact := name == "artifact" // known by its kind, whatever wrote it
			if bad == good || isArtifact && strings.Contains(want, "tool") || !isArtifact && strings.Contains(want, "artifact") {
				continue
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want one with %q", name, err, want)
			}
		}
	}
}

// TestArtifactRefuses names what an artifact lacks.
func TestArtifactRefuses(t *testing.T) {
	for want, spoil := range map[string]func(*Artifact){
		`no "spec"`:              func(a *Artifact) { a.Router.Spec = "" },
		`"always" is "both"`:     func(a *Artifact) { a.Always = "both" },
		"expected one of":        func(a *Artifact) { a.Always = Weak },
		`"quantiles": expected`:  func(a *Artifact) { a.Quantiles = []float64{2, 1} },
		`"unlike": found -1`:     func(a *Artifact) { *a.Unlike = -1 },
		`the number of "scores"`: func(a *Artifact) { *a.Unlike++ },
	} {
		a := filled(new(Artifact), false).(*Artifact)
		spoil(a)
		var text bytes.Buffer
		if err := a.Write(&text); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadArtifact(text.Bytes()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// TestCalibrationOfVersion1 reads a threshold of null as never strong.
func TestCalibrationOfVersion1(t *testing.T) {
	c, err := ReadCalibration([]byte(`{"schema_version": 1, "tool": {"name": "routellm"},
		"thresholds": [{"wanted_fraction": 0, "threshold": null}, {"wanted_fraction": 0.5, "threshold": 0.3}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if c.SchemaVersion != SchemaVersion || c.Thresholds[0].Always != Weak || c.Thresholds[1].Always != "" || c.Thresholds[1].Score != 0.3 {
		t.Errorf("%+v", c)
	}
}

func TestCounts(t *testing.T) {
	a := Audit{Files: []AuditedFile{
		{Findings: []AuditFinding{{Severity: "error"}, {Severity: "note"}}}, {}, {Findings: []AuditFinding{{Severity: "error"}}},
	}}
	if e, w, n := a.Count("error"), a.Count("warning"), a.Count("note"); e != 2 || w != 0 || n != 1 {
		t.Errorf("%d errors, %d warnings, %d notes, want 2, 0, 1", e, w, n)
	}
	g := Gate{Verdicts: []RuleVerdict{{Status: "pass"}, {Status: "waived"}, {Status: "pass"}}}
	if p, f := g.Count("pass"), g.Count("fail"); p != 2 || f != 0 {
		t.Errorf("%d passed, %d failed, want 2, 0", p, f)
	}
}

func TestInfo(t *testing.T) {
	var one, all bytes.Buffer
	next := 0
	var want DatasetInfo
	fill(reflect.ValueOf(&want).Elem(), &next, false)
	if err := WriteInfo(&one, want); err != nil {
		t.Fatal(err)
	}
	if err := WriteInfos(&all, []DatasetInfo{want, want}); err != nil {
		t.Fatal(err)
	}
	var got []DatasetInfo
	if err := json.Unmarshal(all.Bytes(), &got); err != nil || len(got) != 2 || !reflect.DeepEqual(got[1], want) {
		t.Errorf("%v: read %+v, wrote %+v twice", err, got, want)
	}
	var alone DatasetInfo
	if err := json.Unmarshal(one.Bytes(), &alone); err != nil || !reflect.DeepEqual(alone, want) {
		t.Errorf("%v: read %+v, wrote %+v", err, alone, want)
	}
}
