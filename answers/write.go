package answers

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/outfile"
)

// metaVersion is the key of the schema's version in a file's metadata.
const metaVersion = "routellm.schema_version"

// Write writes a Parquet file in the sample schema. It appears only when it is complete.
func (f *File) Write(path string) error {
	out, err := outfile.Create(path)
	if err != nil {
		return err
	}
	defer out.Abort()
	w := NewWriter(out)
	if err := w.Write(f); err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	return out.Commit()
}

// Writer writes a file of answers in batches of rows. It keeps one row group in memory, at most
// 131,072 rows or 64 MiB of values, and the ids. Get a Writer from [NewWriter].
type Writer struct {
	w       io.Writer
	columns *datasets.ColumnWriter
	ids     []string
}

// NewWriter returns a writer of a file of answers.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write adds a batch of rows. Every batch needs the same columns as the first, whose Meta the file
// gets. Columns that the schema forbids are an error. Write may keep the values until the next
// calls: do not change them.
func (w *Writer) Write(f *File) error {
	if w.columns == nil {
		if err := f.checkNames(); err != nil {
			return err
		}
		meta := map[string]string{metaVersion: strconv.Itoa(datasets.SchemaVersion)}
		maps.Copy(meta, f.Meta)
		w.columns = datasets.NewColumnWriter(w.w, meta)
	}
	if i := slices.Index(f.SampleID, ""); i >= 0 {
		return fmt.Errorf("row %d, column %q: found \"\", expected a unique id", len(w.ids)+i+1, colID)
	}
	w.ids = append(w.ids, f.SampleID...)
	if f.Rows() == 0 {
		return nil
	}
	return w.columns.Write(f.columns())
}

// Close completes the file, which must have a row. It does not close the underlying writer.
func (w *Writer) Close() error {
	if len(w.ids) == 0 {
		return errors.New("no rows, expected at least one")
	}
	if err := datasets.CheckUnique("table", colID, w.ids); err != nil {
		return err
	}
	return w.columns.Close()
}

// columns lists the file's columns in their order.
func (f *File) columns() []datasets.AnyColumn {
	var out columnList
	out.strings(colID, f.SampleID)
	out.strings(colTask, f.Task)
	out.strings(colCluster, f.Cluster)
	out.strings(colPrompt, f.Prompt)
	out.words(colMessages, f.Messages)
	if f.Prompt != nil {
		out.texts(f.Prompt)
	}
	out.floats(colWeight, f.Weight)
	if f.Contaminated != nil {
		out = append(out, datasets.AnyColumn{Name: colContaminated, Bools: f.Contaminated})
	}
	if f.Vectors != nil {
		out = append(out, datasets.AnyColumn{Name: colEmbedding, Vectors: f.Vectors})
	}
	for _, c := range f.Passed {
		out = append(out, datasets.AnyColumn{Name: c.Name, Texts: c.Values})
	}
	for _, c := range f.Numbers {
		out.floats(c.Name, c.Values)
	}
	for i := range f.Models {
		out.model(&f.Models[i])
	}
	for _, l := range f.Labels {
		for i, m := range f.Models {
			out.floats(l.Name+":"+m.Name, l.Values[i])
		}
	}
	return out
}

// columnList collects columns; a nil slice of values adds none.
type columnList []datasets.AnyColumn

func (l *columnList) strings(name string, values []string) {
	if values != nil {
		*l = append(*l, datasets.AnyColumn{Name: name, Strings: values})
	}
}

func (l *columnList) floats(name string, values []float64) {
	if values != nil {
		*l = append(*l, datasets.AnyColumn{Name: name, Floats: values})
	}
}

// words adds a column of texts of which "" is null.
func (l *columnList) words(name string, values []string) {
	if values == nil {
		return
	}
	texts := make([]*string, len(values))
	for i := range values {
		if values[i] != "" {
			texts[i] = &values[i]
		}
	}
	*l = append(*l, datasets.AnyColumn{Name: name, Texts: texts})
}

// texts adds the digests and features of the prompts.
func (l *columnList) texts(prompts []string) {
	t := datasets.Table{Prompt: prompts}
	t.FillFromPrompts()
	l.strings(colSHA256, t.PromptSHA256)
	l.strings(colNormSHA256, t.PromptNormSHA256)
	for _, c := range t.Features {
		l.floats(prefixFeature+c.Name, c.Values)
	}
}

// model adds the columns of a model.
func (l *columnList) model(m *Model) {
	*l = append(*l, datasets.AnyColumn{Name: PrefixAnswer + m.Name, Texts: m.Text})
	for _, k := range wordKinds {
		l.words(k.prefix+m.Name, *k.of(m))
	}
	for _, k := range numberKinds {
		l.floats(k.prefix+m.Name, *k.of(m))
	}
}

// checkNames returns an error if a further column has a name that means something else in the
// schema, or occurs twice.
func (f *File) checkNames() error {
	for _, c := range f.Passed {
		if isReserved(c.Name) {
			return clash(c.Name)
		}
	}
	head, seen := *f, map[string]bool{}
	if f.Prompt != nil {
		head.Prompt = []string{} // whose digests take no time
	}
	for _, c := range head.columns() {
		if seen[c.Name] {
			return clash(c.Name)
		}
		seen[c.Name] = true
	}
	return nil
}

func clash(name string) error {
	return hint.With(fmt.Errorf("column %q: files of answers have a column of their own of this name", name),
		fmt.Sprintf("rename the column in the prompts file, or leave it out: --drop %s", name))
}

// isReserved reports whether a further column of text must not have a name, because readers of data
// sets take it for something else.
func isReserved(name string) bool {
	kind, _, ok := strings.Cut(name, ":")
	return slices.Contains(fixedColumns, name) || ok && (kind+":" == prefixFeature || kind == Quality)
}

// isKind reports whether KIND:MODEL is a column that every file has per model.
func isKind(kind string) bool {
	for _, k := range numberKinds {
		if k.prefix == kind+":" {
			return true
		}
	}
	for _, k := range wordKinds {
		if k.prefix == kind+":" {
			return true
		}
	}
	return kind+":" == PrefixAnswer
}
