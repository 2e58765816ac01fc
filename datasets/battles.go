package datasets

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// oneHot names the columns that tables of Chatbot Arena have instead of "winner". Exactly
// one of them is 1 in each row.
var oneHot = []string{"winner_model_a", "winner_model_b", "winner_tie"}

// BattleOptions maps the columns of a table of battles to their meanings. Each of the first
// six fields is the name of a column.
type BattleOptions struct {
	ID             string // defaults to "sample_id"; a table without it gets ids such as "row/0000001"
	Prompt         string
	ModelA, ModelB string
	Winner         string // defaults to "winner"; a table without it needs winner_model_a, winner_model_b and winner_tie
	Weight         string // "" if battles have no weights

	Name, Source, Licence string // stored in the table's [Meta]
	SkipBad               bool   // leave out bad rows instead of refusing the file

	// Progress, if non-nil, is called once in a while with the per cent of a step that are done,
	// of 100; less than before means that another step has begun. Its error ends the import.
	Progress func(done, total int) error
}

// ImportBattles reads a table with one row per battle from a .csv, .jsonl (both also .gz)
// or .parquet file. If a prompt is a JSON array of strings, as conversations are stored, the
// first string is the prompt. The returned table holds the prompts' text, digests and
// features; equal prompts share a cluster.
//
// A bad row lacks a prompt or a model, names the same model twice, repeats an id, or has a
// winner other than [Winners] and "tie (bothbad)" or a weight that is not finite and above 0.
// Unless SkipBad is set, bad rows are an error that names the first one (file, row, column,
// the value found and the value expected) and lists up to ten more.
func ImportBattles(path string, opts BattleOptions) (*Table, Skipped, error) {
	var skipped Skipped
	rec, err := readWatched(path, opts.columns(), opts.Progress)
	if err == nil {
		err = opts.resolve(rec)
	}
	if err != nil {
		return nil, skipped, err
	}
	t := &Table{Meta: NewMeta()}
	t.Meta.Name, t.Meta.Title, t.Meta.Source, t.Meta.Licence = opts.Name, opts.Name, opts.Source, opts.Licence
	ids := newRowIDs(rec, opts.ID)
	for i := range rec.rows {
		b, err := opts.battle(rec, i, ids)
		if err != nil {
			skipped.add(err)
			continue
		}
		ids.use(b.id, i)
		t.addBattle(b, opts.Weight != "")
	}
	if err := skipped.err(path, rec.rows, opts.SkipBad); err != nil {
		return nil, skipped, err
	}
	if err := t.finishImport(opts.Progress); err != nil {
		return nil, skipped, err
	}
	t.setSource()
	return t, skipped, nil
}

// columns lists every column that an import may need.
func (o BattleOptions) columns() []string {
	return append([]string{colSampleID, o.ID, o.Prompt, o.ModelA, o.ModelB, colWinner, o.Winner, o.Weight}, oneHot...)
}

// resolve chooses the column of winners and checks that the table has every column that it
// needs.
func (o *BattleOptions) resolve(rec *records) error {
	if _, ok := rec.cells[colWinner]; ok && o.Winner == "" {
		o.Winner = colWinner
	}
	needed := []string{o.Prompt, o.ModelA, o.ModelB}
	for _, column := range []string{o.ID, o.Weight} {
		if column != "" {
			needed = append(needed, column)
		}
	}
	if o.Winner != "" {
		return rec.require(append(needed, o.Winner)...)
	}
	if err := rec.require(needed...); err != nil {
		return err
	}
	return hint.With(rec.require(oneHot...), fmt.Sprintf("the winner is read from a column %q or from %s", colWinner, listOf(oneHot, len(oneHot))))
}

// battle holds one checked row.
type battle struct {
	id, prompt, a, b, winner string
	weight                   float64 // 0 if battles have no weights
}

// battle reads row i. If the row is bad, the error is a badCell.
func (o BattleOptions) battle(rec *records, i int, ids *rowIDs) (b battle, err error) {
	if b.id, err = ids.at(i); err != nil {
		return b, err
	}
	if b.prompt, err = rec.promptAt(o.Prompt, i); err != nil {
		return b, err
	}
	if b.a, err = rec.nameAt(o.ModelA, i); err != nil {
		return b, err
	}
	if b.b, err = rec.nameAt(o.ModelB, i); err != nil {
		return b, err
	}
	if b.a == b.b {
		return b, badCell{i + 1, o.ModelB, quote(b.b), "a model other than the one in " + quote(o.ModelA)}
	}
	if b.winner, err = o.winner(rec, i); err != nil || o.Weight == "" {
		return b, err
	}
	b.weight, err = rec.weightAt(o.Weight, i)
	return b, err
}

func (o BattleOptions) winner(rec *records, i int) (string, error) {
	if o.Winner == "" {
		return rec.oneHotAt(i)
	}
	cell := rec.cells[o.Winner][i]
	if cell == "tie (bothbad)" {
		return "tie", nil
	}
	if expected := expectedText(colWinner, cell); expected != "" {
		return "", badCell{i + 1, o.Winner, quote(cell), expected}
	}
	return cell, nil
}

// oneHotAt returns the winner in row i, from the one-hot columns.
func (rec *records) oneHotAt(i int) (string, error) {
	winner := ""
	for _, column := range oneHot {
		cell := rec.cells[column][i]
		v, ok := parseNumber(cell)
		switch {
		case !ok || v != 0 && v != 1: // an empty cell is NaN
			return "", badCell{i + 1, column, quote(cell), "0 or 1"}
		case v == 1 && winner != "":
			return "", badCell{i + 1, column, "1, as in " + quote("winner_"+winner), "exactly one winner"}
		case v == 1:
			winner = strings.TrimPrefix(column, "winner_")
		}
	}
	if winner == "" {
		return "", badCell{i + 1, oneHot[0], "0, as in the other winner columns", "exactly one winner"}
	}
	return winner, nil
}

func (t *Table) addBattle(b battle, weighted bool) {
	t.SampleID, t.Prompt = append(t.SampleID, b.id), append(t.Prompt, b.prompt)
	t.ModelA, t.ModelB, t.Winner = append(t.ModelA, b.a), append(t.ModelB, b.b), append(t.Winner, b.winner)
	if weighted {
		t.Weight = append(t.Weight, b.weight)
	}
}

// finishImport computes the columns that follow from ids and prompts: digests, features,
// clusters and defaults.
func (t *Table) finishImport(progress watch) error {
	if err := t.fillFromPrompts(progress); err != nil {
		return err
	}
	t.shareClusters()
	t.fillGaps(t.Rows())
	return nil
}

// setSource fills the source of every battle, so that it survives when tables are merged.
func (t *Table) setSource() {
	source := t.Meta.Source
	if source == "" {
		source = t.Meta.Name
	}
	t.Source = make([]string, t.Rows())
	for i := range t.Source {
		t.Source[i] = source
	}
}
