package datasets

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

const colScore, colDecision, colTraining = "score", "decision", "training"

// Scores holds a router's scores per sample or per prompt, as read from a file by [ReadScores]
// or [ReadDecisions]. [Scores.Lookup] puts them into the order of a data set.
type Scores struct {
	Path   string    // path of the file, for errors
	Key    string    // name of the column that holds the ids: "sample_id", "prompt_sha256" or a usual name of ids
	IDs    []string  // unique ids, one per score
	Values []float64 // finite scores, one per id; decisions are 1 for strong and 0 for weak
	// Names holds the decisions of a file that names models in place of strong and weak; nil
	// otherwise. Values are NaN there until [Scores.ForPair] is called.
	Names []string

	Prompts  []string  // prompt_sha256 per sample_id; nil if the file has none or is keyed by it
	Training []bool    // whether the router was trained on the prompt; nil if the file does not say
	Meta     ScoreMeta // metadata; empty unless the file is Parquet
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
	rec, err := readRecords(path, keyedColumns(colScore))
	return keyedScores(rec, err, "", colScore, "a finite number", parseScore)
}

// ReadScoreBytes reads a Parquet file of scores held in memory. Errors use name in place of a
// path.
func ReadScoreBytes(name string, data []byte) (*Scores, error) {
	rec := &records{path: name, cells: map[string][]string{}}
	src, err := parquetfile.New(name, bytes.NewReader(data), int64(len(data)))
	if err == nil {
		err = rec.readSource(src, keyedColumns(colScore))
	}
	return keyedScores(rec, err, "", colScore, "a finite number", parseScore)
}

