package datasets

import (
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/datasets/rows"
)

// Mapping says what the columns of a person's table mean. The zero value finds them by
// convention. A column may be a dotted path into JSON, such as "doc.question".
type Mapping struct {
	ID, Prompt, Task, Cluster, Weight string // columns; "" looks for the usual names

	// Wide tables, with one row per prompt. A column may be a glob, such as "org/*", which
	// stands for every matching column; the model is then named like its column.
	Models    []ModelColumn
	FromRest  bool          // every numeric column without another meaning is a model's quality
	Nested    string        // field that holds an object of qualities by model, or a list of objects
	Costs     []ModelColumn // columns of costs in USD; likewise the next five
	Latencies []ModelColumn // seconds
	Inputs    []ModelColumn // input tokens
	Outputs   []ModelColumn // output tokens
	// CachedInputs and Reasonings are parts of the input and of the output tokens.
	CachedInputs, Reasonings []ModelColumn
	Constants                []ModelValue // models with the same quality on every prompt

	// Labels names the labels that are the qualities: the columns "LABELS:MODEL" of a wide table, or
	// the column LABELS of a long one. "" looks for them by convention.
	Labels string

	// FileModels names the model whose outcomes each file of [ImportFiles] holds, in a column of
	// quality. nil if the rows or columns name their models.
	FileModels []string

	// Long tables, with one row per prompt and model.
	Model, Quality               string // columns; Model "" means that the table is wide
	Cost, Latency, Input, Output string
	Cached, Reasoning            string
	Repeat                       Repeat

	Aliases       map[string]string // names of models in the file, and what to call them
	Min, Max      float64           // bounds of quality; both NaN, or both 0, if unknown
	DropOutside   bool              // leave out values outside the bounds and count them
	LowerIsBetter bool
	Null          []string           // more texts that mean not measured
	Words         map[string]float64 // more words for qualities
	FailWrong     bool               // answers that failed have quality 0 instead of not measured
	SkipBad       bool
	Text          prompttext.Mode
	Rows          rows.Options

	Name, Unit, Strong, Weak, Source, Licence string // stored in the table's [Meta]
	Measured                                  string // likewise
	KeepPrompt                                bool
}

// ModelColumn names the column of a table that belongs to a model.
type ModelColumn struct{ Model, Column string }

// ModelValue is a model's quality on every prompt.
type ModelValue struct {
	Model string
	Value float64
}

// Reading says how a table was read.
type Reading struct {
	Path     string
	About    rows.About
	Columns  []MeaningColumn // what each column was taken for, in the order id, prompt, task, models, ...
	Guessed  bool            // whether any of them was found by convention
	Coverage []Coverage      // one per model
	Skipped  Skipped
	Notes    []string // what else a column could have been taken for
	Warnings []string // what means something for the user's results
}

// MeaningColumn is a column and what it was taken for, such as "prompt" or "quality:gpt-4o".
type MeaningColumn struct{ Meaning, Column string }
