package datasets

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/values"
)

// oneHot names the columns that tables of Chatbot Arena have instead of "winner". Exactly
// one of them is 1 in each row.
var oneHot = []string{"winner_model_a", "winner_model_b", "winner_tie"}

// BattleOptions maps the columns of a table of battles to their meanings. A column that is ""
// is looked for under its usual names.
type BattleOptions struct {
	ID             string // a table without ids gets ones such as "row/0000001"
	Prompt         string
	ModelA, ModelB string
	Winner         string // a table without it needs winner_model_a, winner_model_b and winner_tie
	Share          string // share of the battle that the first model won; without a column of winners, the larger share wins
	Weight         string // "" if battles have no weights

	Null []string        // more texts that mean that there is no winner
	Text prompttext.Mode // "" is the first turn of a conversation
	Rows rows.Options

	Name, Source, Licence string // stored in the table's [Meta]
	SkipBad               bool   // leave out bad rows instead of refusing the file
}

// ImportBattles reads tables with one row per battle in any format. If a prompt is a
// conversation, its first turn is the prompt. The returned table holds the prompts' text, digests
// and features; equal prompts share a cluster.
//
// A winner is one of [Winners], or written in another usual way: both-bad is a tie, and of numbers,
// 1 stands for the first model, 2 for the second, 1.5 and 0 for a tie, and what is between 1 and 2
// for the side that it is nearer to, with its distance from the tie as weight. Rows without a
// winner, such as errors, are left out and counted by kind.
//
// A bad row lacks a prompt or a model, names the same model twice, repeats an id, or has an unknown
// winner or a weight that is not finite and above 0. Unless SkipBad is set, bad rows are an error
// that names the first one (file, row, column, the value found and the value expected) and lists
// up to ten more.
func ImportBattles(ctx context.Context, paths []string, opts BattleOptions) (*Table, Skipped, error) {
	if opts.Text == "" {
		opts.Text = prompttext.First
	}
	in := &battleReader{BattleOptions: opts, table: &Table{Meta: NewMeta(), HasPrompt: true}}
	in.importer.Text = opts.Text
	in.table.Meta.Name, in.table.Meta.Title, in.table.Meta.Source, in.table.Meta.Licence = opts.Name, opts.Name, opts.Source, opts.Licence
	for _, path := range paths {
		if err := in.readFile(ctx, path); err != nil {
			return nil, in.skipped, err
		}
	}
	t, err := in.finish(strings.Join(paths, ", "))
	return t, in.skipped, err
}

// battleReader reads battles into a table.
type battleReader struct {
	BattleOptions
	importer importer // reads prompts
	table    *Table
	at       columnIndex
	columns  battleColumns
	winners  *values.Winners
	soft     values.Preferences
	weighted bool // whether a battle has another weight than 1

	rows    int
	seen    idSet
	seenAt  places
	skipped Skipped
	first   error
}

// battleColumns names the columns of one file.
type battleColumns struct{ id, prompt, a, b, winner, share, weight string }

func (in *battleReader) readFile(ctx context.Context, path string) error {
	table, err := rows.Open(ctx, path, in.Rows)
	if err != nil {
		return err
	}
	defer table.Close()
	parser := values.Parser{Null: in.Null, Decimal: table.About().Decimal}
	s, err := takeSample(ctx, table, parser)
	if err != nil {
		return err
	}
	if err := in.resolve(path, table.Columns(), s); err != nil {
		return err
	}
	in.winners, in.soft.Parser = &values.Winners{Parser: parser}, parser
	if err := table.Scan(ctx, in.at.want, in.visit); err != nil {
		return err
	}
	return fileError(path, in.winners.Err())
}

