package datasets

import (
	"fmt"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/hint"
)

// ScoreStream reads a Parquet file of scores row by row, in memory that does not grow with the file. Get one
// from [OpenScoreStream].
type ScoreStream struct {
	Key string // name of the column of ids: "sample_id" or "prompt_sha256"

	src      *parquetfile.File
	ids      *parquetfile.Cursor[string]
	scores   *parquetfile.Cursor[float64]
	training *parquetfile.Cursor[float64] // nil without the column
}

// OpenScoreStream opens the column of scores of a Parquet file in any schema with a column sample_id or
// prompt_sha256.
func OpenScoreStream(path, column string) (*ScoreStream, error) {
	src, err := parquetfile.Open(path)
	if err != nil {
		return nil, hint.With(err, "scores are read row by row from Parquet files alone")
	}
	s := &ScoreStream{Key: colSampleID, src: src}
	if !src.HasColumn(colSampleID) && src.HasColumn(colSHA256) {
		s.Key = colSHA256
	}
	for _, err := range []error{need(src, s.Key, "text", src.IsText), need(src, column, "numbers", src.IsNumber)} {
		if err != nil {
			src.Close()
			return nil, hintColumn(err, column)
		}
	}
	s.ids, s.scores = src.Texts(s.Key), src.Floats(column)
	if src.HasColumn(colTraining) {
		s.training = src.Floats(colTraining)
	}
	return s, nil
}

// Rows returns the number of rows.
func (s *ScoreStream) Rows() int { return s.src.Rows() }

// Scores returns the scores of the next n rows, where n is at most the number of rows left. Null is NaN. A stream
// of which Scores was called is of no use for Next.
func (s *ScoreStream) Scores(n int) ([]float64, error) { return s.scores.Take(n) }

// Next returns the ids and the scores of the next n rows, and which of them are training prompts; nil for none.
func (s *ScoreStream) Next(n int) (ids []string, scores []float64, training []bool, err error) {
	if ids, err = s.ids.Take(n); err != nil {
		return nil, nil, nil, err
	}
	if scores, err = s.scores.Take(n); err != nil || s.training == nil {
		return ids, scores, nil, err
	}
	flags, err := s.training.Take(n)
	if err != nil {
		return nil, nil, nil, err
	}
	training = make([]bool, n)
	for i, v := range flags {
		if v != 0 && v != 1 {
			return nil, nil, nil, fmt.Errorf("%q: column %q: found %s for id %q, expected true or false", s.src.Name(), colTraining, formatNumber(v), ids[i])
		}
		training[i] = v == 1
	}
	return ids, scores, training, nil
}

// Close closes the file.
func (s *ScoreStream) Close() error { return s.src.Close() }
