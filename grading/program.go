package grading

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/routellm/routellm/datasets/finalanswer"
	"github.com/routellm/routellm/grading/sandbox"
	"github.com/routellm/routellm/internal/hint"
)

// question holds what a program or a server receives about an answer.
type question struct {
	SampleID  string            `json:"sample_id"`
	Model     string            `json:"model"`
	Prompt    string            `json:"prompt"`
	Answer    string            `json:"answer"`
	Code      string            `json:"code"` // the longest block of code of the answer, or all of it
	Reference string            `json:"reference"`
	Columns   map[string]string `json:"columns"`
}

func ask(t Task) question {
	columns := t.Columns
	if columns == nil {
		columns = map[string]string{}
	}
	return question{SampleID: t.SampleID, Model: t.Model, Prompt: t.Prompt, Answer: t.Answer, Code: codeOf(t.Answer), Reference: t.Reference, Columns: columns}
}

// codeOf returns the longest block of code of an answer, or all of it if it has none.
func codeOf(answer string) string {
	text, err := finalanswer.Spoken(answer)
	if err != nil {
		return ""
	}
	code, found := text, false
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		if !found || len(m[1]) > len(code) {
			code, found = m[1], true
		}
	}
	return code
}

// verdict holds a program's or a server's reply about an answer. Value may be null if the answer cannot
// be read.
type verdict struct {
	Value *float64 `json:"value"`
	Read  string   `json:"read"`
	Why   string   `json:"why"`
}

// grade returns the verdict as a grade.
func (v verdict) grade() (Grade, error) {
	switch {
	case v.Value == nil && v.Why == "":
		return Grade{Value: 0, Why: "the grader could not read it"}, nil
	case v.Value == nil:
		return Grade{Value: 0, Why: v.Why}, nil
	case !(*v.Value >= 0 && *v.Value <= 1):
		return Grade{}, fmt.Errorf("found the value %v, expected a number from 0 to 1", *v.Value)
	}
	return Grade{Value: *v.Value, Read: v.Read}, nil
}

// program grades by running a program.
type program struct {
	sandbox *sandbox.Program
	line    string
}

func newProgram(line string, o Options) (*program, error) {
	s, err := sandbox.Open(line, o.Limits)
	if err != nil {
		return nil, err
	}
	return &program{s, line}, nil
}

// Grade implements [Grader]. The program runs once, with the answer in files of its folder and, as
// JSON, on standard input. The exit code 0 is a value of 1, and 1 is a value of 0, unless the last line
// of standard output is {"value": x}. Every other end is an error.
func (p *program) Grade(ctx context.Context, t Task) (Grade, error) {
	q := ask(t)
	input, err := json.Marshal(q)
	if err != nil {
		return Grade{}, err
	}
	r, err := p.sandbox.Run(ctx, map[string][]byte{
		"answer.txt": []byte(q.Answer), "code.txt": []byte(q.Code), "reference.txt": []byte(q.Reference), "prompt.txt": []byte(q.Prompt), "input.json": input,
	}, input)
	if ctx.Err() != nil {
		return Grade{}, ctx.Err()
	}
	if err != nil {
		return Grade{}, fmt.Errorf("command %q: %w", p.line, err)
	}
	g, err := gradeOf(r)
	if err != nil {
		return Grade{}, hint.With(fmt.Errorf("command %q: %w", p.line, err), said(r.Said)...)
	}
	return g, nil
}

// gradeOf returns the grade that a run stands for.
func gradeOf(r sandbox.Result) (Grade, error) {
	if r.Code > 1 {
		return Grade{}, endedWith(r.Code)
	}
	if v, ok, err := lastVerdict(r.Output); ok || err != nil {
		if err != nil {
			return Grade{}, err
		}
		return v.grade()
	}
	return Grade{Value: 1 - float64(r.Code), Read: fmt.Sprintf("exit code %d", r.Code)}, nil
}

func endedWith(code int) error {
	if code > 128 {
		return fmt.Errorf("was ended by signal %d", code-128)
	}
	return fmt.Errorf("ended with exit code %d, expected 0 (right) or 1 (wrong)", code)
}

// lastVerdict reads the last line of an output if it is a verdict.
func lastVerdict(output string) (v verdict, ok bool, err error) {
	output = strings.TrimSpace(output)
	last := output[strings.LastIndexByte(output, '\n')+1:]
	if !strings.HasPrefix(last, "{") || !strings.Contains(last, `"value"`) {
		return v, false, nil
	}
	if err := json.Unmarshal([]byte(last), &v); err != nil {
		return v, false, fmt.Errorf(`the last line of output is %q, expected {"value": NUMBER}`, finalanswer.Excerpt(last, 60))
	}
	return v, true, nil
}

func said(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = "its standard error: " + line
	}
	return out
}

// Isolated reports whether the programs of a grader have no network, and nothing that they start
// outlives them. It is true for graders that run no program.
func Isolated(g Grader) bool {
	p, ok := g.(*program)
	return !ok || p.sandbox.Isolated()
}

// stop is an error that would concern every other answer, too.
type stop struct{ error }

// Unwrap returns the reason.
func (s stop) Unwrap() error { return s.error }

func isFatal(err error) bool {
	return errors.As(err, new(*ReferenceError)) || errors.As(err, new(stop)) || errors.Is(err, context.Canceled)
}
