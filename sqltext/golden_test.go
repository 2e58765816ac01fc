package sqltext_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/sqltext"
)

var update = flag.Bool("update", false, "rewrite the queries in testdata/queries")

// printed returns the queries of the trials in a dialect, each after a line with its name; those of the
// named trials, or of all.
func printed(t *testing.T, d sqltext.Dialect, names ...string) []byte {
	var b bytes.Buffer
	add := func(name, query string) { b.WriteString("-- " + name + "\n" + query + "\n") }
	all := wanted{weights: true, buckets: 20}
	add("scan", d.Scan(source(all)))
	for _, x := range trials(t) {
		if len(names) == 0 || slices.Contains(names, x.name) {
			add("summary "+x.name, d.Summary(x.query))
		}
	}
	for _, x := range poolTrials(t) {
		if slices.Contains(names, x.name) { // the whole query has 28 kB
			x.query.Models = x.query.Models[:2]
		} else if len(names) > 0 {
			continue
		}
		add("moves "+x.name, d.Moves(x.query))
	}
	if len(names) == 0 {
		add("scan of a pool", d.PoolScan(poolOf(0)))
	}
	some := source(wanted{plain: true})
	some.From, some.Where = "{{ ref('logs') }}", "day = '2026-11-01' -- a comment"
	add("scan of some rows", d.Scan(some))
	prompts := sqltext.Prompts{From: "logs", Digest: "prompt_norm_sha256", ID: "sample_id", Cluster: "cluster"}
	add("duplicates", d.Duplicates(prompts))
	add("leaks", d.Leaks(prompts, "digests", "prompt_norm_sha256"))
	return b.Bytes()
}

// TestGolden compares the queries with those in testdata/queries.
func TestGolden(t *testing.T) {
	for _, name := range sqltext.Names() {
		d, _ := sqltext.Find(name)
		path, got := filepath.Join("testdata", "queries", name+".sql"), printed(t, d, "exact", "all_at_once", "refined_in_buckets", "fixed_costs")
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: other queries than in %s (go test ./sqltext -update rewrites them)", name, path)
		}
		if bytes.ContainsRune(got, ';') {
			t.Errorf("%s: a query has a semicolon", name)
		}
	}
}

// TestParse lets sqlglot parse every query in its dialect, with a table's name in place of dbt's.
func TestParse(t *testing.T) {
	dir := t.TempDir()
	args := []string{filepath.Join("testdata", "parse.py")}
	for _, name := range sqltext.Names() {
		d, _ := sqltext.Find(name)
		path := filepath.Join(dir, name+".sql")
		if err := os.WriteFile(path, bytes.ReplaceAll(printed(t, d), []byte("{{ ref('logs') }}"), []byte("logs")), 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	python(t, "ROUTELLM_REQUIRE_ENGINES", strings.NewReader(""), args...)
}

// TestFind names the dialects that other ones are not.
func TestFind(t *testing.T) {
	if _, ok := sqltext.Find("mysql"); ok || len(sqltext.Names()) != 8 {
		t.Errorf("dialects %q", sqltext.Names())
	}
}
