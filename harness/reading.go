package harness

import (
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/importers"
)

// Reading says how data sets are read that are not in the sample schema: tables of any format,
// and the files of evaluation tools. The zero value finds out everything from the files.
type Reading struct {
	// Columns says what a table's columns mean. Its Rows.Stdin is what the data set "-" reads.
	Columns datasets.Mapping
	// Tool says what to read of an evaluation tool's files. What Columns says of the text, of
	// repeated and of failed answers holds for them too.
	Tool importers.Options
	// Labels names the labels that are read as qualities, those of the columns "LABELS:MODEL". "" and
	// [datasets.Quality] stand for the data's own. Data sets of battles have none.
	Labels string
	// Outcomes are files with the outcomes of one model each. Together they are the data set
	// that [JoinedOutcomes] names.
	Outcomes []ModelFile
	// Given names what the user has set of the fields above, for messages, such as "--prompt".
	Given []string
	// Files, if non-nil, keeps what was read, so that several calls read each file once.
	Files *Files
}

// ModelFile is a file with the outcomes of one model.
type ModelFile struct{ Model, Path string }

// JoinedOutcomes is the name of the data set that Reading.Outcomes make together.
const JoinedOutcomes = "outcomes"

// share returns the options with a place to keep what is read, and a function that ends its
// use, after which no file made of another is left.
func (r Reading) share() (Reading, func()) {
	if r.Files != nil {
		return r, func() {}
	}
	r.Files = NewFiles()
	return r, r.Files.Close
}
