package judging

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Questions holds the questions to a judge about a file of answers.
type Questions struct {
	Prompts   Prompts // Prompts are the texts with which the judge is asked
	file      *answers.File
	options   Options
	reference []*string // correct answers by row; nil without them
	pairs     [][2]int  // models to compare, in mode Pair
	list      []question
	alike     []question // pairs of equal answers, which are ties without asking
	repeats   int        // the last so many questions of list repeat others
	top       int        // number of likely tokens to ask for
}

// question is about one answer, or two in one order.
type question struct {
	row     int
	a, b    int  // models; b is -1 for a grade
	swapped bool // whether b's answer comes first
	of      int  // the question that this one repeats; -1 for none
}

// Prepare decides what to ask. Models without an answer to a prompt are left out there. A pair of
// equal answers is a tie that nobody is asked about.
func Prepare(f *answers.File, o Options) (*Questions, error) {
	if f.Prompt == nil {
		return nil, hint.With(fmt.Errorf("%q: found no prompts, which the judge has to see", f.Name), "add a column prompt")
	}
	q := &Questions{file: f, options: o, top: topLogprobs}
	if o.Expected == Off {
		q.top = 0
	}
	if err := q.readReferences(); err != nil {
		return nil, err
	}
	if err := q.readPrompts(); err != nil {
		return nil, err
	}
	if err := q.choosePairs(); err != nil {
		return nil, err
	}
	q.fill()
	if len(q.list)+len(q.alike) == 0 {
		return nil, fmt.Errorf("%q: found nothing to judge in %s, expected %s", f.Name, text.Plural(f.Rows(), "row"), q.wanted())
	}
	q.addRepeats()
	return q, nil
}

func (q *Questions) wanted() string {
	if q.options.Mode == Pair {
		return "a row with the answers of two models"
	}
	return "a row with an answer"
}

func (q *Questions) readPrompts() (err error) {
	q.Prompts = NewPrompts(q.options.Mode, q.reference != nil)
	if q.options.PromptFile != "" {
		q.Prompts, err = ReadPrompts(q.options.PromptFile, q.options.Mode, q.reference != nil)
	}
	return err
}

// readReferences finds the column of correct answers.
func (q *Questions) readReferences() error {
	if q.options.Gold == "" {
		return nil
	}
	if q.reference = q.file.PassedColumn(q.options.Gold); q.reference == nil {
		var names []string
		for _, c := range q.file.Passed {
			names = append(names, c.Name)
		}
		return hint.DidYouMean(fmt.Errorf("%q: found no column %q of texts, expected the correct answers there", q.file.Name, q.options.Gold), q.options.Gold, names)
	}
	if !slices.ContainsFunc(q.reference, func(s *string) bool { return s != nil }) {
		return fmt.Errorf("%q: column %q holds no text, expected correct answers", q.file.Name, q.options.Gold)
	}
	return nil
}

// choosePairs decides which models are compared.
func (q *Questions) choosePairs() error {
	if q.options.Mode != Pair {
		return nil
	}
	names := q.file.ModelNames()
	if len(names) < 2 {
		return fmt.Errorf("%q: found the answers of %s, expected at least two models to compare", q.file.Name, text.Plural(len(names), "model"))
	}
	versus := slices.Index(names, q.options.Versus)
	if q.options.Versus == "" && len(names) > 2 {
		n, rows := len(names), q.file.Rows()
		return hint.With(fmt.Errorf("%q: found the answers of %s, expected to know which to compare", q.file.Name, text.Plural(n, "model")),
			fmt.Sprintf("--versus MODEL compares each with one of them, in up to %s", text.Plural(2*rows*(n-1), "question")),
			fmt.Sprintf("--versus all compares every two, in up to %s", text.Plural(rows*n*(n-1), "question")))
	}
	if q.options.Versus != "" && q.options.Versus != All && versus < 0 {
		return hint.DidYouMean(fmt.Errorf("--versus %q: found no such model in %q, expected one of %s", q.options.Versus, q.file.Name, text.Quoted(names, 20)), q.options.Versus, names)
	}
	for a := range names {
		for b := a + 1; b < len(names); b++ {
			if versus < 0 || a == versus || b == versus {
				q.pairs = append(q.pairs, [2]int{a, b})
			}
		}
	}
	return nil
}

