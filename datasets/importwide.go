package datasets

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// wideReader turns rows into batches of samples.
type wideReader struct {
	*importer
	*importFile
	at    columnIndex
	sink  func(*Table) error
	batch *Table

	answered []int            // samples with a quality, by model
	samples  int              // samples so far
	seen     idSet            // ids
	seenAt   places           // rows of the ids
	clusters map[uint64]int32 // first sample with a prompt, by the beginning of its digest
	past     []idTexts        // ids of the batches before this one
}

// columnIndex lists the columns to read, and where the cells of each are.
type columnIndex struct {
	want []string
	at   map[string]int
}

func (c *columnIndex) add(column string) {
	if _, known := c.at[column]; column == "" || known {
		return
	}
	if c.at == nil {
		c.at = map[string]int{}
	}
	c.at[column] = len(c.want)
	c.want = append(c.want, column)
}

// cell returns the cell of a column, and a missing one for the column "".
func (c *columnIndex) cell(r rows.Row, column string) rows.Cell {
	if k, ok := c.at[column]; ok {
		return r.Cells[k]
	}
	return rows.Cell{}
}

// columnsOf lists the columns that a layout reads.
func columnsOf(l *layout) columnIndex {
	var c columnIndex
	for _, name := range []string{l.id, l.prompt, l.task, l.cluster, l.weight, l.nested, l.model, l.failed} {
		c.add(name)
	}
	if l.nested == "" {
		for _, name := range l.fields.columns {
			c.add(name)
		}
	}
	for _, m := range l.models {
		for _, name := range m.columns {
			c.add(name)
		}
	}
	return c
}

