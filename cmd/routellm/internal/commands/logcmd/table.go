package logcmd

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/internal/text"
)

// batch is the number of rows that are kept until they are written.
const batch = 4096

// row is a record with the feedback on it.
type row struct {
	decisionlog.Record
	opinion
}

// table writes records as rows of a Parquet file.
type table struct {
	options
	file     *outfile.Writer // nil before the first rows are written, like writer
	writer   *datasets.ColumnWriter
	said     *opinions
	open     []row // rows that are not written yet
	rows     int
	without  int    // number of requests without a score
	router   string // name of the rows' router
	identity decisionlog.Identity
	ids      map[key]string // file of each request
	prompts  map[key]bool   // with one row per prompt: those that have one
}

func newTable(o options, said *opinions) *table {
	return &table{options: o, said: said, ids: map[key]string{}, prompts: map[key]bool{}}
}

// key stands for a text, and takes less memory.
type key [16]byte

func keyOf(text string) key {
	digest := sha256.Sum256([]byte(text))
	return key(digest[:16])
}

// add adds a record from the log at path, or skips it. It returns an error if the request's
// id occurs twice or the router is not the one of the other rows.
func (t *table) add(path string, r *decisionlog.Record) error {
	id := keyOf(r.ID)
	if other, ok := t.ids[id]; ok {
		return fmt.Errorf("request %q is also in %q: give each log once", r.ID, other)
	}
	t.ids[id] = path
	said := t.said.of(r.ID)
	switch {
	case t.Router != "" && r.Router != t.Router, !strings.HasPrefix(r.SHA256, t.options.SHA256):
		return nil
	case !r.Score.Exists() || r.PromptSHA256 == "":
		t.without++
		return nil
	}
	if err := t.sameRouter(r); err != nil {
		return err
	}
	if t.By == "prompt" {
		prompt := keyOf(r.PromptSHA256)
		if t.prompts[prompt] {
			return nil
		}
		t.prompts[prompt] = true
	}
	t.open = append(t.open, row{*r, said})
	if len(t.open) == batch {
		return t.flush()
	}
	return nil
}

// sameRouter returns an error if a record is of another router than earlier rows.
func (t *table) sameRouter(r *decisionlog.Record) error {
	switch {
	case t.router == "":
		t.router, t.identity = r.Router, r.Identity
	case r.Router != t.router:
		return hint.With(fmt.Errorf("found the router %q, but earlier rows are from %q: their scores are not comparable", r.Router, t.router), "--router NAME selects one of them")
	case !r.Identity.Same(t.identity):
		return hint.With(fmt.Errorf("found the router %q with %s, but in earlier rows with %s: their scores are not comparable", r.Router, r.Identity, t.identity),
			"--router-sha256 DIGEST selects one of them")
	}
	return nil
}

// flush writes the open rows.
func (t *table) flush() error {
	if t.writer == nil {
		if err := t.begin(); err != nil {
			return fault.Wrap(err)
		}
	}
	t.rows += len(t.open)
	err := fault.Wrap(t.writer.Write(columnsOf(t.open, t.By)))
	t.open = t.open[:0]
	return err
}

// begin begins the file.
func (t *table) begin() (err error) {
	if err := outfile.MkdirAll(filepath.Dir(t.Out)); err != nil {
		return err
	}
	meta := datasets.ScoreMeta{
		Router: t.identity.Spec, RouterSHA256: t.identity.SHA256,
		Encoder: t.identity.Encoder, EncoderSHA256: t.identity.EncoderSHA256,
	}
	if t.file, err = outfile.Create(t.Out); err == nil {
		t.writer = datasets.NewColumnWriter(t.file, meta.Pairs())
	}
	return err
}

// close completes the file.
func (t *table) close() error {
	if len(t.open) > 0 {
		if err := t.flush(); err != nil {
			return err
		}
	}
	if t.writer == nil {
		return errors.New("no request with a score in the logs")
	}
	if err := t.writer.Close(); err != nil {
		return fault.Wrap(err)
	}
	return fault.Wrap(t.file.Commit())
}

// abort removes an unfinished file.
func (t *table) abort() {
	if t.file != nil {
		t.file.Abort()
	}
}

// notes says what was left out.
func (t *table) notes() []string {
	if t.without == 0 {
		return nil
	}
	return []string{fmt.Sprintf("left out %s without a score", text.Plural(t.without, "request"))}
}
