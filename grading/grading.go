// Package grading grades answers by correct ones. Call [New] for a grader, and [Run] for all answers
// of a file.
package grading

import (
	"context"
	"errors"
)

// Task is one answer to grade.
type Task struct {
	Answer    string
	Reference string // Reference is the correct answer, pattern or test
	Prompt    string
	Columns   map[string]string // Columns holds the further columns of the row, for programs
}

// Grade is what an answer is worth.
type Grade struct {
	Value float64 // Value is in [0,1], or NaN if the reference cannot be read
	Read  string  // Read is what the grader read as the answer; "" if it could read nothing
	Why   string  // Why says what could not be read; "" otherwise
}

// Grader grades answers. It is safe for concurrent use.
type Grader interface {
	Grade(ctx context.Context, t Task) (Grade, error)
}

// New returns the grader of a kind: choice, number, exact, contains, regex, json, exec:CMD or
// http:URL.
func New(kind string) (Grader, error) { return nil, errors.New("not built yet") }
