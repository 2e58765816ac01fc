package datasets

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
)

const colScore, colDecision, colTraining = "score", "decision", "training"

// Scores holds a router's scores per sample or per prompt, as read from a file by [ReadScores]
// or [ReadDecisions]. [Scores.Lookup] puts them into the order of a data set.
type Scores struct {
	Keyed
	Values []float64 // finite scores, one per id; decisions are 1 for strong and 0 for weak
	// Names holds the decisions of a file that names models in place of strong and weak; nil
	// otherwise. Values are NaN there until [Scores.ForPair] is called.
	Names []string
}

// ReadScores reads a table of scores in any format that [rows.Open] reads. It reads the columns
// sample_id (or prompt_sha256, if there is no sample_id) and score, and the column training if
// there is one. A path "FILE#COLUMN" names another column than score; the ids may then also be in
// a column with another usual name, such as id. Missing and non-finite scores and repeated ids are
// errors that name the first three.
func ReadScores(path string) (*Scores, error) {
	if file, column := SplitColumn(path); column != "" {
		return readScoreColumn(file, column)
	}
	return readScores(path, &scoreReader{column: colScore})
}

func readScores(path string, r *scoreReader) (*Scores, error) {
	rec, err := readRecordsInto(path, r.columns(), r.take)
	return r.finish(rec, err)
}

// ReadScoreBytes reads a Parquet file of scores held in memory. Errors use name in place of a
// path.
func ReadScoreBytes(name string, data []byte) (*Scores, error) {
	r, rec := &scoreReader{column: colScore}, &records{path: name, cells: map[string][]string{}}
	src, err := parquetfile.New(name, bytes.NewReader(data), int64(len(data)))
	if err == nil {
		err = rec.readSource(src, r.columns(), r.take)
	}
	return r.finish(rec, err)
}

// ReadDecisions reads a file of decisions. It works like [ReadScores], but reads the column
// decision instead of score. Its cells are "strong" or "weak", or all of them names of models.
func ReadDecisions(path string) (*Scores, error) {
	r := &scoreReader{column: colDecision}
	rec, err := readRecordsInto(path, r.columns(), r.take)
	s, err := r.finish(rec, err)
	if err != nil {
		return nil, err
	}
	cells := rec.cells[colDecision]
	if isSide := func(text string) bool { _, ok := parseDecision(text); return ok }; slices.ContainsFunc(cells, isSide) || len(cells) == 0 {
		s.Values, err = s.parse(cells, colDecision, `"strong" or "weak"`, parseDecision)
	} else {
		s.Names = cells
		s.Values, err = s.parse(cells, colDecision, "the name of a model", parseName)
	}
	if err != nil {
		return nil, adviseCells(err, colDecision)
	}
	return s, nil
}

// parseName accepts the name of a model, whose value is not known without a pair.
func parseName(text string) (float64, bool) {
	return math.NaN(), text != "" && text != parquetfile.NullText
}

// ForPair returns the decisions of a file that may name the models of a pair in place of strong
// and weak. Another model's name is an error.
func (s *Scores) ForPair(strong, weak string) (*Scores, error) {
	if s.Names == nil {
		return s, nil
	}
	out := *s
	var err error
	out.Values, err = s.parse(s.Names, colDecision, fmt.Sprintf("%q or %q", strong, weak), func(text string) (float64, bool) {
		switch text {
		case strong:
			return 1, true
		case weak:
			return 0, true
		}
		return 0, false
	})
	return &out, hint.With(err, "--pair STRONG,WEAK names the two models between which the router chose")
}

func keyedColumns(column string) []string {
	return []string{colSampleID, colSHA256, colTraining, column}
}

func parseScore(text string) (float64, bool) {
	v, ok := parseNumber(text)
	return v, ok && v == v
}

func parseDecision(text string) (float64, bool) {
	switch text {
	case "strong":
		return 1, true
	case "weak":
		return 0, true
	}
	return 0, false
}

// Lookup returns the score of each key, in the order of keys. Keys are sample ids, or prompt
// digests if [Keyed.ByDigest]. Keys without a score are an error that names the first three.
func (s *Scores) Lookup(keys []string) ([]float64, error) {
	rows, err := s.Find(keys)
	if err != nil {
		return nil, err
	}
	return slicesx.Pick(s.Values, rows), nil
}
