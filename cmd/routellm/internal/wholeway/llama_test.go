package wholeway

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/internal/llamatest"
	"github.com/routellm/routellm/internal/modelserver/chattest"
	"github.com/routellm/routellm/internal/quiz"
)

const shortText = `Grade an answer to a request from 1 to 10.

Request: {prompt}

Answer: {answer}

Correct answer: {reference}

Reply with the number only, such as 1 or 10.
`

// TestLlama goes the way with llama.cpp and SmolLM2, which knows some of the easy questions, as the
// weak model and, asked otherwise, as the judge. A larger model that is as easily installed is not at
// hand: the strong one is played, and errs at known rates.
func TestLlama(t *testing.T) {
	llamatest.NeedSlow(t)
	url := llamatest.ModelServer(t, filepath.Join("..", "..", "..", "..", "scripts", "serve_smollm2.py"), "--threads", "2")
	const n, fresh = 200, 20 // fit takes no fewer: 30 of them calibrate, and 30 test
	all := quiz.Make(n+fresh, 1)
	j := journey{desk: newDesk(t), questions: all[:n], fresh: all[n:], more: " --max-tokens 64 --temperature 0 --logprobs 5 --timeout 5m"}
	s := chattest.Start(t, quiz.Options(all))
	j.big, j.small = "big@"+s.URL, "smollm2@llamacpp+"+url
	j.judge = j.small + " --prompt-file short.txt --gold answer --max-tokens 8"
	j.prepare(t)
	j.write(t, "short.txt", []byte(shortText)) // the built-in text is more than the model can follow
	j.write(t, "prices.csv", []byte(quiz.Prices+"smollm2,0.1,0.4,2026-11\n"))
	j.run(t, 0, j.answer("questions.jsonl", "answers.parquet"))
	f := j.read(t, "answers.parquet")
	checkSums(t, f, "big", s.Stats().Models["big"])
	small := modelOf(t, f, "small")
	if tokens := total(t, "small", small.Output); tokens < float64(n) || total(t, "small", small.LogprobMean) >= 0 {
		t.Errorf("%v tokens of %d answers, or no log-probabilities", tokens, n)
	}
	j.gradeAndJudge(t)
	j.run(t, doneOrUnclear, "fit --data judged.parquet --out router")
	if _, err := os.Stat(j.path("router/serve.yaml")); err == nil {
		j.serveFresh(t)
	}
}
