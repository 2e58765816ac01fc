package cli

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite expected output in scripts and documents")

// TestMain makes this test binary the program, for scripts that run it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"routellm": func() { os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs every script: one claim a block, run as users run it.
func TestScripts(t *testing.T) {
	server, llm, models, judges := newEmbedServer(t), newLLMServer(t), newModelsServer(t), newJudgeServer(t)
	sums := t.TempDir()
	if err := writeSummaries(sums); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CACHE_HOME", env.WorkDir+"/cache")
			env.Setenv("SHARED", shared)
			env.Setenv("EMBED_URL", server.URL+"/v1")
			env.Setenv("LLM_URL", llm.URL+"/v1")
			env.Setenv("MODELS_URL", models.URL)
			env.Setenv("JUDGE_URL", judges.URL)
			env.Setenv("SUMMARIES", sums)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "shared":
				return shared != "", nil
			case "nightly":
				return nightly, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
	})
}

// shared is the folder of inputs beside the repository, "" where there is none.
var shared = func() string {
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "..", "..", "shared"))
	if err != nil {
		return ""
	}
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return dir
}()
