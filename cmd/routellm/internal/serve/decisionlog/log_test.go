package decisionlog

import (
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

func record(id string) *Record {
	d := results.Decision{Side: results.Weak, Score: 0.25, Threshold: results.ThresholdAt(0.5)}
	return &Record{Time: time.Unix(1, 5).UTC(), ID: id, Decision: d, Propensity: 1, Status: 200}
}

// readAll reads the logs in a folder and returns the ids and the number of torn files.
func readAll(t *testing.T, dir string) (ids map[string]bool, torn int) {
	t.Helper()
	ids = map[string]bool{}
	paths, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	for _, path := range paths {
		ended, err := Read(path, func(r Record) error { ids[r.ID] = true; return nil })
		if err != nil {
			t.Error(err)
		}
		if ended {
			torn++
		}
	}
	return ids, torn
}

// TestRotate writes two megabytes from several goroutines.
func TestRotate(t *testing.T) {
	dir := t.TempDir()
	l, err := Open(filepath.Join(dir, "d.jsonl"), 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for k := range 4 {
		wait.Go(func() {
			for i := range 2500 {
				if err := l.Write(record(fmt.Sprintf("%d-%d", k, i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	files, _ := os.ReadDir(dir)
	if ids, torn := readAll(t, dir); len(ids) != 10000 || torn != 0 || len(files) < 2 {
		t.Errorf("%d records, %d torn of %d files", len(ids), torn, len(files))
	}
}

// TestTornLine opens a log whose last line a killed process left incomplete.
func TestTornLine(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "d.jsonl")
	if err := os.WriteFile(path, []byte(`{"time":"2026-01-02T03:04:05Z","id":"a","decision":"strong","propensity":1}`+"\n"+`{"time":"2026`), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := Open(path, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Write(record("b")); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if ids, torn := readAll(t, dir); len(ids) != 2 || torn != 1 {
		t.Errorf("records %v, %d torn", ids, torn)
	}
	if torn, err := Read(path, func(r Record) error { return nil }); torn || err != nil {
		t.Errorf("the new file: torn %v, %v", torn, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "a\x00b")} {
		if _, err := Open(path, 1, 0); err == nil {
			t.Errorf("%q: no error", path)
		}
	}
}

// TestCheckPath expects CheckPath to agree with Open on which paths can be written, and to
// leave no file.
func TestCheckPath(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "old.jsonl")
	if err := os.WriteFile(old, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		old: true, filepath.Join(dir, "new.jsonl"): true, filepath.Join(dir, "a", "b", "new.jsonl"): true,
		dir: false, filepath.Join(old, "x"): false, filepath.Join(old, "a", "x"): false, filepath.Join(dir, "a\x00b"): false,
	} {
		if err := CheckPath(path); (err == nil) != want {
			t.Errorf("%q: error %v", path, err)
		}
		files, _ := os.ReadDir(dir)
		if raw, err := os.ReadFile(old); len(files) != 1 || string(raw) != "{}\n" {
			t.Fatalf("%q: %d files, the old log has %q, %v", path, len(files), raw, err)
		}
		l, err := Open(path, 1, 0)
		if (err == nil) != want {
			t.Errorf("%q: error of Open: %v", path, err)
		}
		if l != nil {
			l.Close()
		}
		clean(t, dir, old)
	}
}

// clean removes all but one file from a folder.
func clean(t *testing.T, dir, but string) {
	t.Helper()
	paths, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, path := range paths {
		if path == but {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRead(t *testing.T) {
	good := `{"time":"2026-01-02T03:04:05Z","id":"a","decision":"strong","propensity":0.5,"later":1}` + "\n"
	for text, want := range map[string]string{
		"":          "",
		good + good: "",
		strings.Replace(good, `{"time"`, `{"schema_version":3,"time"`, 1): `row 1: field "schema_version": found 3, expected 2`,
		good + "x\n":        "row 2: expected a record of the decision log, a JSON object",
		"\n":                "row 1: expected a record of the decision log, a JSON object",
		"{}\n":              `row 1: field "id": found nothing`,
		`{"id":"a"}` + "\n": `row 1: field "time": found nothing`,
		strings.Replace(good, "strong", "left", 1): `row 1: field "decision": found "left", expected "strong" or "weak"`,
		strings.Replace(good, "0.5", "0", 1):       `row 1: field "propensity": found 0, expected a number in (0,1]`,
		strings.Replace(good, "0.5", "1.5", 1):     `row 1: field "propensity": found 1.5`,
	} {
		path := filepath.Join(t.TempDir(), "d.jsonl")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		n := 0
		_, err := Read(path, func(r Record) error { n++; return nil })
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, expected %s", text, err, want)
		}
		if torn := strings.Contains(want, "a JSON object"); torn != (len(hint.Of(err)) == 1) {
			t.Errorf("%q: hints %q, expected one about a line that a crash has cut: %v", text, hint.Of(err), torn)
		}
		if err == nil && n != strings.Count(text, "\n") {
			t.Errorf("%q: %d records", text, n)
		}
	}
	path := filepath.Join(t.TempDir(), "d.jsonl.gz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	fmt.Fprint(z, good)
	z.Close()
	f.Close()
	n := 0
	if torn, err := Read(path, func(Record) error { n++; return nil }); err != nil || torn || n != 1 {
		t.Errorf("gzip: %d records, %v, %v", n, torn, err)
	}
}

func BenchmarkWrite(b *testing.B) {
	l, err := Open(filepath.Join(b.TempDir(), "d.jsonl"), 100, 1)
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	r := record("0123456789abcdef0123456789abcdef")
	b.ReportAllocs()
	for b.Loop() {
		if err := l.Write(r); err != nil {
			b.Fatal(err)
		}
	}
}

// TestReadVersion1 reads records as version 1 wrote them: without a version, never strong
// without a threshold, and always strong as the lowest number.
func TestReadVersion1(t *testing.T) {
	const start = `{"time":"2026-01-02T03:04:05Z","id":"a","propensity":1,"router":"mf","decision_us":3.5,"score":0.4,`
	path := filepath.Join(t.TempDir(), "d.jsonl")
	lines := start + `"threshold":0.3,"decision":"strong","answered":"weak","model":"small","fallback":true}` + "\n" +
		start + `"decision":"weak","answered":"weak","model":"small"}` + "\n" +
		start + `"threshold":-1.7976931348623157e+308,"decision":"strong","answered":"strong","model":"big"}` + "\n"
	if err := os.WriteFile(path, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	var all []Record
	if _, err := Read(path, func(r Record) error { all = append(all, r); return nil }); err != nil || len(all) != 3 {
		t.Fatalf("%d records, %v", len(all), err)
	}
	for i, want := range []struct {
		cut             float64
		model, answered string
	}{{0.3, "", "small"}, {math.Inf(1), "small", "small"}, {math.Inf(-1), "big", "big"}} {
		r := all[i]
		if r.Cut() != want.cut || r.Model != want.model || r.AnsweredModel != want.answered || r.Microseconds != 3.5 || r.Decision.Score != 0.4 {
			t.Errorf("record %d: %+v", i, r)
		}
	}
}
