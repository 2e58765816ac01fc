package wholeway

import (
	"fmt"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/internal/modelserver/chattest"
	"github.com/routellm/routellm/internal/quiz"
	"github.com/routellm/routellm/results"
)

// journey is a way from prompts to a router that serves.
type journey struct {
	*desk
	questions, fresh []quiz.Question // those that the router is fitted to, and those that it serves
	big, small       string          // the models as --model takes them, without a label
	judge            string
	grader           string // kind of grade
	more             string // further flags of answer
}

// TestWholeWay goes the whole way with models that err at known rates: asks them, grades and judges
// their answers, fits a router, serves with it, and compares the log with what fit promised.
func TestWholeWay(t *testing.T) {
	needNightly(t)
	all := quiz.Make(1500, 1)
	j := journey{desk: newDesk(t), questions: all[:1000], fresh: all[1000:], grader: "number"}
	s := chattest.Start(t, quiz.Options(all))
	j.big, j.small, j.judge = "big@"+s.URL, "small@"+s.URL, "judge@"+s.URL
	start := time.Now()

	j.prepare(t)
	j.run(t, 0, j.answer("questions.jsonl", "answers.parquet")+" --dry-run")
	if n := s.Stats().Requests; n != 0 {
		t.Errorf("a dry run asks %d times", n)
	}
	j.run(t, 0, j.answer("questions.jsonl", "answers.parquet"))
	asked := s.Stats()
	f := j.read(t, "answers.parquet")
	checkAnswers(t, f, j.questions, quiz.Small(), quiz.Big())
	for _, name := range []string{"big", "small"} {
		checkSums(t, f, name, asked.Models[name])
	}
	j.run(t, 0, j.answer("questions.jsonl", "again.parquet"))
	checkAnswers(t, j.read(t, "again.parquet"), j.questions, quiz.Small(), quiz.Big())
	if again := s.Stats().Requests; again != asked.Requests {
		t.Errorf("the same command asks %d times again", again-asked.Requests)
	}

	j.gradeAndJudge(t)
	checkGrades(t, j.read(t, "judged.parquet"), j.questions, quiz.Small(), quiz.Big())
	j.run(t, 0, "fit --data judged.parquet --out router")
	j.serveFresh(t)
	t.Logf("the whole way took %.0f s; server: %+v", time.Since(start).Seconds(), s.Stats())
}

// prepare writes what a user has before the first command.
func (j *journey) prepare(t *testing.T) {
	t.Helper()
	j.writeQuestions(t, "questions.jsonl", j.questions)
	j.writeQuestions(t, "fresh.jsonl", j.fresh)
	j.write(t, "prices.csv", []byte(quiz.Prices))
}

// answer returns the command that asks both models.
func (j *journey) answer(from, to string) string {
	return fmt.Sprintf("answer --data %s --model big=%s --model small=%s --prices prices.csv --out %s%s", from, j.big, j.small, to, j.more)
}

func (j *journey) gradeAndJudge(t *testing.T) {
	t.Helper()
	j.run(t, 0, "grade answers.parquet --gold answer --kind "+j.grader+" --out graded.parquet")
	j.run(t, 0, "judge graded.parquet --judge "+j.judge+" --mode grade --as judged --prices prices.csv --out judged.parquet")
}

// serveFresh serves with the fitted router, asks it what it has not seen, and compares the log with
// what fit promised.
func (j *journey) serveFresh(t *testing.T) {
	t.Helper()
	s := j.serve(t, "--config router/serve.yaml --log decisions.jsonl --prices prices.csv")
	j.run(t, 0, "answer --data fresh.jsonl --model routed=routellm@"+s.url+"/v1 --out replies.parquet"+j.more)
	s.stop(t)
	j.run(t, 0, "grade replies.parquet --gold answer --kind "+j.grader+" --out replies-graded.parquet")
	out := j.run(t, 0, "log decisions.jsonl --out traffic.parquet --promised router/router.json --graded replies-graded.parquet")
	for _, row := range []string{"strong calls", "quality", "USD per 1,000"} {
		if !regexp.MustCompile(`(?m)^` + row + ` +` + fmt.Sprint(len(j.fresh)) + ` `).MatchString(out) {
			t.Errorf("no row of %q on %d requests", row, len(j.fresh))
		}
	}
	j.checkLog(t)
}

// checkLog compares the decisions with the fitted threshold.
func (j *journey) checkLog(t *testing.T) {
	t.Helper()
	raw, err := os.ReadFile(j.path("router/router.json"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := results.ReadArtifact(raw)
	if err != nil {
		t.Fatal(err)
	}
	records := 0
	if _, err := decisionlog.Read(j.path("decisions.jsonl"), func(r decisionlog.Record) error {
		records++
		if want := results.SideOf(float64(r.Score) >= a.Cut()); r.Side != want || r.Answered != want {
			t.Errorf("request %s with the score %v: %s decides, %s answers, expected %s", r.ID, r.Score, r.Side, r.Answered, want)
		}
		return nil
	}); err != nil || records != len(j.fresh) {
		t.Errorf("%d records, expected %d: %v", records, len(j.fresh), err)
	}
}
