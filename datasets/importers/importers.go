// Package importers reads the files that evaluation tools, gateways and public data sets write.
//
// Each tool has one file with a [Tool], which [Tools] lists. [Detect] recognises a tool's files
// by their content, and [Import] reads them.
package importers

import (
	"context"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/prompttext"
)

// Tool reads the files of one program.
type Tool struct {
	Name    string // as written on the command line, such as "lm-eval"
	Title   string // as the program writes itself, such as "lm-evaluation-harness"
	Files   string // files that it reads, for the docs: "samples_*.jsonl and results_*.json in a folder per model"
	Reads   string // what is taken from them
	Leaves  string // what is not
	Example string // one command

	// detect reports whether a path, a file or a folder, holds the tool's files. It reads as
	// little as it can.
	detect func(path string) bool
	// read hands everything in the files to out.
	read func(ctx context.Context, paths []string, o Options, out *Output) error
}

// Options says what to read. Fields that a tool does not have are ignored by it.
type Options struct {
	Metric   string          // lm-eval, helm, every-eval-ever: metric that is the quality
	Filter   string          // lm-eval: filter of the answers
	Scorer   string          // inspect: scorer; langfuse, langsmith: name of the score
	Prompts  string          // promptfoo: label of the prompt
	Text     prompttext.Mode // text of a conversation
	Progress func(done, total int) error
	Notef    func(format string, args ...any) // receives what the user should know; never nil in read

	Collect datasets.CollectOptions
}

// Output receives what a tool's files hold. Which of its kinds a tool has is a property of the
// tool: evaluations give answers, Arena gives battles, gateways give traffic.
type Output struct {
	Answers   *datasets.Collector
	Battles   []Battle
	Traffic   []Request
	Decisions []Decision
	Prices    []Price
}

// Battle is a vote between two answers.
type Battle struct {
	ID, Prompt, ModelA, ModelB, Winner string
}

// Request is a call of one model that nobody graded.
type Request struct {
	ID, Prompt, Model                            string
	CostUSD, InputTokens, OutputTokens, LatencyS float64 // NaN if unknown
}

// Decision is a router's choice of a model.
type Decision struct{ ID, Model string }

// Price sums up the calls of one model.
type Price struct {
	Model                                          string
	Requests                                       int
	MeanCostUSD, MeanInputTokens, MeanOutputTokens float64
	LatencyP50S                                    float64
}

// Tools lists the tools, sorted by name. To add one, write a file with its Tool and name it here.
func Tools() []Tool { return nil }
