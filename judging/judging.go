// Package judging asks a language model what answers are worth, and checks whether its labels can be
// trusted. Call [Run].
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

// Judge answers questions about answers.
type Judge interface {
	Ask(ctx context.Context, r chat.Request) (answer chat.Answer, cached bool, err error)
}
