package results

import "io"

// Overlap counts the prompts of data set A that are in data set B, or, with A itself as B,
// those that are in A more than once.
type Overlap struct {
	SchemaVersion int           `json:"schema_version"`
	Tool          Tool          `json:"tool"`
	A             OverlapSet    `json:"a"`
	B             OverlapSet    `json:"b"`
	Within        bool          `json:"within"`
	Cosine        Value         `json:"cosine"` // cosine from which prompts are near-duplicates
	Same          int           `json:"same"`   // rows of A whose normalized prompt is in B
	Near          int           `json:"near"`   // other rows of A with a near-duplicate in B
	Pairs         []OverlapPair `json:"pairs"`
}

// OverlapSet names one of the two data sets.
type OverlapSet struct {
	Name  string `json:"name"`
	Input Input  `json:"input"`
	Rows  int    `json:"rows"`
}

// OverlapPair is a pair of rows that are close to each other.
type OverlapPair struct {
	A      string `json:"a"` // sample id in A
	B      string `json:"b"` // sample id in B
	Cosine Value  `json:"cosine"`
	Match  string `json:"match"` // "same" prompt, "near", or "none"
}

// Write writes the overlap as JSON with one newline at the end.
func (o *Overlap) Write(w io.Writer) error { return writeJSON(w, o) }
