package fitcmd

import (
	"strings"
	"testing"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/fit"
	"github.com/routellm/routellm/results"
)

// TestServeFile writes where the models were asked, and how Anthropic's API takes keys.
func TestServeFile(t *testing.T) {
	known := map[string]answers.Address{
		"big":   {API: "anthropic", URL: "https://api.anthropic.com/v1", Model: "claude@2"},
		"small": {API: "llamacpp", URL: "http://127.0.0.1:8080/v1", Model: "llama"},
	}
	pair := &fit.Result{Artifact: &results.Artifact{Pair: results.Pair{Strong: "big", Weak: "small"}}}
	pool := &fit.Result{Artifact: &results.Artifact{Pool: &results.PoolPolicy{Models: []results.PolicyModel{{Name: "big"}, {Name: "tiny"}}}}}
	for _, test := range []struct {
		of   *fit.Result
		want []string
	}{
		{pair, []string{`artifact: "router/router.json"`, `strong: "claude@2@https://api.anthropic.com/v1"`, "strong_apis: anthropic", "strong_key_header: x-api-key", `weak: "llama@http://127.0.0.1:8080/v1"`}},
		{pool, []string{`  "big": {url: "https://api.anthropic.com/v1", name: "claude@2", apis: anthropic, key_header: x-api-key}`,
			`  "tiny": {url: "` + placeholder + `", name: "tiny"}`, "# " + placeholder + " stands for"}},
	} {
		got := string(serveFile(test.of, "router/router.json", known))
		for _, line := range test.want {
			if !strings.Contains(got, "\n"+line) {
				t.Errorf("no line %q in\n%s", line, got)
			}
		}
	}
}
