// Package grading grades answers by correct ones. Call [New] for a grader, and [NewRun] to grade the
// answers of a file.
//
// An answer that was given but cannot be read is wrong: its value is 0, and it is counted as
// unreadable. An answer that is missing, or that a program or server failed to grade, has no value. A
// reference that is missing or cannot be read gives no value either.
package grading

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/routellm/routellm/grading/sandbox"
	"github.com/routellm/routellm/internal/hint"
)

// Task is one answer to grade.
type Task struct {
	Answer    string
	Reference string // Reference is the correct answer, pattern or test
	Prompt    string
	Columns   map[string]string // Columns holds the further columns of the row, for choices, programs and servers
	SampleID  string
	Model     string
}

// Grade holds the value of an answer and how it was read.
type Grade struct {
	Value float64 // Value is in [0,1], or NaN if the reference cannot be read
	Read  string  // Read is what the grader read as the answer; "" if it could read nothing
	Why   string  // Why says what could not be read; "" otherwise
}

// Grader grades answers. It is safe for concurrent use. An error concerns one answer only, except for
// a [*ReferenceError].
type Grader interface {
	Grade(ctx context.Context, t Task) (Grade, error)
}

// ReferenceError says that a reference is wrong in itself, such as a pattern that cannot be parsed.
type ReferenceError struct{ Err error }

// Error returns the reason.
func (e *ReferenceError) Error() string { return e.Err.Error() }

// Unwrap returns the reason.
func (e *ReferenceError) Unwrap() error { return e.Err }

// Options says how answers are graded. Each field applies to some kinds; the others ignore it.
type Options struct {
	Tolerance float64 // Tolerance is the relative difference of equal numbers (number, json)
	// Choices names the choices: letters such as A-D; or numbers such as 0-3 or 1-4, by which
	// references name the choices A to D (choice). "" stands for A-J.
	Choices       string
	ChoicesColumn string // ChoicesColumn names a column with the texts of the choices, a JSON list; "" takes those that the prompt lists
	Strict        bool   // Strict compares case, spaces and punctuation, too (exact, contains)
	Separator     string // Separator separates several references in a cell; "" takes a JSON list apart (number, choice, exact, contains)
	Several       Several
	Subset        bool // Subset lets objects have further keys (json)
	Partial       bool // Partial gives a share of the value for a share of the correct fields (json)
	Limits        sandbox.Limits
	Timeout       time.Duration // Timeout limits one request (http); 0 stands for a minute
}

// Several says how many of several references an answer must match.
type Several string

// The ways to count several references.
const (
	Any   Several = "any"   // one of them
	All   Several = "all"   // every one
	Share Several = "share" // the value is the share that it matches
)

// Kinds lists the kinds of graders; those that end with ":" need an argument.
var Kinds = []string{"choice", "number", "exact", "contains", "regex", "json", "exec:", "http:", "https:"}

// New returns the grader of a kind: choice, number, exact, contains, regex, json, exec:CMD or
// http:URL, which is also written http://HOST/PATH.
func New(kind string, o Options) (Grader, error) {
	if o.Several == "" {
		o.Several = Any
	}
	name, argument, _ := strings.Cut(kind, ":")
	switch {
	case kind == "number":
		return &comparing{numbers{o.Tolerance}, o}, nil
	case kind == "choice":
		c, err := newChoices(o)
		return &comparing{c, o}, err
	case kind == "exact":
		return &comparing{exact{o.Strict}, o}, nil
	case kind == "contains":
		return &comparing{contains{o.Strict}, o}, nil
	case kind == "regex":
		o.Separator = ""
		return &comparing{newPatterns(), o}, nil
	case kind == "json":
		return &comparing{documents{o}, o}, nil
	case name == "exec" && argument != "":
		return newProgram(argument, o)
	case (name == "http" || name == "https") && argument != "":
		return newServer(kind, o)
	}
	return nil, unknownKind(kind)
}

func unknownKind(kind string) error {
	err := fmt.Errorf("kind %q: expected choice, number, exact, contains, regex, json, exec:CMD or http:URL", kind)
	switch kind {
	case "":
		return errors.New("no kind: expected choice, number, exact, contains, regex, json, exec:CMD or http:URL")
	case "exec", "exec:":
		return hint.With(err, `for example exec:"python3 check.py"`)
	case "http", "http:", "https", "https:":
		return hint.With(err, "for example http://127.0.0.1:9000/grade")
	}
	return hint.DidYouMean(err, kind, Kinds)
}