// resolve finds the columns of a file.
func (in *battleReader) resolve(path string, columns []string, s sample) error {
	r := &resolver{path: path, columns: columns, sample: s, taken: map[string]bool{}}
	in.columns = battleColumns{
		id:     r.pick("id", in.ID, usualBattleIDs, func(c string) bool { return s.hasValues(c) && s.isUnique(c) }),
		prompt: r.pick("prompt", in.Prompt, usualPrompts, s.hasText), a: r.pick("", in.ModelA, usualFirst, s.hasValues),
		b: r.pick("", in.ModelB, usualSecond, s.hasValues), winner: r.pick("", in.Winner, usualWinners, s.hasValues), weight: in.Weight,
		share: r.pick("", in.Share, []string{colShare}, s.hasNumbers),
	}
	c := in.columns
	needed := []string{cmp.Or(c.prompt, colPrompt), cmp.Or(c.a, colModelA), cmp.Or(c.b, colModelB)}
	for _, name := range []string{c.id, c.winner, c.share, c.weight} {
		if name != "" {
			needed = append(needed, name)
		}
	}
	in.at = columnIndex{}
	for _, name := range needed {
		if err := r.require(name); err != nil {
			return err
		}
		in.at.add(name)
	}
	if err := r.checkPrompts(c.prompt); err != nil || c.winner != "" || c.share != "" {
		return err
	}
	for _, name := range oneHot {
		if err := r.require(name); err != nil {
			return hint.With(err, fmt.Sprintf("the winner is read from a column %q or from %s", colWinner, text.Quoted(oneHot, len(oneHot))))
		}
		in.at.add(name)
	}
	return nil
}

// battle holds one checked row.
type battle struct {
	id, prompt, a, b, winner string
	share, weight            float64
	without                  string // kind of row without a winner; "" if there is one
}

// visit reads a row.
func (in *battleReader) visit(r rows.Row) error {
	in.rows++
	b, err := in.battle(r)
	kinds := []string{kind(colWinner, quote(b.winner))}
	switch {
	case err != nil:
		if in.first == nil {
			in.first = err
		}
		if b.winner == "" {
			kinds = nil
		}
		in.skipped.add(err, kinds...)
	case b.without != "":
		in.skipped.undecide(b.without)
	default:
		in.skipped.good(kinds...)
		in.add(b)
	}
	return nil
}

// battle reads a row. If the row is bad, the error is a badCell, and the winner is set if it is
// known.
func (in *battleReader) battle(r rows.Row) (b battle, err error) {
	c := in.columns
	b.weight = 1
	if err = in.readWinner(&b, r); err != nil || b.without != "" {
		return b, err
	}
	if err = in.readShare(&b, r); err != nil {
		return b, err
	}
	if b.prompt, err = in.prompt(r); err != nil {
		return b, err
	}
	if b.a, err = modelIn(c.a, r.Number, in.at.cell(r, c.a)); err != nil {
		return b, err
	}
	if b.b, err = modelIn(c.b, r.Number, in.at.cell(r, c.b)); err != nil {
		return b, err
	}
	if b.a == b.b {
		return b, badCell{r.Number, c.b, quote(b.b), "a model other than the one in " + quote(c.a)}
	}
	if err = in.readWeight(&b, r); err != nil {
		return b, err
	}
	b.id, err = in.idOf(r)
	return b, err
}

func (in *battleReader) prompt(r rows.Row) (string, error) {
	column := in.columns.prompt
	cell := in.at.cell(r, column)
	prompt, err := in.importer.promptOf(column, r.Number, cell)
	if err == nil && strings.TrimSpace(prompt) == "" {
		err = badCell{r.Number, column, quote(textOf(cell)), "a prompt"}
	}
	return prompt, err
}

func (in *battleReader) idOf(r rows.Row) (string, error) {
	column := in.columns.id
	if column == "" {
		return rowID(in.rows - 1), nil
	}
	id, err := nameIn(column, r.Number, in.at.cell(r, column))
	switch {
	case err != nil:
		return "", err
	case id == "":
		return "", badCell{r.Number, column, quote(textOf(in.at.cell(r, column))), "a unique id"}
	}
	if first, row := in.seen.add(id); first != row {
		return "", badCell{r.Number, column, fmt.Sprintf("%s, already in %s", quote(id), in.seenAt.where(uint32(first), r.File)), "a unique id"}
	}
	in.seenAt.add(r.File, r.Number)
	return id, nil
}

func (in *battleReader) readWeight(b *battle, r rows.Row) error {
	column := in.columns.weight
	if column == "" {
		return nil
	}
	in.weighted = true
	cell := in.at.cell(r, column)
	v, kind := in.soft.Parser.Read(cell.Text)
	if kind != values.Number || !(v > 0) {
		return badCell{r.Number, column, quote(textOf(cell)), "a finite number above 0"}
	}
	b.weight = v
	return nil
}

