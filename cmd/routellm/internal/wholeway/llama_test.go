package wholeway

import (
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/internal/llamatest"
	"github.com/routellm/routellm/internal/modelserver/chattest"
	"github.com/routellm/routellm/internal/quiz"
)

// TestLlama goes the way with llama.cpp and SmolLM2, which knows a few of the easy questions, as the
// weak model and, with other settings, as the judge. The strong one errs at known rates.
func TestLlama(t *testing.T) {
	url := llamatest.ModelServer(t, filepath.Join("..", "..", "..", "..", "scripts", "serve_smollm2.py"), "--threads", "1")
	n, fresh := 60, 20
	if nightly() {
		n, fresh = 300, 100
	}
	all := quiz.Make(n+fresh, 1)
	j := journey{desk: newDesk(t), questions: all[:n], fresh: all[n:], more: " --max-tokens 32 --temperature 0 --concurrency 1"}
	s := chattest.Start(t, quiz.Options(all))
	j.big, j.small, j.judge = "big@"+s.URL, "smollm2@llamacpp+"+url, "smollm2@llamacpp+"+url
	j.prepare(t)
	j.run(t, 0, j.answer("questions.jsonl", "answers.parquet"))
	checkSums(t, j.read(t, "answers.parquet"), "big", s.Stats().Models["big"])
}
