package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/mf"
)

// score runs the command and opens the file that it wrote.
func score(t *testing.T, router, data string) (*parquet.File, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scores.parquet")
	out := runHere(t, "score", "--router", router, "--data", data, "--out", path)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%s: %s scores\n", path, text.Thousands(int(f.NumRows()))); string(out) != want {
		t.Errorf("printed %q, expected %q", out, want)
	}
	return f, path
}

func columnNames(f *parquet.File) string {
	var names []string
	for _, c := range f.Root().Columns() {
		names = append(names, c.Name())
	}
	return strings.Join(names, " ")
}

func metadata(f *parquet.File) map[string]string {
	all := map[string]string{}
	for _, kv := range f.Metadata().KeyValueMetadata {
		all[kv.Key] = kv.Value
	}
	return all
}

func TestScoreMetadata(t *testing.T) {
	data, _ := benchmarks.Data("gsm8k")
	table, err := datasets.OpenBytes("gsm8k", data)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := table.Read(datasets.Select{Digests: true})
	if err != nil {
		t.Fatal(err)
	}
	lines := ""
	for _, digest := range rows.PromptSHA256 {
		lines += digest + "\n"
	}
	model, err := mf.Builtin("judge")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"routellm.schema_version": "1", "routellm.router": "mine=mf@judge", "routellm.router_sha256": model.SHA256(),
		"routellm.data": "gsm8k", "routellm.data_sha256": datasets.DigestBytes(data), "routellm.prompts_sha256": datasets.SHA256Hex(lines),
		"routellm.encoder": encoder.StaticName, "routellm.encoder_sha256": encoder.StaticDigest,
	}
	f, path := score(t, "mine=mf@judge", "gsm8k")
	if got := metadata(f); !maps.Equal(got, want) {
		t.Errorf("metadata %v, expected %v", got, want)
	}
	if got := columnNames(f); got != "sample_id prompt_sha256 score" {
		t.Errorf("columns %s", got)
	}
	scores, err := datasets.ReadScores(path)
	if err != nil || !slices.Equal(scores.IDs(), rows.SampleID) {
		t.Errorf("the ids are not those of the data set, or: %v", err)
	}
}

// TestScoreWithoutDigests has a data set with no more than ids and lengths.
func TestScoreWithoutDigests(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bare.parquet")
	var b bytes.Buffer
	columns := []datasets.AnyColumn{{Name: "sample_id", Strings: []string{"a", "b"}}, {Name: "feature:chars", Floats: []float64{3, 7}}}
	if err := datasets.WriteColumns(&b, columns, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	f, file := score(t, "length", path)
	if got := columnNames(f); got != "sample_id score" {
		t.Errorf("columns %s", got)
	}
	want := map[string]string{
		"routellm.schema_version": "1", "routellm.router": "length", "routellm.data": "bare", "routellm.data_sha256": datasets.DigestBytes(b.Bytes()),
	}
	if got := metadata(f); !maps.Equal(got, want) {
		t.Errorf("metadata %v, expected %v", got, want)
	}
	scores, err := datasets.ReadScores(file)
	if err != nil || !slices.Equal(scores.Values, []float64{3, 7}) {
		t.Errorf("scores %+v, %v", scores, err)
	}
}

// TestServerAsRouter evaluates a server that scores as length does.
func TestServerAsRouter(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Prompts []struct{ ID, Prompt string }
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		scores := []map[string]any{}
		for _, p := range body.Prompts {
			scores = append(scores, map[string]any{"id": p.ID, "score": len(p.Prompt)})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"scores": scores})
	}))
	defer server.Close()
	workFolder(t)
	runLine(t, "routellm datasets import table examples/outcomes.csv --id id --prompt question --model big --model small --pair big,small --out mine.parquet")
	want := runLine(t, "routellm eval --router length --bench mine.parquet")
	if got := runLine(t, "routellm eval --router length="+server.URL+" --bench mine.parquet"); got != want {
		t.Errorf("the server's results:\n%s\nexpected:\n%s", got, want)
	}
	if got := runLine(t, "routellm route --router "+server.URL+" --threshold 3 who"); !strings.Contains(got, "score         3.0000\n") {
		t.Errorf("route printed:\n%s", got)
	}
}
