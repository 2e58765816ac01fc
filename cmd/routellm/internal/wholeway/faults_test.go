package wholeway

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/routellm/routellm/internal/modelserver/chattest"
	"github.com/routellm/routellm/internal/quiz"
)

// atOnce is the number of requests to a model at a time.
const atOnce = 4

// TestFaults asks servers that fail in every way, kills the program at random points, and goes on,
// until all answers and all labels are there. They are those of a server that does not fail, and
// nothing was paid twice but what was under way when the program died.
func TestFaults(t *testing.T) {
	needNightly(t)
	d := newDesk(t)
	all := quiz.Make(150, 5)
	options := quiz.Options(all)
	options.Fault = quiz.Faults()
	models := chattest.Start(t, options)
	d.writeQuestions(t, "questions.jsonl", all)
	d.write(t, "prices.csv", []byte(quiz.Prices))

	line := fmt.Sprintf("answer --data questions.jsonl --model big=big@%[1]s --model small=small@%[1]s --prices prices.csv --concurrency %[2]d --timeout 1s --out answers.parquet",
		models.URL, atOnce)
	kills := d.untilDone(t, line)
	t.Logf("answer: killed %d times; server: %+v", kills, models.Stats())
	f, stats := d.read(t, "answers.parquet"), models.Stats()
	checkAnswers(t, f, all, quiz.Small(), quiz.Big())
	for _, name := range []string{"big", "small"} {
		checkPaid(t, name, stats.Models[name], len(all), total(t, name, modelOf(t, f, name).Cost), kills*atOnce)
	}
	for _, fault := range []string{"429", "500", "hang", "cut", "half JSON", "inside"} {
		if stats.Faults[fault] == 0 {
			t.Errorf("no fault %q was made: %v", fault, stats.Faults)
		}
	}
	d.run(t, 0, line)
	if again := models.Stats().Requests; again != stats.Requests {
		t.Errorf("a second run asked %d times, expected never", again-stats.Requests)
	}
	d.run(t, 0, "grade answers.parquet --gold answer --kind number --out graded.parquet")
	d.judgeKilled(t, models, chattest.Start(t, quiz.Options(all)))
}

// judgeKilled has answers judged by a server that fails, with kills, and by one that does not.
func (d *desk) judgeKilled(t *testing.T, fails, works *chattest.Server) {
	t.Helper()
	line := "judge graded.parquet --as judged --prices prices.csv --timeout 1s --concurrency " + fmt.Sprint(atOnce) + " --judge judge@"
	kills := d.untilDone(t, line+fails.URL+" --out judged.parquet")
	d.run(t, 0, line+works.URL+" --out calm.parquet")
	judged, calm := labelsOf(t, d.read(t, "judged.parquet"), "judged"), labelsOf(t, d.read(t, "calm.parquet"), "judged")
	for k := range calm.Values {
		if !slices.Equal(judged.Values[k], calm.Values[k]) {
			t.Errorf("model %d: the labels differ from those of a server that does not fail", k+1)
		}
	}
	a, b := fails.Stats().Models["judge"], works.Stats().Models["judge"]
	t.Logf("judge: killed %d times; server: %+v, and without faults: %+v", kills, a, b)
	checkPaid(t, "judge", a, b.Answers, b.USD, kills*atOnce)
}

// untilDone runs the program again and again, and kills it at a random point, until it ends by
// itself. It returns the number of kills.
func (d *desk) untilDone(t *testing.T, line string) (kills int) {
	t.Helper()
	r := rand.New(rand.NewPCG(20, uint64(len(line))))
	for !d.runKilled(t, time.Duration(200+r.IntN(2500)+100*kills)*time.Millisecond, line) {
		if kills++; kills == 60 {
			t.Fatal("60 runs have not asked everything")
		}
	}
	return kills
}

// checkPaid compares the dollars in a file with those of the server, which also has those of
// answers that were sent but that the killed program did not keep.
func checkPaid(t *testing.T, name string, c chattest.Count, rows int, inFile float64, most int) {
	t.Helper()
	lost := c.Answers - rows
	if lost < 0 || lost > most {
		t.Errorf("%s: %d answers for %d rows, expected at most %d to be lost in kills", name, c.Answers, rows, most)
	}
	dearest, extra := 10*c.USD/float64(c.Answers), c.USD-inFile
	if lost == 0 && !near(c.USD, inFile) || lost > 0 && (extra <= 0 || extra > float64(lost)*dearest) {
		t.Errorf("%s: %v USD in the file, %v of the server, with %d answers lost", name, inFile, c.USD, lost)
	}
}
