// Package judging asks a language model what answers are worth, and checks whether its labels can be
// trusted. [Prepare] says what is to be asked, [Questions.Ask] asks it, [Judgement.Labels] are the
// labels, and [Judgement.Check] says how far they can be trusted.
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

// All as [Options.Versus] compares every two models.
const All = "all"

// Expected says whether labels are means over the labels that the judge thought likely.
type Expected string

// The choices.
const (
	Auto Expected = "auto" // if the server reports log-probabilities
	On   Expected = "on"
	Off  Expected = "off"
)

// Judge answers questions about answers. *ask.Asker is one.
type Judge interface {
	Ask(ctx context.Context, r chat.Request) (answer chat.Answer, cached bool, err error)
}

// Options says how answers are judged.
type Options struct {
	Mode        Mode
	Gold        string        // Gold is the column with correct answers to show to the judge; "" for none
	PromptFile  string        // PromptFile replaces the built-in prompt for the judge
	Versus      string        // Versus is the model that all others are compared with, or All; "" stands for the only two models
	Settings    chat.Settings // Settings holds the parameters of requests to the judge; TopLogprobs is set by Expected
	Expected    Expected      // Expected defaults to Auto
	Repeat      float64       // Repeat is the share of the questions to ask twice, in [0,1]
	Concurrency int           // Concurrency is the number of questions at a time, at least 1
	// Progress, if non-nil, is called after each question, never concurrently. If it returns an
	// error, asking stops with it.
	Progress func(done, total int) error
}
