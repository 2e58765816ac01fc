package datasets

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/idset"
	"github.com/routellm/routellm/internal/text"
)

// Keyed holds what identifies the rows of a file of scores or decisions.
type Keyed struct {
	Path string // path of the file, for errors
	Key  string // name of the column that holds the ids: "sample_id", "prompt_sha256" or a usual name of ids

	Prompts  []string  // prompt_sha256 per sample_id; nil if the file has none or is keyed by it
	Training []bool    // whether the router was trained on the prompt; nil if the file does not say
	Meta     ScoreMeta // metadata; empty unless the file is Parquet

	ids      *idset.Set // unique ids, in the order of the rows
	repeated firstThree // ids that were read before
	wrong    error      // what is wrong with the first id that cannot be used
	read     int        // number of ids that were read
}

// Rows returns the number of rows, each with its own id.
func (k *Keyed) Rows() int { return k.ids.Len() }

// ID returns the id of a row, counted from 0.
func (k *Keyed) ID(row int) string { return k.ids.At(row) }

// Row returns the row of an id, or false if there is none.
func (k *Keyed) Row(id string) (row int, ok bool) { return k.ids.Find(id) }

// IDs returns the ids of all rows.
func (k *Keyed) IDs() []string {
	out := make([]string, k.Rows())
	for i := range out {
		out[i] = k.ID(i)
	}
	return out
}

// newKeyed returns the path, the metadata and the column of ids of a table.
func newKeyed(rec *records) Keyed {
	k := Keyed{Path: rec.path, Key: colSampleID, Meta: rec.meta, ids: new(idset.Set)}
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
			wrong.add(k.cell(i, text))
		}
		values[i] = v
	}
	if err := k.wrongCells(column, expected, wrong); err != nil {
		return nil, err
	}
	return values, nil
}

// cell names the cell of a row, counted from 0, in an error.
func (k *Keyed) cell(row int, text string) string {
	id := ""
	if row < k.Rows() { // else the file has no usable ids, which is another error
		id = k.ID(row)
	}
	return fmt.Sprintf("row %d (%q: %s)", row+1, id, quote(text))
}

// wrongCells returns the error about cells of a column; nil if there are none.
func (k *Keyed) wrongCells(column, expected string, wrong firstThree) error {
	if wrong.n == 0 {
		return nil
	}
	return fmt.Errorf("%q: column %q: expected %s in every row; missing or invalid in %s", k.Path, column, expected, wrong)
}

// addID adds the id of the next row. It returns the row with that id.
func (k *Keyed) addID(id string) int {
	k.read++
	kind := colSampleID
	if k.ByDigest() {
		kind = colSHA256
	}
	expected := expectedText(kind, id)
	if len(id) > idset.MaxText {
		expected = fmt.Sprintf("a unique id of at most %s", text.Plural(idset.MaxText, "byte"))
	}
	if expected != "" {
		if k.wrong == nil {
			k.wrong = cellError(k.Path, k.read, k.Key, quote(id), expected)
		}
		return -1
	}
	row, added := k.ids.Add(id)
	if !added {
		k.repeated.add(fmt.Sprintf("%q (row %d)", id, k.read))
	}
	return row
}

// checkIDs returns an error if an id was missing, malformed or repeated.
func (k *Keyed) checkIDs() error {
	if k.wrong != nil || k.repeated.n == 0 {
		return k.wrong
	}
	return hint.With(fmt.Errorf("%q: column %q: repeated ids: %s", k.Path, k.Key, k.repeated), "write one row per sample")
}

// Find returns the row of each key, counted from 0, in the order of keys. Keys are sample ids, or
// prompt digests if [Keyed.ByDigest]. Keys without a row are an error that names the first three.
func (k *Keyed) Find(keys []string) ([]int, error) {
	out := make([]int, len(keys))
	var missing firstThree
	for i, key := range keys {
		at, ok := k.Row(key)
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

// ByDigest reports whether the scores are keyed by prompt_sha256. One score then holds for every
// sample with that prompt.
func (k *Keyed) ByDigest() bool { return k.Key == colSHA256 }

// checksPrompts reports whether the file says which prompts were scored, besides by its ids.
func (k *Keyed) checksPrompts() bool {
	return !k.ByDigest() && (k.Prompts != nil || k.Meta.PromptsSHA256 != "")
}

// CheckPrompts returns an error if the prompts have changed since they were scored. now holds the
// prompt_sha256 of each row's sample, "" if it is not known.
func (k *Keyed) CheckPrompts(now []string) error {
	if !k.checksPrompts() {
		return nil
	}
	var changed firstThree
	for i := range now {
		if now[i] == "" {
			return nil
		}
		if k.Prompts != nil && k.Prompts[i] != now[i] {
			changed.add(fmt.Sprintf("%q", k.ID(i)))
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

// Check returns an error if a row has a key that is not among those of the samples, or if the sample's
// prompt has changed since it was scored. samples yields the id and the prompt_sha256 of every sample. The
// error names the first three.
func (k *Keyed) Check(samples iter.Seq2[string, string]) error {
	known, digests := make([]bool, k.Rows()), false // digests: whether some key is one
	var now []string
	if k.checksPrompts() {
		now = make([]string, k.Rows())
	}
	for id, prompt := range samples {
		key := id
		if k.ByDigest() {
			key = prompt
		}
		digests = digests || isDigest(key)
		row, ok := k.Row(key)
		if ok {
			known[row] = true
		}
		if ok && now != nil {
			now[row] = prompt
		}
	}
	if err := k.unknown(known, digests); err != nil {
		return err
	}
	return k.CheckPrompts(now)
}

// unknown returns the error about the rows that are not known. digests says whether the samples are matched
// by digests.
func (k *Keyed) unknown(known []bool, digests bool) error {
	var unknown firstThree
	for i, ok := range known {
		if !ok {
			unknown.add(fmt.Sprintf("%q", k.ID(i)))
		}
	}
	if unknown.n == 0 {
		return nil
	}
	advice := "check that the file belongs to this benchmark"
	if digests != k.ByDigest() {
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
