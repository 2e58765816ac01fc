// Package answers makes and holds the answers of models to prompts. [Run] asks the models; [Read]
// and [File.Write] handle files of answers, which are data sets in the schema of package datasets
// with further columns. [Open] and [Writer] do the same in batches of rows, for files that do not
// fit into memory.
//
// A file has one row per prompt and repeat. Repeats of a prompt share its cluster. Per model it has
// columns that begin with the prefixes below. Labels, which say what an answer was worth, are
// columns NAME:MODEL; those named quality are what routers are evaluated on.
package answers

import "github.com/routellm/routellm/datasets"

// Prefixes of the columns that a file has per model.
const (
	PrefixAnswer       = "answer:"        // text; null if there is none
	PrefixError        = "error:"         // why there is no answer; null if there is one
	PrefixFinish       = "finish:"        // why the answer ended: stop, length, filter
	PrefixInput        = "input_tokens:"  // tokens of the request
	PrefixOutput       = "output_tokens:" // tokens of the answer
	PrefixCost         = "cost_usd:"      // USD
	PrefixLatency      = "latency_s:"     // seconds of the successful attempt
	PrefixLogprobMean  = "logprob_mean:"  // mean natural log-probability of the answer's tokens
	PrefixLogprobMin   = "logprob_min:"   // smallest one
	PrefixFirstEntropy = "first_entropy:" // entropy in nats of the first token's reported alternatives
	PrefixAgreement    = "agreement:"     // share of the other repeats of the prompt with the same answer
	PrefixTrue         = "p_true:"        // probability that the model gives to its own answer being right
	PrefixTrueCost     = "p_true_usd:"    // USD that asking for it cost
	PrefixTrueLatency  = "p_true_s:"      // seconds that asking for it took
)

// Quality is the name of the labels that routers are evaluated on.
const Quality = "quality"

// File holds answers as columns, one element per row. A nil slice is a column that the file does
// not have; all others have one element per row.
type File struct {
	Name         string            // Name is the path that it was read from
	SHA256       string            // SHA256 is the hex digest of the file that it was read from
	Meta         map[string]string // Meta holds the key/value metadata of a Parquet file
	SampleID     []string          // unique ids
	Cluster      []string          // samples that are not independent, such as repeats, share one; nil without clusters
	Task         []string          // subject or category; nil without tasks
	Prompt       []string          // the text that routers read; nil without prompts
	Messages     []string          // JSON of the conversation that was asked; "" if it is Prompt alone
	Weight       []float64         // weight of the sample in every number, above 0; nil if all weigh the same
	Contaminated []bool            // whether evaluations leave the sample out; nil if they leave out none
	Vectors      [][]float32       // embeddings of the prompts; nil without them
	Passed       []TextColumn      // further columns of the prompts file, such as the correct answers
	Numbers      []datasets.Column // further columns of numbers KIND:NAME that belong to none of the models
	Models       []Model           // the models, in the order of their columns
	Labels       []Labels          // what the answers were worth
}

// TextColumn is a column of text; a nil value is null.
type TextColumn struct {
	Name   string
	Values []*string
}

// Model holds what one model answered, one element per row. Numbers that are not known are NaN. A
// nil slice is a column that the file does not have.
type Model struct {
	Name                    string
	Text                    []*string // nil elements were not answered
	Err, Finish             []string  // "" if there is nothing to say
	Input, Output           []float64 // tokens
	Cost                    []float64 // USD
	Latency                 []float64 // seconds
	LogprobMean, LogprobMin []float64 // natural logarithms
	FirstEntropy            []float64 // nats
	Agreement               []float64 // share in [0,1]
	True                    []float64 // probability in [0,1]
	TrueCost, TrueLatency   []float64 // USD and seconds of the question for it
}

// Labels says what the answers of each model were worth: one column NAME:MODEL per model.
type Labels struct {
	Name   string
	Values [][]float64 // Values holds one slice per model, in the order of File.Models, with one value per row; NaN if not labelled
}

// Rows returns the number of rows.
func (f *File) Rows() int { return len(f.SampleID) }

// ModelNames returns the names of the models, in their order.
func (f *File) ModelNames() []string {
	names := make([]string, len(f.Models))
	for i, m := range f.Models {
		names[i] = m.Name
	}
	return names
}

// PassedColumn returns a further column of the prompts file, or nil if there is none of the name.
func (f *File) PassedColumn(name string) []*string {
	for _, c := range f.Passed {
		if c.Name == name {
			return c.Values
		}
	}
	return nil
}

// numberKinds lists the prefixes of a model's columns of numbers, in the order of the file, and
// where their values are.
var numberKinds = []struct {
	prefix string
	of     func(*Model) *[]float64
}{
	{PrefixInput, func(m *Model) *[]float64 { return &m.Input }},
	{PrefixOutput, func(m *Model) *[]float64 { return &m.Output }},
	{PrefixCost, func(m *Model) *[]float64 { return &m.Cost }},
	{PrefixLatency, func(m *Model) *[]float64 { return &m.Latency }},
	{PrefixLogprobMean, func(m *Model) *[]float64 { return &m.LogprobMean }},
	{PrefixLogprobMin, func(m *Model) *[]float64 { return &m.LogprobMin }},
	{PrefixFirstEntropy, func(m *Model) *[]float64 { return &m.FirstEntropy }},
	{PrefixAgreement, func(m *Model) *[]float64 { return &m.Agreement }},
	{PrefixTrue, func(m *Model) *[]float64 { return &m.True }},
	{PrefixTrueCost, func(m *Model) *[]float64 { return &m.TrueCost }},
	{PrefixTrueLatency, func(m *Model) *[]float64 { return &m.TrueLatency }},
}

// wordKinds lists the prefixes of a model's columns of short texts, of which "" is null.
var wordKinds = []struct {
	prefix string
	of     func(*Model) *[]string
}{
	{PrefixError, func(m *Model) *[]string { return &m.Err }},
	{PrefixFinish, func(m *Model) *[]string { return &m.Finish }},
}
