// Package answers makes and holds the answers of models to prompts. [Run] asks the models; [Read]
// and [File.Write] handle files of answers, which are data sets in the schema of package datasets
// with further columns.
//
// A file has one row per prompt and repeat. Repeats of a prompt share its cluster. Per model it has
// the columns of [Columns]. Labels, which say what an answer was worth, are columns NAME:MODEL;
// those named quality are what routers are evaluated on.
package answers

import (
	"context"
	"errors"
)

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
)

// Quality is the name of the labels that routers are evaluated on.
const Quality = "quality"

// File holds answers as columns, one element per row.
type File struct {
	Name     string // Name is the path that it was read from
	SHA256   string
	Meta     map[string]string
	SampleID []string
	Cluster  []string
	Task     []string     // nil without tasks
	Prompt   []string     // the text that routers read
	Messages []string     // JSON of the conversation that was asked; "" if it is Prompt alone
	Weight   []float64    // nil if all rows weigh the same
	Passed   []TextColumn // further columns of the prompts file, such as the correct answers
	Models   []Model
	Labels   []Labels
}

// TextColumn is a column of text; a nil value is null.
type TextColumn struct {
	Name   string
	Values []*string
}

// Model holds what one model answered, one element per row. Numbers that are not known are NaN.
type Model struct {
	Name                    string
	Text                    []*string // nil elements were not answered
	Err, Finish             []string
	Input, Output           []float64 // tokens
	Cost                    []float64 // USD
	Latency                 []float64 // seconds
	LogprobMean, LogprobMin []float64
	FirstEntropy, Agreement []float64
}

// Labels says what the answers of each model were worth: one column NAME:MODEL per model.
type Labels struct {
	Name   string
	Values [][]float64 // Values holds one slice per model, in the order of File.Models, with one value per row; NaN if not labelled
}

// Rows returns the number of rows.
func (f *File) Rows() int { return len(f.SampleID) }

// Read reads a file of answers, or any table with columns answer:MODEL.
func Read(ctx context.Context, path string) (*File, error) { return nil, errors.New("not built yet") }

// Write writes a Parquet file. It appears only when it is complete.
func (f *File) Write(path string) error { return errors.New("not built yet") }

// SetLabels adds labels. Labels of the same name are an error, whose hint proposes another name.
func (f *File) SetLabels(l Labels) error { return errors.New("not built yet") }
