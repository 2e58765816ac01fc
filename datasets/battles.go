package datasets

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// Columns that Chatbot Arena's tables have instead of winner: one of them is 1 in each row.
var oneHot = []string{"winner_model_a", "winner_model_b", "winner_tie"}

// BattleOptions say which columns of a table of battles mean what. Columns are named as in the table.
type BattleOptions struct {
	ID             string // "": "sample_id" where the table has it, else ids are made up as "row/0000001"
	Prompt         string
	ModelA, ModelB string
	Winner         string // "": "winner" where the table has it, else winner_model_a, winner_model_b and winner_tie
	Weight         string // "": battles have no weights

	Name, Source, Licence string
	SkipBad               bool // leave bad rows out instead of refusing the file
}

// ImportBattles reads a table with a row a battle from .csv, .jsonl (both also .gz) or .parquet. A prompt that is a JSON array
// of strings, as conversations are stored, stands for the first of them. Bad rows have no prompt or no model's name, the same
// model twice, a winner that is none of [Winners] or "tie (bothbad)", a weight that is not finite and above 0, or a repeated
// id: the error names the first (file, row, column, what was found and expected) and lists up to ten more. Same prompts share a
// cluster. The text is in the table, besides its digests and features.
func ImportBattles(path string, opts BattleOptions) (*Table, Skipped, error) {
	var skipped Skipped
	rec, err := readRecords(path, opts.columns())
	if err == nil {
		err = opts.complete(rec)
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
	t.finishImport()
	t.setSource()
	return t, skipped, nil
}

// columns lists all that may be read.
func (o BattleOptions) columns() []string {
	return append([]string{colSampleID, o.ID, o.Prompt, o.ModelA, o.ModelB, colWinner, o.Winner, o.Weight}, oneHot...)
}

// complete chooses where the winner is and checks that the columns are there.
func (o *BattleOptions) complete(rec *records) error {
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
	return hint.With(rec.require(oneHot...), fmt.Sprintf("who won is in a column %q, or in %s", colWinner, listOf(oneHot, len(oneHot))))
}

// battle is one row.
type battle struct {
	id, prompt, a, b, winner string
	weight                   float64
}

// battle checks row i and returns a wrongCell if it is bad.
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
		return b, wrongCell{i + 1, o.ModelB, shown(b.b), "another model than in " + shown(o.ModelA)}
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
	if expected := wrongText(colWinner, cell); expected != "" {
		return "", wrongCell{i + 1, o.Winner, shown(cell), expected}
	}
	return cell, nil
}

// oneHotAt returns which of the one-hot columns is 1 in row i.
func (rec *records) oneHotAt(i int) (string, error) {
	winner := ""
	for _, column := range oneHot {
		cell := rec.cells[column][i]
		v, ok := parseNumber(cell)
		switch {
		case !ok || v != 0 && v != 1: // NaN too, an empty cell
			return "", wrongCell{i + 1, column, shown(cell), "0 or 1"}
		case v == 1 && winner != "":
			return "", wrongCell{i + 1, column, "1 as in " + shown("winner_"+winner), "one winner"}
		case v == 1:
			winner = strings.TrimPrefix(column, "winner_")
		}
	}
	if winner == "" {
		return "", wrongCell{i + 1, oneHot[0], "0 as in the other winner columns", "one winner"}
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

// finishImport computes what follows from ids and prompts.
func (t *Table) finishImport() {
	t.FillFromPrompts()
	t.shareClusters()
	t.fillGaps(t.Rows())
}

// setSource says of every battle where it comes from, so that tables put together still tell.
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
