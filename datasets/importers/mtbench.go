package importers

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/prompttext"
)

func mtBench() Tool {
	return Tool{
		Name:    "mt-bench",
		Title:   "FastChat's MT Bench",
		Files:   "judgements of single answers or of pairs, .jsonl, with question.jsonl beside them",
		Reads:   "grades 1-10, as the mean of the turns or per turn; votes on pairs as battles; the questions' first turns",
		Leaves:  "the judge's text, grades of -1 and votes of error, which mean that the judge failed; costs and tokens, which it does not record",
		Example: "routellm datasets import mt-bench judgment/ --out mine.parquet",
		Uses:    []string{"scorer", "turns", "text", "repeat"},
		Gives:   Answers,
		kinds: []kind{
			{name: "single", match: func(p *peek) bool { return p.has("question_id", "model", "judge", "score", "turn") }},
			{name: "pair", match: func(p *peek) bool { return p.has("question_id", "model_1", "model_2", "g1_winner") }},
			{name: "questions", companion: true, match: func(p *peek) bool { return p.has("question_id", "turns") }},
		},
		bounds: [2]float64{1, 10},
		unit:   "judge's grade 1-10",
		read:   readMTBench,
	}
}

func readMTBench(in *input, out *Output) error {
	b := &bench{in: in, out: out, questions: map[string]mtQuestion{}, grades: map[mtKey]*mtGrade{}}
	for _, kind := range []string{"single", "pair"} {
		if err := in.addBeside(kind, "question*.jsonl"); err != nil {
			return err
		}
	}
	for _, f := range in.of("questions") {
		if err := in.each(f, b.question); err != nil {
			return err
		}
	}
	if len(in.of("single"))+len(in.of("pair")) == 0 {
		return in.needs("single")
	}
	if len(b.questions) == 0 {
		in.Notef("no question.jsonl is beside the judgements or given, so there are no prompts and tasks")
	}
	for _, f := range in.of("pair") {
		if err := in.each(f, b.vote); err != nil {
			return err
		}
	}
	for _, f := range in.of("single") {
		if err := in.each(f, b.grade); err != nil {
			return err
		}
	}
	return b.finish()
}

// bench gathers judgements by question and model.
type bench struct {
	in        *input
	out       *Output
	questions map[string]mtQuestion
	judges    []string
	turns     []int // turns that are graded
	order     []mtKey
	grades    map[mtKey]*mtGrade
}

// mtQuestion is a line of question.jsonl.
type mtQuestion struct {
	category string
	turns    []string
}

type mtKey struct{ question, model, judge string }

// mtGrade holds the grades of a model's answers to a question by turn; a grade of a judge that failed
// is NaN.
type mtGrade struct {
	record
	byTurn map[int][]float64
}

func (b *bench) question(r record) error {
	id, err := r.need("question_id", "the number of the question")
	if err != nil {
		return err
	}
	q := mtQuestion{category: r.text("category")}
	for _, t := range r.Get("turns").Array() {
		q.turns = append(q.turns, strings.Clone(t.String()))
	}
	b.questions[id] = q
	return nil
}

// prompt returns what the model is asked in the first turn, or in a turn: with the user's turns
// before it, as far as the mode asks for them.
func (b *bench) prompt(question string, turn int) (string, error) {
	turns := b.questions[question].turns
	if len(turns) == 0 {
		return "", nil
	}
	raw, err := json.Marshal(turns[:min(max(turn, 1), len(turns))])
	if err != nil {
		return "", err
	}
	return prompttext.FromJSON(string(raw), b.in.Text)
}

// counts reports whether a judgement is of the judge that counts.
func (b *bench) counts(r record) bool {
	judge := r.text("judge.0")
	if b.in.Scorer != "" && judge != b.in.Scorer {
		b.in.leave(1, "other-judge judgement")
		return false
	}
	if !slices.Contains(b.judges, judge) {
		b.judges = append(b.judges, judge)
	}
	return true
}

func (b *bench) grade(r record) error {
	if !b.counts(r) {
		return nil
	}
	question, err := r.need("question_id", "the number of the question")
	if err != nil {
		return err
	}
	model, err := r.need("model", "the name of the model")
	if err != nil {
		return err
	}
	score, err := r.number("score")
	if err != nil {
		return err
	}
	turn, key := int(r.Get("turn").Int()), mtKey{question, model, r.text("judge.0")}
	g := b.grades[key]
	if g == nil {
		g = &mtGrade{record: record{file: r.file, row: r.row}, byTurn: map[int][]float64{}}
		b.grades[key], b.order = g, append(b.order, key)
	}
	if len(g.byTurn[turn]) > 0 && b.in.Collect.Repeat == datasets.RepeatError {
		return repeatError(r, fmt.Sprintf("turn %d of question %s by %q is graded a second time", turn, question, model))
	}
	if score == -1 {
		score = math.NaN()
	}
	g.byTurn[turn] = append(g.byTurn[turn], score)
	if !slices.Contains(b.turns, turn) {
		b.turns = append(b.turns, turn)
	}
	return nil
}

// finish hands over the answers.
func (b *bench) finish() error {
	if len(b.judges) > 1 {
		slices.Sort(b.judges)
		_, err := choose(b.in.files[0].path, "judge", "scorer", "", b.judges)
		return err
	}
	slices.Sort(b.turns)
	for _, key := range b.order {
		if err := b.answer(key, b.grades[key]); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) answer(key mtKey, grade *mtGrade) error {
	g := grade.graded()
	id := "mt-bench/" + key.question
	g.ID, g.Task, g.Model = id, b.questions[key.question].category, key.model
	if b.in.Turns != TurnsSplit {
		g.Quality = 0
		for _, t := range b.turns { // a turn without a grade makes the question not measured
			g.Quality += mean(grade.byTurn[t]) / float64(len(b.turns))
		}
		return b.add(g, key.question, 1)
	}
	for _, t := range b.turns {
		if len(grade.byTurn[t]) == 0 {
			continue
		}
		g.ID, g.Cluster, g.Quality = fmt.Sprintf("%s/%d", id, t), id, mean(grade.byTurn[t])
		if err := b.add(g, key.question, t); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) add(g datasets.Graded, question string, turn int) (err error) {
	if g.Failed = ""; math.IsNaN(g.Quality) {
		g.Failed = "judge failed"
	}
	if g.Prompt, err = b.prompt(question, turn); err != nil {
		return fmt.Errorf("question %s: %w", question, err)
	}
	return b.out.Answers.Add(g)
}

// mean returns the mean of the values that are measured, NaN if none is.
func mean(values []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range values {
		if v == v {
			sum, n = sum+v, n+1
		}
	}
	return sum / float64(n)
}
