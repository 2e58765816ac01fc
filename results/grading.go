package results

import "io"

// Grading describes how the answers of a file were graded, and what came out.
type Grading struct {
	SchemaVersion int           `json:"schema_version"`
	Tool          Tool          `json:"tool"`
	Input         Input         `json:"input"`
	Kind          string        `json:"kind"`   // "number", "exec:python3 check.py" and the like
	Gold          string        `json:"gold"`   // the column of the references; "" without one
	Labels        string        `json:"labels"` // the name of the new labels
	Rows          int           `json:"rows"`
	NoReference   int           `json:"no_reference"`  // rows without a reference
	BadReference  int           `json:"bad_reference"` // rows whose reference cannot be read
	Models        []GradedModel `json:"models"`
	Warnings      []string      `json:"warnings"`
}

// GradedModel counts the answers of one model, one per row, and holds their mean quality.
type GradedModel struct {
	Model      string          `json:"model"`
	Quality    Metric          `json:"quality"`
	Graded     int             `json:"graded"`     // answers with a quality
	Unreadable int             `json:"unreadable"` // those of them that could not be read, whose quality is 0
	CutShort   int             `json:"cut_short"`  // answers that ended because they were too long
	Missing    int             `json:"missing"`    // rows without an answer
	Failed     int             `json:"failed"`     // answers that a program or a server failed to grade
	Agreement  *LabelAgreement `json:"agreement"`  // null if the file has no other labels of the model
}

// LabelAgreement compares new labels with those that the file had.
type LabelAgreement struct {
	Labels string `json:"labels"` // the name of the old labels
	Both   int    `json:"both"`   // answers with both labels
	Equal  int    `json:"equal"`  // those of them with the same quality
	Higher int    `json:"higher"` // those whose new quality is higher
	Lower  int    `json:"lower"`  // those whose new quality is lower
}

// Write writes the document as JSON with one newline at the end.
func (g *Grading) Write(w io.Writer) error { return writeJSON(w, g) }