// readWinner reads the winner of a row.
func (in *battleReader) readWinner(b *battle, r rows.Row) (err error) {
	column := in.columns.winner
	switch {
	case column == "" && in.columns.share != "":
		return nil // see readShare
	case column == "":
		b.winner, err = in.oneHotAt(r)
		return err
	}
	cell := in.at.cell(r, column)
	var ok bool
	if b.winner, b.without, ok = in.winners.Add(cell.Text); ok && cell.Kind != rows.JSON {
		return nil
	}
	second, ok := in.soft.Add(cell.Text)
	if !ok || math.IsNaN(second) || cell.Kind == rows.JSON {
		return badCell{r.Number, column, quote(textOf(cell)), "one of " + strings.Join(Winners(), ", ")}
	}
	b.winner, b.weight, in.weighted = "model_b", 2*second-1, true
	if second < 0.5 {
		b.winner, b.weight = "model_a", 1-2*second
	}
	return nil
}

// readShare reads the share that the first model won, and the winner from it if no column has it.
func (in *battleReader) readShare(b *battle, r rows.Row) error {
	column := in.columns.share
	if column == "" {
		return nil
	}
	cell := in.at.cell(r, column)
	v, kind := in.soft.Parser.Read(cell.Text)
	if kind != values.Number || !(v >= 0 && v <= 1) {
		return badCell{r.Number, column, quote(textOf(cell)), "a share from 0 to 1"}
	}
	b.share = v
	if in.columns.winner == "" {
		b.winner = winnerOf(v - 0.5)
	}
	return nil
}

// winnerOf returns the winner of a battle in which model a is better by so much.
func winnerOf(gap float64) string {
	switch {
	case gap > 0:
		return "model_a"
	case gap < 0:
		return "model_b"
	}
	return "tie"
}

// oneHotAt returns the winner in a row, from the one-hot columns.
func (in *battleReader) oneHotAt(r rows.Row) (string, error) {
	winner := ""
	for _, column := range oneHot {
		cell := in.at.cell(r, column)
		v, kind := in.soft.Parser.Read(cell.Text)
		switch {
		case kind != values.Number && kind != values.Bool || v != 0 && v != 1:
			return "", badCell{r.Number, column, quote(textOf(cell)), "0 or 1"}
		case v == 1 && winner != "":
			return "", badCell{r.Number, column, "1, as in " + quote("winner_"+winner), "exactly one winner"}
		case v == 1:
			winner = strings.TrimPrefix(column, "winner_")
		}
	}
	if winner == "" {
		return "", badCell{r.Number, oneHot[0], "0, as in the other winner columns", "exactly one winner"}
	}
	return winner, nil
}

func (in *battleReader) add(b battle) {
	t := in.table
	t.SampleID, t.Prompt = append(t.SampleID, strings.Clone(b.id)), append(t.Prompt, strings.Clone(b.prompt))
	t.ModelA, t.ModelB, t.Winner = append(t.ModelA, strings.Clone(b.a)), append(t.ModelB, strings.Clone(b.b)), append(t.Winner, b.winner)
	t.Weight = append(t.Weight, b.weight)
	if in.columns.share != "" {
		t.Share = append(t.Share, b.share)
	}
}

// finish checks what was read and completes the table.
func (in *battleReader) finish(path string) (*Table, error) {
	t := in.table
	if err := in.skipped.err(path, in.rows, in.SkipBad); err != nil {
		return nil, err
	}
	if t.Rows() == 0 {
		return nil, hint.With(fmt.Errorf("%q: no battles with a winner, expected at least one", path), "check the filter or export that wrote the file")
	}
	if !in.weighted {
		t.Weight = nil
	}
	if n := len(t.Share); n > 0 && n < t.Rows() {
		return nil, fmt.Errorf("%q: %s of %d have a column %q, expected all or none of the files to have it", path, text.Plural(n, "battle"), t.Rows(), colShare)
	}
	t.FillFromPrompts()
	t.shareClusters()
	t.fillGaps(t.Rows())
	t.setSource()
	return t, nil
}

// setSource fills the source of every battle, so that it survives when tables are merged.
func (t *Table) setSource() {
	source := t.Meta.Source
	if source == "" {
		source = t.Meta.Name
	}
	t.Source = slices.Repeat([]string{source}, t.Rows())
}
