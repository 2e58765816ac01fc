package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// TestRepositoryPolicy holds the built-in routers against the policy that CI uses.
func TestRepositoryPolicy(t *testing.T) {
	out := t.TempDir()
	var b bytes.Buffer
	if code := Main([]string{"eval", "--router", "mf,knn", "--bench", "all", "--out", out}, &b, &b); code != cmdutil.ExitDone {
		t.Fatalf("exit %d: %s", code, b.String())
	}
	results := filepath.Join(out, "results.json")
	b.Reset()
	code := Main([]string{"gate", "--policy", "../../../../.github/policy.yaml", results, "--baseline", results}, &b, &b)
	if code != cmdutil.ExitDone {
		t.Errorf("exit %d: %s", code, b.String())
	}
}

// TestGateExitCodes has one policy for each code.
func TestGateExitCodes(t *testing.T) {
	t.Chdir(t.TempDir())
	const results = `{"schema_version": 1, "benchmarks": [{"name": "quiz", "routers": [
		{"name": "r", "scores": "live", "metrics": {"apgr": {"value": 0.6, "lo": null, "hi": 0.7}}}]}]}`
	for want, policy := range map[int]string{
		cmdutil.ExitDone:         "rules: [quiz.r.apgr > 0.5]",
		cmdutil.ExitFailed:       "rules: [quiz.r.apgr.lo > 0.5, quiz.r.apgr > 0.6]",
		cmdutil.ExitUsage:        "rules: []",
		cmdutil.ExitInconclusive: "rules: [quiz.r.apgr.lo > 0.5, quiz.r.apgr > 0.5]",
	} {
		for name, text := range map[string]string{"results.json": results, "policy.yaml": policy} {
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if code := Main([]string{"gate", "--policy", "policy.yaml", "results.json"}, &b, &b); code != want {
			t.Errorf("%s: exit %d, want %d: %s", policy, code, want, b.String())
		}
	}
}
