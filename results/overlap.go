package results

import "io"

// Overlap is how many prompts of data set A are in B, or, with A itself as B, how
// many are in A more than once.
type Overlap struct {
	SchemaVersion int           `json:"schema_version"`
	Tool          Tool          `json:"tool"`
	A             OverlapSet    `json:"a"`
	B             OverlapSet    `json:"b"`
	Within        bool          `json:"within"`
	Cosine        Value         `json:"cosine"`
	Same          int           `json:"same"` // rows of A whose normalised prompt is in B
	Near          int           `json:"near"` // further rows of A with one of B at that cosine or above
	Pairs         []OverlapPair `json:"pairs"`
}

// OverlapSet is one of the two data sets.
type OverlapSet struct {
	Name  string `json:"name"`
	Input Input  `json:"input"`
	Rows  int    `json:"rows"`
}

// OverlapPair is one of the closest pairs of rows.
type OverlapPair struct {
	A      string `json:"a"` // sample ids
	B      string `json:"b"`
	Cosine Value  `json:"cosine"`
	Match  string `json:"match"` // "same" prompt, "near", or "none"
}

// Write writes the overlap as JSON with one newline at the end.
func (o *Overlap) Write(w io.Writer) error { return writeJSON(w, o) }