// readWide reads files in which every row is a sample.
func (in *importer) readWide(ctx context.Context, sink func(*Table) error) error {
	w := &wideReader{
		importer: in, sink: sink, answered: make([]int, len(in.files[0].models)),
		clusters: map[uint64]int32{},
	}
	for i := range in.files {
		w.importFile = &in.files[i]
		w.at = columnsOf(&w.layout)
		if err := w.table.Scan(ctx, w.at.want, w.visit); err != nil {
			return err
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	w.checkRepeats()
	return in.finish(w.coverage())
}

// checkRepeats warns if prompts repeat as in a long table, whose column of models was not found.
func (w *wideReader) checkRepeats() {
	if n := len(w.clusters); n > 0 && 2*n <= w.samples && w.samples > 2 {
		w.reading.Warnings = append(w.reading.Warnings, fmt.Sprintf("%s hold only %s: if a row is one model's answer, --model-column COLUMN names the models",
			text.Plural(w.samples, "row"), text.Plural(n, "different prompt")))
	}
}

func (w *wideReader) coverage() []Coverage {
	var out []Coverage
	w.files[0].eachColumn(func(m modelColumns, kind int, _ string) {
		if n := len(out); kind == 0 {
			out = append(out, Coverage{Model: m.name, Measured: w.answered[n], Missing: w.samples - w.answered[n]})
		}
	})
	return out
}

// visit reads a row.
func (w *wideReader) visit(r rows.Row) error {
	w.next(r)
	s, err := w.sample(r)
	if err != nil {
		w.bad(r, err)
		return nil
	}
	if w.stopped() {
		return nil
	}
	w.add(s)
	if w.batch.Rows() == batchRows {
		return w.flush()
	}
	return nil
}

// wideSample is one row of a wide table.
type wideSample struct {
	id, task, cluster, prompt string
	weight                    float64   // NaN without weights
	numbers                   []float64 // the row's numbers, as eachColumn lists them
}

func (w *wideReader) sample(r rows.Row) (s wideSample, err error) {
	if s.id, err = w.idOf(r); err != nil {
		return s, err
	}
	if w.prompt != "" {
		if s.prompt, err = w.promptOf(w.prompt, r.Number, w.at.cell(r, w.prompt)); err != nil {
			return s, err
		}
	}
	if s.task, err = nameIn(w.task, r.Number, w.at.cell(r, w.task)); err != nil {
		return s, err
	}
	if s.cluster, err = nameIn(w.cluster, r.Number, w.at.cell(r, w.cluster)); err != nil {
		return s, err
	}
	if s.weight, err = w.weightOf(w.weight, r.Number, w.at.cell(r, w.weight)); err != nil {
		return s, err
	}
	if s.numbers, err = w.numbersOf(r); err != nil {
		return s, err
	}
	return s, w.use(s.id, r)
}

// numbersOf reads the numbers of all models in a row, in the order of eachColumn.
func (w *wideReader) numbersOf(r rows.Row) (out []float64, err error) {
	w.eachColumn(func(m modelColumns, kind int, column string) {
		v := math.NaN()
		switch {
		case err != nil:
		case kind == 0:
			v, err = w.quality(w.importFile, m.name, column, r, w.at.cell(r, column))
		default:
			v, err = measure(w.importFile, column, r.Number, w.at.cell(r, column))
		}
		out = append(out, v)
	})
	return out, err
}

// idOf returns the id of a row, or one from its number.
func (w *wideReader) idOf(r rows.Row) (string, error) {
	if w.id == "" {
		return rowID(w.rows - 1), nil
	}
	cell := w.at.cell(r, w.id)
	id, err := nameIn(w.id, r.Number, cell)
	if err != nil {
		return "", err
	}
	if id == "" {
		return "", hint.With(badCell{r.Number, w.id, quote(textOf(cell)), "a unique id"}, "give every row an id, or name another column with --id")
	}
	return id, nil
}

// textOf returns a cell's text as messages quote it.
func textOf(cell rows.Cell) string {
	if cell.Kind == rows.Missing {
		return parquetfile.NullText
	}
	return cell.Text
}

// use returns an error if a good row has the id already.
func (w *wideReader) use(id string, r rows.Row) error {
	if w.id == "" {
		return nil
	}
	if first, row := w.seen.add(id); first != row {
		return hint.With(badCell{r.Number, w.id, fmt.Sprintf("%s, already in %s", quote(id), w.seenAt.where(uint32(first), r.File)), "a unique id"},
			"give every sample its own id, or name another column with --id", "average the rows with --repeat mean if they are repeated measurements")
	}
	w.seenAt.add(r.File, r.Number)
	return nil
}

// add adds a sample to the batch.
func (w *wideReader) add(s wideSample) {
	if w.batch == nil {
		w.batch = w.newBatch()
	}
	t := w.batch
	t.SampleID, t.Task = append(t.SampleID, strings.Clone(s.id)), append(t.Task, strings.Clone(s.task))
	cluster := s.cluster
	if w.prompt != "" {
		d := describe(s.prompt)
		t.addPrompt(s.prompt, d, w.KeepPrompt)
		if w.cluster == "" {
			cluster = w.clusterOf(d, s.id)
		}
	}
	if cluster == "" {
		cluster = s.id
	}
	t.Cluster = append(t.Cluster, strings.Clone(cluster))
	if w.weight != "" {
		t.Weight = append(t.Weight, s.weight)
	}
	n := 0
	w.eachColumn(func(_ modelColumns, kind int, _ string) {
		if n < len(t.Quality) {
			t.Quality[n].Values = append(t.Quality[n].Values, s.numbers[n])
			if !math.IsNaN(s.numbers[n]) {
				w.answered[n]++
			}
		} else {
			c := &t.Extras[n-len(t.Quality)]
			c.Values = append(c.Values, s.numbers[n])
		}
		n++
	})
	w.samples++
}

// newBatch returns an empty batch.
func (w *wideReader) newBatch() *Table {
	t := &Table{Meta: NewMeta(), HasPrompt: w.KeepPrompt && w.prompt != ""}
	w.eachColumn(func(m modelColumns, kind int, _ string) {
		if kind == 0 {
			t.Quality = append(t.Quality, Column{Name: m.name})
		} else {
			t.Extras = append(t.Extras, Column{Name: answerColumnNames[kind] + m.name})
		}
	})
	return t
}

// clusterOf returns the id of the first sample with a prompt.
func (w *wideReader) clusterOf(d description, id string) string {
	key := binary.BigEndian.Uint64(d.sha[:])
	first, known := w.clusters[key]
	if !known {
		w.clusters[key] = int32(w.samples)
		return id
	}
	batch, k := int(first)/batchRows, int(first)%batchRows
	if batch == len(w.past) {
		return w.batch.SampleID[k]
	}
	return w.past[batch].at(k)
}

// idTexts holds the ids of a batch in one text, which takes less memory than a text each.
type idTexts struct {
	text string
	ends []uint32
}

func newIDTexts(ids []string) idTexts {
	t := idTexts{text: strings.Join(ids, "")}
	end := uint32(0)
	for _, id := range ids {
		end += uint32(len(id))
		t.ends = append(t.ends, end)
	}
	return t
}

func (t idTexts) at(k int) string {
	from := uint32(0)
	if k > 0 {
		from = t.ends[k-1]
	}
	return t.text[from:t.ends[k]]
}

// flush hands the batch to the sink.
func (w *wideReader) flush() error {
	t := w.batch
	if t == nil {
		return nil
	}
	w.batch = nil
	if w.prompt != "" && w.cluster == "" {
		w.past = append(w.past, newIDTexts(t.SampleID))
	}
	t.fillGaps(t.Rows())
	return w.sink(t)
}

// addPrompt appends what is kept of a prompt.
func (t *Table) addPrompt(prompt string, d description, keep bool) {
	t.PromptSHA256 = append(t.PromptSHA256, fmt.Sprintf("%x", d.sha))
	t.PromptNormSHA256 = append(t.PromptNormSHA256, fmt.Sprintf("%x", d.norm))
	for k, name := range featureNames {
		if len(t.Features) == k {
			t.Features = append(t.Features, Column{Name: name})
		}
		t.Features[k].Values = append(t.Features[k].Values, float64(d.features[k]))
	}
	if keep {
		t.Prompt = append(t.Prompt, strings.Clone(prompt))
	}
}
