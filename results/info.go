package results

import "io"

// DatasetInfo describes a data set.
type DatasetInfo struct {
	Name         string      `json:"name"`
	Title        string      `json:"title"`
	Rows         int         `json:"rows"`
	Contaminated int         `json:"contaminated"` // rows that evaluation leaves out
	Unit         string      `json:"unit"`
	Pair         Pair        `json:"pair"`
	Models       []ModelInfo `json:"models"`
	Columns      []string    `json:"columns"`
	Text         bool        `json:"text"` // the prompts are in the file, or were pulled
	Source       string      `json:"source"`
	Licence      string      `json:"licence"`
	SHA256       string      `json:"sha256"`
}

// ModelInfo summarizes one model's quality on the samples that are not contaminated.
type ModelInfo struct {
	Name     string `json:"name"`
	Measured int    `json:"measured"` // samples with a quality
	Mean     Value  `json:"mean"`     // mean quality of these
}

// WriteInfo writes one description as JSON.
func WriteInfo(w io.Writer, info DatasetInfo) error { return writeJSON(w, info) }

// WriteInfos writes descriptions as a JSON array.
func WriteInfos(w io.Writer, infos []DatasetInfo) error { return writeJSON(w, infos) }
