package datasets

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Keyed holds what identifies the rows of a file of scores or decisions.
type Keyed struct {
	Path string   // path of the file, for errors
	Key  string   // name of the column that holds the ids: "sample_id", "prompt_sha256" or a usual name of ids
	IDs  []string // unique ids

	Prompts  []string  // prompt_sha256 per sample_id; nil if the file has none or is keyed by it
	Training []bool    // whether the router was trained on the prompt; nil if the file does not say
	Meta     ScoreMeta // metadata; empty unless the file is Parquet

	row map[string]int // index of each id; nil for a Keyed that was not read from a file
}

// newKeyed returns the path, the metadata and the column of ids of a table.
func newKeyed(rec *records) Keyed {
	k := Keyed{Path: rec.path, Key: colSampleID, Meta: rec.meta}
	if !slices.Contains(rec.columns, colSampleID) && slices.Contains(rec.columns, colSHA256) {
		k.Key = colSHA256
	}
	return k
}

// addExtras reads the optional columns.
func (k *Keyed) addExtras(rec *records) error {
	if k.Key != colSHA256 {
		k.Prompts = rec.cells[colSHA256]
	}
	for i, v := range k.Prompts {
		if expected := expectedText(colSHA256, v); expected != "" {
			return cellError(k.Path, i+1, colSHA256, quote(v), expected)
		}
	}
	flags, err := k.parse(rec.cells[colTraining], colTraining, "true or false", parseFlag)
	for _, v := range flags {
		k.Training = append(k.Training, v == 1)
	}
	return err
}

func parseFlag(text string) (float64, bool) {
	v, ok := parseNumber(text)
	return v, ok && (v == 0 || v == 1)
}

// parse converts the cells of a column to numbers. A cell that parse refuses is an error.
func (k *Keyed) parse(cells []string, column, expected string, parse func(string) (float64, bool)) ([]float64, error) {
	var wrong firstThree
	values := make([]float64, len(cells))
	for i, text := range cells {
		v, ok := parse(text)
		if !ok {
			wrong.add(fmt.Sprintf("row %d (%q: %s)", i+1, k.IDs[i], quote(text)))
		}
		values[i] = v
	}
	if wrong.n == 0 {
		return values, nil
	}
	return nil, fmt.Errorf("%q: column %q: expected %s in every row; missing or invalid in %s", k.Path, column, expected, wrong)
}

// checkIDs returns an error if an id is missing, malformed or repeated.
func (k *Keyed) checkIDs() error {
	var repeated firstThree
	k.row = make(map[string]int, len(k.IDs))
	kind := colSampleID
	if k.ByDigest() {
		kind = colSHA256
	}
	for i, id := range k.IDs {
		if expected := expectedText(kind, id); expected != "" {
			return cellError(k.Path, i+1, k.Key, quote(id), expected)
		}
		if _, again := k.row[id]; again {
			repeated.add(fmt.Sprintf("%q (row %d)", id, i+1))
		}
		k.row[id] = i
	}
	if repeated.n == 0 {
		return nil
	}
	return hint.With(fmt.Errorf("%q: column %q: repeated ids: %s", k.Path, k.Key, repeated), "write one row per sample")
}

// Find returns the row of each key, counted from 0, in the order of keys. Keys are sample ids, or
// prompt digests if [Keyed.ByDigest]. Keys without a row are an error that names the first three.
func (k *Keyed) Find(keys []string) ([]int, error) {
	row := k.row
	if row == nil {
		row = indexOf(k.IDs)
	}
	out := make([]int, len(keys))
	var missing firstThree
	for i, key := range keys {
		at, ok := row[key]
		if !ok {
			missing.add(fmt.Sprintf("%q", key))
		}
		out[i] = at
	}
	if missing.n > 0 {
		return nil, hint.With(fmt.Errorf("%q: %d of %s %s no score: %s", k.Path, missing.n, text.Plural(len(keys), "sample"), text.Agree(missing.n, "has", "have"), missing),
			"score every sample of the benchmark")
	}
	return out, nil
}

func indexOf(ids []string) map[string]int {
	row := make(map[string]int, len(ids))
	for i, id := range ids {
		row[id] = i
	}
	return row
}

// ByDigest reports whether the scores are keyed by prompt_sha256. One score then holds for every
// sample with that prompt.
func (k *Keyed) ByDigest() bool { return k.Key == colSHA256 }

// CheckPrompts returns an error if the prompts have changed since they were scored. prompt
// returns the prompt_sha256 that belongs to a sample id now, or "" if it is not known.
func (k *Keyed) CheckPrompts(prompt func(id string) string) error {
	if k.ByDigest() || k.Prompts == nil && k.Meta.PromptsSHA256 == "" {
		return nil
	}
	now := make([]string, len(k.IDs))
	var changed firstThree
	for i, id := range k.IDs {
		if now[i] = prompt(id); now[i] == "" {
			return nil
		}
		if k.Prompts != nil && k.Prompts[i] != now[i] {
			changed.add(fmt.Sprintf("%q", id))
		}
	}
	advice := "score the data set again"
	switch {
	case changed.n > 0:
		return hint.With(fmt.Errorf("%q: column %q: the prompts of these samples have changed since they were scored: %s", k.Path, colSHA256, changed), advice)
	case k.Prompts == nil && PromptsDigest(now) != k.Meta.PromptsSHA256:
		return hint.With(fmt.Errorf("%q: the prompts of the data set have changed since they were scored", k.Path), advice)
	}
	return nil
}

// CheckKnown returns an error if a score has a key that is not in all, the keys of every sample.
// The error names the first three.
func (k *Keyed) CheckKnown(all []string) error {
	known := make(map[string]struct{}, len(all))
	for _, key := range all {
		known[key] = struct{}{}
	}
	var unknown firstThree
	for _, id := range k.IDs {
		if _, ok := known[id]; !ok {
			unknown.add(fmt.Sprintf("%q", id))
		}
	}
	if unknown.n == 0 {
		return nil
	}
	advice := "check that the file belongs to this benchmark"
	if slices.ContainsFunc(all, isDigest) != k.ByDigest() {
		advice = fmt.Sprintf("the file identifies samples by %q, but the benchmark is matched by another key", k.Key)
	}
	return hint.With(fmt.Errorf("%q: column %q: not in the benchmark: %s", k.Path, k.Key, unknown), advice)
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
