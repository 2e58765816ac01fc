package logcmd

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// TestLogTorn reads a log that ends with an incomplete line.
func TestLogTorn(t *testing.T) {
	t.Chdir(t.TempDir())
	line := `{"time":"2026-01-02T03:04:05Z","id":"r1","prompt_sha256":"00","router":"mf","score":0.4,"decision":"strong","propensity":1}` + "\n"
	if err := os.WriteFile("d.jsonl", []byte(line+line[:40]), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	err := run(context.Background(), cmdutil.Streams{Out: &out, Err: &errs}, options{Files: []string{"d.jsonl"}, By: "request", Out: "d.parquet"})
	if err != nil || !strings.HasPrefix(out.String(), "d.parquet: 1 row\n") || errs.String() != "warning: \"d.jsonl\" ends with an incomplete line, which is left out\n" {
		t.Errorf("%v, %q, %q", err, out.String(), errs.String())
	}
	for want, o := range map[string]options{
		`no request with a score of the router "knn" in the logs`:                    {Router: "knn"},
		`no request with a score of the model 12ab in the logs`:                      {SHA256: "12ab"},
		`no request with a score of the router "mf" with the model 12ab in the logs`: {Router: "mf", SHA256: "12ab"},
	} {
		o.Files, o.By, o.Out = []string{"d.jsonl"}, "request", "d.parquet"
		if err := run(context.Background(), cmdutil.Streams{Out: &out, Err: &errs}, o); err == nil || err.Error() != want {
			t.Errorf("error %v, expected %s", err, want)
		}
	}
}
