package datasets

import "math"

// Graded is one model's answer to one prompt, as logs of evaluation tools and long tables hold
// it. Texts that are not known are "", numbers NaN.
type Graded struct {
	File string // path of the file that it comes from, for messages
	Row  int    // row in File, counted from 1

	ID      string // id of the sample, unique within its task; "" identifies samples by their prompt
	Task    string
	Cluster string
	Prompt  string
	Model   string
	Check   string // digest of the sample's content; differs if two files hold different samples under one id

	Quality float64
	Failed  string  // why the quality is not measured, such as "error"; "" if nothing is known
	Pass    float64 // whether the answer passed, 0 or 1, where a tool has that besides a quality

	CostUSD, InputTokens, OutputTokens, LatencyS float64
}

// NewGraded returns an answer of which no number is known.
func NewGraded() Graded {
	nan := math.NaN()
	return Graded{Quality: nan, Pass: nan, CostUSD: nan, InputTokens: nan, OutputTokens: nan, LatencyS: nan}
}

// Repeat says what a repeated pair of prompt and model means.
type Repeat string

// The rules for repeated pairs.
const (
	RepeatError Repeat = ""     // an error that names both rows
	RepeatMean  Repeat = "mean" // the mean of the values; the row is one cluster
)

// CollectOptions says how a [Collector] makes a table of answers.
type CollectOptions struct {
	Repeat     Repeat
	TaskInID   bool // ids are unique within their task only: the sample's id is "task/id"
	FailWrong  bool // an answer that failed has quality 0 instead of not measured
	SkipBad    bool // leave out bad rows instead of refusing the file
	KeepOrder  bool // samples in the order of their first answer, instead of sorted by id
	KeepPrompt bool
}

// Collector turns answers, one per prompt and model, into a table with one row per prompt.
type Collector struct {
	options CollectOptions
}

// NewCollector returns an empty collector.
func NewCollector(o CollectOptions) *Collector { return &Collector{options: o} }

// Coverage counts the answers of one model.
type Coverage struct {
	Model    string
	Measured int            // samples with a quality
	Missing  int            // samples without an answer of this model
	Failed   map[string]int // answers without a quality, by reason; "" if none is known
	Repeated int            // answers beyond the first of a sample
}

// Add adds an answer. A repeated pair of sample and model, or another prompt or check for a
// known sample, is an error that names both rows, unless the options say otherwise.
func (c *Collector) Add(g Graded) error { return nil }

// Table returns the samples: digests, text features, clusters, and the columns "quality:",
// "cost_usd:", "input_tokens:", "output_tokens:", "latency_s:" and "pass:" of each model that
// has any. Models are sorted by name.
func (c *Collector) Table() (*Table, []Coverage, error) { return nil, nil, nil }
