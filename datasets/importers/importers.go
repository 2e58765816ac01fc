// Package importers reads the files that evaluation tools, gateways and public data sets write.
//
// Each tool has one file with a [Tool], which [Tools] lists. [Detect] recognises a tool's files
// by their content, and [Import] reads them.
package importers

import (
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/prompttext"
)

// Tool reads the files of one program.
type Tool struct {
	Name    string   // name on the command line, such as "lm-eval"
	Title   string   // name that the program gives itself, such as "lm-evaluation-harness"
	Files   string   // files that it reads, for the docs: "samples_*.jsonl and results_*.json in a folder per model"
	Reads   string   // what is taken from them
	Leaves  string   // what is not
	Example string   // one command
	Uses    []string // flags that it heeds, among [Flags], such as "metric"
	Gives   Gives

	kinds  []kind          // the files of the tool; the first that matches counts
	repeat datasets.Repeat // what repeated pairs of sample and model mean, unless the options say
	bounds [2]float64      // lowest and highest quality; both 0 if they depend on the files
	unit   string          // unit of quality; "" if it depends on the files
	read   func(in *input, out *Output) error
}

// Gives says what a tool's files hold.
type Gives string

// What tools give. Some give decisions besides their answers.
const (
	Answers Gives = "answers" // graded answers, one per prompt and model
	Votes   Gives = "battles" // votes between two answers
	Calls   Gives = "traffic" // calls that nobody graded
	Rates   Gives = "prices"  // mean costs and latencies of models, without prompts
)

// kind describes one of the kinds of files that a tool has.
type kind struct {
	name string // such as "samples"
	// companion marks a file that means nothing by itself, such as a list of questions: it does
	// not make a folder the tool's.
	companion bool
	match     func(p *peek) bool // reads as little as it can
}

// Options says what to read. Fields that a tool does not have are ignored by it.
type Options struct {
	Metric   string          // lm-eval, helm, every-eval-ever: metric that is the quality; several, one per task, at commas
	Filter   string          // lm-eval: filter of the answers
	Scorer   string          // inspect: scorer; langfuse, langsmith: name of the score
	Score    string          // promptfoo: named score; ultrafeedback: "overall" or "fine-grained"
	Prompts  string          // promptfoo: label of the prompt
	Prompt   string          // lm-eval: field of doc that is the prompt, such as "question"
	Model    string          // lm-eval: name of the model, for files that do not name it
	Split    string          // helm: split, such as "test"
	Turns    Turns           // mt-bench: what the turns of a question are
	Text     prompttext.Mode // text of a conversation
	Progress func(done, total int) error
	Notef    func(format string, args ...any) // receives what the user should know; never nil in read

	Collect datasets.CollectOptions
}

// Turns says what the turns of a question are.
type Turns string

// What turns are.
const (
	TurnsMean  Turns = "mean"  // the quality of a question is the mean of its turns; the zero value stands for it
	TurnsSplit Turns = "split" // each turn is a sample; the question is their cluster
)

// Flags lists the names that [Tool.Uses] may hold, with a line of help each: those of the options
// above that a user gives for some tools only.
func Flags() map[string]string {
	return map[string]string{
		"metric":       "`METRIC` that is the quality; several, one per task, separated by commas",
		"filter":       "`FILTER` of the answers",
		"scorer":       "`SCORER` whose scores are the quality",
		"score":        "`SCORE` that is the quality",
		"prompt-label": "`LABEL` of the prompt, if several were tried",
		"prompt":       "`FIELD` of doc that is the prompt, such as question (default what the model was sent)",
		"model":        "`NAME` of the model, for files that do not name it",
		"split":        "`SPLIT` of the instances, such as test",
		"turns":        "what the `TURNS` of a question become: mean (one sample) or split (one sample each)",
		"text":         "`TEXT` of a conversation that is the prompt: last, first, users or all (default the tool's own)",
		"repeat":       "`RULE` for repeated answers of a model to a prompt: mean (default an error)",
		"decisions":    "CSV `FILE` for the router's decisions, which eval --router decisions:FILE reads",
		"prices":       "CSV `FILE` for the mean cost, tokens and latency of each model",
		"skip-bad":     "leave out bad rows and count them",
		"errors":       "what answers that failed `COUNT` as: missing (not measured, the default) or wrong (0)",
	}
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

// Battle is a vote between two answers. Winner is one of [datasets.Winners].
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

// Price sums up the calls of one model. Numbers that are not known are NaN.
type Price struct {
	Model                                          string
	Requests                                       int
	MeanCostUSD, MeanInputTokens, MeanOutputTokens float64
	LatencyP50S                                    float64
}
