package fitcmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/fit"
	"github.com/routellm/routellm/results"
)

// read reads the settings of serve as serve does.
func read(t *testing.T, file []byte) config.Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "serve.yaml")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	var c config.Config
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	c.Add(f)
	origins, err := config.Load(f, path, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatalf("%v:\n%s", err, file)
	}
	if err := c.Check(origins); err != nil {
		t.Fatalf("%v:\n%s", err, file)
	}
	return c
}

// TestServeReads reads the settings that fit writes, with names that YAML could take for something
// else.
func TestServeReads(t *testing.T) {
	odd := `me"ta/Llama: 3@fp8 #1`
	two := &fit.Result{Artifact: &results.Artifact{Pair: results.Pair{Strong: "big", Weak: odd}}}
	file := serveFile(two, `dir\a/router.json`, map[string]answers.Address{"big": {URL: "http://127.0.0.1:8080/v1", Model: "big-2024"}})
	c := read(t, file)
	if c.Artifact != `dir\a/router.json` || c.Strong.Name != "big-2024" || c.Strong.URL.String() != "http://127.0.0.1:8080/v1" || c.Weak.Name != odd || c.Weak.URL.String() != placeholder {
		t.Errorf("artifact %q, strong %v, weak %v of\n%s", c.Artifact, c.Strong.Model, c.Weak.Model, file)
	}
	if !strings.Contains(string(file), "replace it") {
		t.Errorf("nothing says that an address is not known:\n%s", file)
	}
	models := []results.PolicyModel{{Name: "big"}, {Name: odd}}
	several := &fit.Result{Artifact: &results.Artifact{Pool: &results.PoolPolicy{Models: models}}}
	known := map[string]answers.Address{"big": {URL: "http://a.example/v1", Model: "big"}, odd: {API: "anthropic", URL: "http://b.example/v1", Model: "served@as"}}
	file = serveFile(several, "router.json", known)
	c = read(t, file)
	for k, m := range models {
		if u, at := c.Pool.All[k], known[m.Name]; u.Side != m.Name || u.Name != at.Model || u.URL.String() != at.URL {
			t.Errorf("upstream %d is %q at %v, want %q at %v", k, u.Side, u.Model.String(), m.Name, at)
		}
	}
	if strings.Contains(string(file), "replace it") {
		t.Errorf("a comment says that an address is not known:\n%s", file)
	}
}
