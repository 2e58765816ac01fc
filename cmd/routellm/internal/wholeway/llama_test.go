package wholeway

import (
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

// TestLlama goes the way with llama.cpp and SmolLM2, which answers some short questions, as the weak
// model and, asked otherwise, as the judge, whose labels are of no use: the checks say so. A larger
// model that is as easily installed is not at hand: the strong one is played, and errs at known rates.
// It takes half an hour to an hour.
func TestLlama(t *testing.T) {
	llamatest.NeedSlow(t)
	url := llamatest.ModelServer(t, filepath.Join("..", "..", "..", "..", "scripts", "serve_smollm2.py"), "--threads", "2")
	const n, fresh = 500, 60
	all := quiz.Short(n+fresh, 1)
	j := journey{desk: newDesk(t), questions: all[:n], fresh: all[n:], grader: "contains", more: " --max-tokens 100 --temperature 0 --timeout 5m"}
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
	j.run(t, 0, "fit --data judged.parquet --quality 0.8 --out router")
	j.serveFresh(t)
}