// fill lists the questions, row by row.
func (q *Questions) fill() {
	for row := range q.file.Rows() {
		for m := range q.file.Models {
			if q.options.Mode == Grade && q.answer(m, row) != nil {
				q.list = append(q.list, question{row: row, a: m, b: -1, of: -1})
			}
		}
		for _, p := range q.pairs {
			a, b := q.answer(p[0], row), q.answer(p[1], row)
			if a == nil || b == nil {
				continue
			}
			one := question{row: row, a: p[0], b: p[1], of: -1}
			if strings.TrimSpace(*a) == strings.TrimSpace(*b) {
				q.alike = append(q.alike, one)
				continue
			}
			other := one
			other.swapped = true
			q.list = append(q.list, one, other)
		}
	}
}

func (q *Questions) answer(model, row int) *string { return q.file.Models[model].Text[row] }

// addRepeats adds the share of the questions that are asked twice, drawn by the digests of the
// sample and of the models, so that the same ones are drawn again. Both orders of a pair go
// together.
func (q *Questions) addRepeats() {
	size := 1
	if q.options.Mode == Pair {
		size = 2
	}
	units := make([]int, 0, len(q.list)/size)
	for i := 0; i < len(q.list); i += size {
		units = append(units, i)
	}
	take := int(math.Ceil(q.options.Repeat*float64(len(units)) - 1e-9))
	keys := map[int]uint64{}
	for _, i := range units {
		keys[i] = q.key(q.list[i])
	}
	slices.SortStableFunc(units, func(a, b int) int { return cmp.Compare(keys[a], keys[b]) })
	drawn := slices.Sorted(slices.Values(units[:take]))
	for _, i := range drawn {
		for k, one := range q.list[i : i+size] {
			one.of = i + k
			q.list = append(q.list, one)
			q.repeats++
		}
	}
}

// key returns a number that is uniform over the questions of a file and does not depend on others.
func (q *Questions) key(x question) uint64 {
	name := q.file.SampleID[x.row] + "\x00" + q.file.Models[x.a].Name
	if x.b >= 0 {
		name += "\x00" + q.file.Models[x.b].Name
	}
	sum := sha256.Sum256([]byte(name))
	return binary.BigEndian.Uint64(sum[:])
}

// Len returns the number of questions.
func (q *Questions) Len() int { return len(q.list) }

// Repeats returns the number of questions that repeat others.
func (q *Questions) Repeats() int { return q.repeats }

// Request returns a question, counted from 0.
func (q *Questions) Request(i int) chat.Request {
	x := q.list[i]
	first, second := x.a, x.b
	if x.swapped {
		first, second = second, first
	}
	m := material{prompt: q.asked(x.row), a: *q.answer(first, x.row)}
	if second >= 0 {
		m.b = q.answer(second, x.row)
	}
	if q.reference != nil {
		m.reference = q.reference[x.row]
	}
	settings := q.options.Settings
	settings.TopLogprobs = q.top
	r := chat.Request{Messages: []chat.Message{{Role: "user", Content: q.Prompts.fill(m)}}, Settings: settings}
	if x.of >= 0 {
		r.Sample = 1
	}
	return r
}

// asked returns what the models were asked, as text: each message of a conversation under its role.
func (q *Questions) asked(row int) string {
	if q.file.Messages == nil || q.file.Messages[row] == "" {
		return q.file.Prompt[row]
	}
	messages, err := q.file.MessagesOf(row)
	if err != nil { // the column is another program's
		return q.file.Prompt[row]
	}
	out := make([]string, len(messages))
	for i, m := range messages {
		out[i] = m.Role + ":\n" + m.Text()
	}
	return strings.Join(out, "\n\n")
}

var errNoLogprobs = errors.New("the judge's server reports no log-probabilities of tokens")

// Name says what a question is about, such as "row 3 (id7), model small".
func (q *Questions) Name(i int) string {
	x := q.list[i]
	out := fmt.Sprintf("row %d (%s), model %s", x.row+1, q.file.SampleID[x.row], q.file.Models[x.a].Name)
	if x.b >= 0 {
		first, second := x.a, x.b
		if x.swapped {
			first, second = second, first
		}
		out = fmt.Sprintf("row %d (%s), %s before %s", x.row+1, q.file.SampleID[x.row], q.file.Models[first].Name, q.file.Models[second].Name)
	}
	if x.of >= 0 {
		out += ", asked again"
	}
	return out
}