// ReadDecisions reads a file of decisions. It works like [ReadScores], but reads the column
// decision instead of score. Its cells are "strong" or "weak", or all of them names of models.
func ReadDecisions(path string) (*Scores, error) {
	rec, err := readRecords(path, keyedColumns(colDecision))
	isSide := func(text string) bool { _, ok := parseDecision(text); return ok }
	if err != nil || rec.cells[colDecision] == nil || slices.ContainsFunc(rec.cells[colDecision], isSide) {
		return keyedScores(rec, err, "", colDecision, `"strong" or "weak"`, parseDecision)
	}
	s, err := keyedScores(rec, err, "", colDecision, "the name of a model", parseName)
	if err == nil {
		s.Names = rec.cells[colDecision]
	}
	return s, err
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

// keyedScores turns a table into scores. key names the column of ids; "" stands for sample_id, or
// else prompt_sha256.
func keyedScores(rec *records, err error, key, column, expected string, parse func(string) (float64, bool)) (*Scores, error) {
	if err != nil {
		return nil, err
	}
	s := &Scores{Path: rec.path, Key: colSampleID, Meta: rec.meta}
	switch {
	case key != "":
		s.Key = key
	case !slices.Contains(rec.columns, colSampleID) && slices.Contains(rec.columns, colSHA256):
		s.Key = colSHA256
	}
	if err := rec.require(s.Key, column); err != nil {
		if key == "" {
			err = hint.With(err, fmt.Sprintf("expected a column %q or %q, and a column %q", colSampleID, colSHA256, column))
		}
		return nil, hintColumn(err, column)
	}
	s.IDs = rec.cells[s.Key]
	if err := s.checkIDs(); err != nil {
		return nil, err
	}
	if s.Values, err = s.parse(rec.cells[column], column, expected, parse); err != nil {
		return nil, hint.With(err, fmt.Sprintf("give these samples a %s, or remove their rows", column))
	}
	return s, s.addExtras(rec)
}

// addExtras reads the optional columns.
func (s *Scores) addExtras(rec *records) error {
	if s.Key != colSHA256 {
		s.Prompts = rec.cells[colSHA256]
	}
	for i, v := range s.Prompts {
		if expected := expectedText(colSHA256, v); expected != "" {
			return cellError(s.Path, i+1, colSHA256, quote(v), expected)
		}
	}
	flags, err := s.parse(rec.cells[colTraining], colTraining, "true or false", parseFlag)
	for _, v := range flags {
		s.Training = append(s.Training, v == 1)
	}
	return err
}

func parseFlag(text string) (float64, bool) {
	v, ok := parseNumber(text)
	return v, ok && (v == 0 || v == 1)
}

// parse converts the cells of a column to numbers. A cell that parse refuses is an error.
func (s *Scores) parse(cells []string, column, expected string, parse func(string) (float64, bool)) ([]float64, error) {
	var wrong firstThree
	values := make([]float64, len(cells))
	for i, text := range cells {
		v, ok := parse(text)
		if !ok {
			wrong.add(fmt.Sprintf("row %d (%q: %s)", i+1, s.IDs[i], quote(text)))
		}
		values[i] = v
	}
	if wrong.n == 0 {
		return values, nil
	}
	return nil, fmt.Errorf("%q: column %q: expected %s in every row; missing or invalid in %s", s.Path, column, expected, wrong)
}

// checkIDs returns an error if an id is missing, malformed or repeated.
func (s *Scores) checkIDs() error {
	var repeated firstThree
	seen := make(map[string]struct{}, len(s.IDs))
	kind := colSampleID
	if s.ByDigest() {
		kind = colSHA256
	}
	for i, id := range s.IDs {
		if expected := expectedText(kind, id); expected != "" {
			return cellError(s.Path, i+1, s.Key, quote(id), expected)
		}
		if _, again := seen[id]; again {
			repeated.add(fmt.Sprintf("%q (row %d)", id, i+1))
		}
		seen[id] = struct{}{}
	}
	if repeated.n == 0 {
		return nil
	}
	return hint.With(fmt.Errorf("%q: column %q: repeated ids: %s", s.Path, s.Key, repeated), "write one row per sample")
}

// firstThree counts things and remembers the first three.
type firstThree struct {
	n     int
	first []string
}

func (s *firstThree) add(what string) {
	if s.n++; s.n <= 3 {
		s.first = append(s.first, what)
	}
}

func (s firstThree) String() string {
	text := strings.Join(s.first, ", ")
	if s.n > 3 {
		text += fmt.Sprintf(" and %d more", s.n-3)
	}
	return text
}

// ByDigest reports whether the scores are keyed by prompt_sha256. One score then holds for every
// sample with that prompt.
func (s *Scores) ByDigest() bool { return s.Key == colSHA256 }

// Lookup returns the score of each key, in the order of keys. Keys are sample ids, or prompt
// digests if [Scores.ByDigest]. Keys without a score are an error that names the first three.
func (s *Scores) Lookup(keys []string) ([]float64, error) {
	byKey := make(map[string]float64, len(s.IDs))
	for i, id := range s.IDs {
		byKey[id] = s.Values[i]
	}
	out := make([]float64, len(keys))
	var missing firstThree
	for i, key := range keys {
		v, ok := byKey[key]
		if !ok {
			missing.add(fmt.Sprintf("%q", key))
		}
		out[i] = v
	}
	if missing.n > 0 {
		return nil, hint.With(fmt.Errorf("%q: %d of %s %s no score: %s", s.Path, missing.n, text.Plural(len(keys), "sample"), text.Agree(missing.n, "has", "have"), missing),
			"score every sample of the benchmark")
	}
	return out, nil
}

// CheckPrompts returns an error if the prompts have changed since they were scored. prompt
// returns the prompt_sha256 that belongs to a sample id now, or "" if it is not known.
func (s *Scores) CheckPrompts(prompt func(id string) string) error {
	if s.ByDigest() || s.Prompts == nil && s.Meta.PromptsSHA256 == "" {
		return nil
	}
	now := make([]string, len(s.IDs))
	var changed firstThree
	for i, id := range s.IDs {
		if now[i] = prompt(id); now[i] == "" {
			return nil
		}
		if s.Prompts != nil && s.Prompts[i] != now[i] {
			changed.add(fmt.Sprintf("%q", id))
		}
	}
	advice := "score the data set again"
	switch {
	case changed.n > 0:
		return hint.With(fmt.Errorf("%q: column %q: the prompts of these samples have changed since they were scored: %s", s.Path, colSHA256, changed), advice)
	case s.Prompts == nil && PromptsDigest(now) != s.Meta.PromptsSHA256:
		return hint.With(fmt.Errorf("%q: the prompts of the data set have changed since they were scored", s.Path), advice)
	}
	return nil
}

// CheckKnown returns an error if a score has a key that is not in all, the keys of every sample.
// The error names the first three.
func (s *Scores) CheckKnown(all []string) error {
	known := make(map[string]struct{}, len(all))
	for _, key := range all {
		known[key] = struct{}{}
	}
	var unknown firstThree
	for _, id := range s.IDs {
		if _, ok := known[id]; !ok {
			unknown.add(fmt.Sprintf("%q", id))
		}
	}
	if unknown.n == 0 {
		return nil
	}
	advice := "check that the file belongs to this benchmark"
	if slices.ContainsFunc(all, isDigest) != s.ByDigest() {
		advice = fmt.Sprintf("the file identifies samples by %q, but the benchmark is matched by another key", s.Key)
	}
	return hint.With(fmt.Errorf("%q: column %q: not in the benchmark: %s", s.Path, s.Key, unknown), advice)
}
