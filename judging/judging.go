// Package judging asks a language model what answers are worth, and checks whether its labels can be
// trusted. [New] reads the settings, [Run.Questions] counts what will be asked, and [Run.Ask] asks
// it. [Labelled.Labels] are the labels and [Check] says how far they can be trusted.
package judging

import (
	"context"

	"github.com/routellm/routellm/answers/chat"
)

// Mode is how a judge is asked.
type Mode string

// The modes.
const (
	Grade Mode = "grade" // one answer, graded from 1 to 10
	Pair  Mode = "pair"  // two answers, in both orders
)

// Least and Most bound a grade.
const (
	Least = 1
	Most  = 10
)

// Judge answers questions about answers. *ask.Asker is one.
type Judge interface {
	Ask(ctx context.Context, r chat.Request) (answer chat.Answer, cached bool, err error)
}
