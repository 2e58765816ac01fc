package harness

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/results"
)

// convert makes a data set of a file, a folder or a pattern of files.
func (o *opener) convert(ctx context.Context, name string) (*made, error) {
	head, err := headOf(name)
	if err == nil {
		err = refuseDocument(name, head)
	}
	if results := filepath.Join(name, "results.json"); err == nil && len(head) == 0 {
		if head, headErr := headOf(results); headErr == nil {
			err = refuseDocument(results, head) // the folder of eval -o
		}
	}
	if err != nil && !isPattern(name) {
		return nil, err
	}
	if m, err := o.fromTool(ctx, name); m != nil || err != nil {
		return m, err
	}
	return o.fromTable(ctx, name, "", o.reading.Columns)
}

// fromStream makes a data set of what can be read only once: standard input or a pipe.
func (o *opener) fromStream(ctx context.Context, name string) (*made, error) {
	r, err := o.streamOf(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	m, hash := &made{}, sha256.New()
	if _, err := io.Copy(io.MultiWriter(&m.spool, hash), cancelled{ctx, r}); err != nil {
		return nil, errors.Join(named(name, err), m.spool.Close())
	}
	digest := hex.EncodeToString(hash.Sum(nil))
	head := make([]byte, headSize)
	n, _ := m.spool.reader().ReadAt(head, 0)
	if beginsParquet(head[:n]) {
		f, err := datasets.OpenReaderAt(name, m.spool.reader(), m.spool.size, nil)
		if err == nil && ownColumns(f.Columns()) {
			m.input = results.Input{Path: name, SHA256: digest}
			return m, nil
		}
	}
	defer m.spool.Close()
	if err := refuseDocument(name, head[:n]); err != nil {
		return nil, err
	}
	columns := o.reading.Columns
	columns.Rows.Stdin = io.NewSectionReader(m.spool.reader(), 0, m.spool.size)
	if columns.Name == "" {
		columns.Name = NameOf(name)
	}
	table, err := o.fromTable(ctx, stdinName, digest, columns)
	if err == nil {
		table.input.Path = name
	}
	return table, err
}

// streamOf opens standard input or a pipe.
func (o *opener) streamOf(name string) (io.ReadCloser, error) {
	if name != stdinName {
		return os.Open(name)
	}
	if in := o.reading.Columns.Rows.Stdin; in != nil {
		return io.NopCloser(in), nil
	}
	return nil, errors.New("there is no standard input to read \"-\" from")
}

// cancelled is a reader that ends with its context.
type cancelled struct {
	ctx context.Context
	io.Reader
}

// Read reads until the context is done.
func (c cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(p)
}

// fromTable makes a data set of a table in any format. digest is that of its bytes, or "".
func (o *opener) fromTable(ctx context.Context, name, digest string, columns datasets.Mapping) (*made, error) {
	columns.KeepPrompt, columns.Labels = true, o.reading.labels()
	if o.own && columns.Labels == "" {
		columns.Labels = datasets.Quality
	}
	if columns.Name == "" {
		columns.Name = NameOf(name)
	}
	columns.Rows.Progress = o.watch(ctx, "reading")
	if name != stdinName && !isPipe(name) { // which can be read only once
		found, names, err := o.look(ctx, name, columns.Rows)
		if err != nil {
			return nil, err
		}
		digest = found
		if o.only != "" {
			columns = datasets.OneModel(columns, o.only, names)
		}
	}
	m := &made{}
	w := datasets.NewWriter(&m.spool)
	read, err := datasets.Import(ctx, name, columns, w.Write)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, errors.Join(o.hintColumns(name, err), m.spool.Close())
	}
	m.input = inputOf(name, digest, read)
	m.input.Labels = o.reading.labels()
	o.tell(read)
	return m, nil
}

// look returns the digest and the columns of a table, after refusing one that holds scores.
func (o *opener) look(ctx context.Context, name string, how rows.Options) (string, []string, error) {
	table, err := rows.Open(ctx, name, how)
	if err != nil {
		return "", nil, err
	}
	defer table.Close()
	if err := o.refuseScores(name, table.Columns()); err != nil {
		return "", nil, err
	}
	digest, err := table.Digest()
	return digest, table.Columns(), err
}

// inputOf records how a table was read.
func inputOf(name, digest string, read datasets.Reading) results.Input {
	in := results.Input{Path: name, SHA256: digest, Format: read.About.Format, Columns: map[string]string{}}
	if len(read.About.Parts) > 1 {
		in.Parts = read.About.Parts
	}
	for _, c := range read.Columns {
		in.Columns[c.Meaning] = c.Column
	}
	in.Coverage = coverageOf(read.Coverage)
	return in
}

// coverageOf converts the counts of an import.
func coverageOf(all []datasets.Coverage) []results.Coverage {
	var out []results.Coverage
	for _, c := range all {
		out = append(out, results.Coverage{Model: c.Model, Measured: c.Measured, Missing: c.Missing, Failed: c.Failed, Repeated: c.Repeated})
	}
	return out
}
