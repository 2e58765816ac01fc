package logcmd

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
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

// writer writes records as rows of a Parquet file.
type writer struct {
	options
	file     *outfile.Writer // nil before the first rows are written, like parquet
	parquet  *datasets.ColumnWriter
	said     *opinions
	graded   *graded   // nil without graded answers
	promised *promised // nil without an artifact to compare with
	open     []row     // rows that are not written yet
	rows     int
	without  int    // number of requests without a score
	router   string // name of the rows' router
	identity decisionlog.Identity
	cascaded bool           // the rows are of a cascade
	models   []string       // the models of decisions among several; nil between two
	ids      map[key]string // file of each request
	prompts  map[key]bool   // prompts that have a row, with one row per prompt
}

func newWriter(o options) *writer {
	return &writer{options: o, ids: map[key]string{}, prompts: map[key]bool{}}
}

// key stands for a text, and takes less memory.
type key [16]byte

func keyOf(text string) key {
	digest := sha256.Sum256([]byte(text))
	return key(digest[:16])
}

// add adds a record from the log at path, or skips it. It returns an error if the request's
// id occurs twice or the router is not the one of the other rows.
func (w *writer) add(path string, r *decisionlog.Record) error {
	id := keyOf(r.ID)
	if other, ok := w.ids[id]; ok {
		return fmt.Errorf("request %q is also in %q: give each log once", r.ID, other)
	}
	w.ids[id] = path
	said := w.said.of(r.ID)
	switch {
	case !w.takes(r):
		return nil
	case !r.Score.Exists() && modelsOf(r) == nil || r.PromptSHA256 == "":
		w.without++
		return nil
	}
	if err := w.sameRouter(r); err != nil {
		return err
	}
	if w.By == "prompt" {
		prompt := keyOf(r.PromptSHA256)
		if w.prompts[prompt] {
			return nil
		}
		w.prompts[prompt] = true
	}
	if w.graded != nil && math.IsNaN(said.quality) {
		said.quality = w.graded.of(r.AnsweredModel, r.PromptSHA256)
	}
	w.open = append(w.open, row{*r, said})
	w.promised.add(w.open[len(w.open)-1])
	if len(w.open) == batch {
		return w.flush()
	}
	return nil
}

// sameRouter returns an error if a record is of another router than earlier rows.
func (w *writer) sameRouter(r *decisionlog.Record) error {
	switch {
	case w.router == "":
		w.router, w.identity, w.models, w.cascaded = r.Router, r.Identity, modelsOf(r), r.Cascade != nil
	case r.Router != w.router:
		return hint.With(fmt.Errorf("found the router %q, but earlier rows are from %q: their scores are not comparable", r.Router, w.router), "--router NAME selects one of them")
	case !r.Identity.Same(w.identity):
		return hint.With(fmt.Errorf("found the router %q with %s, but in earlier rows with %s: their scores are not comparable", r.Router, r.Identity, w.identity),
			"--router-sha256 DIGEST selects one of them")
	case !slices.Equal(modelsOf(r), w.models):
		return hint.With(fmt.Errorf("found a decision between the models %s, but in earlier rows between %s", listed(modelsOf(r)), listed(w.models)),
			"convert the logs before and after the change of the models one by one")
	}
	return nil
}

// modelsOf returns the models of a decision among several, by name; nil between two.
func modelsOf(r *decisionlog.Record) (names []string) {
	if r.PoolDecision == nil {
		return nil
	}
	for _, p := range r.Models {
		names = append(names, p.Model)
	}
	slices.Sort(names)
	return names
}

// listed lists the models of a decision.
func listed(models []string) string {
	if models == nil {
		return "strong and weak"
	}
	return strings.Join(models, ", ")
}

// flush writes the open rows.
func (w *writer) flush() error {
	if w.parquet == nil {
		if err := w.begin(); err != nil {
			return fault.Wrap(err)
		}
	}
	w.rows += len(w.open)
	err := fault.Wrap(w.parquet.Write(columnsOf(w.open, w.By, w.models, w.cascaded)))
	w.open = w.open[:0]
	return err
}

// begin begins the file.
func (w *writer) begin() (err error) {
	if err := outfile.MkdirAll(filepath.Dir(w.Out)); err != nil {
		return err
	}
	meta := datasets.ScoreMeta{
		Router: w.identity.Spec, RouterSHA256: w.identity.SHA256,
		Encoder: w.identity.Encoder, EncoderSHA256: w.identity.EncoderSHA256,
	}
	if w.file, err = outfile.Create(w.Out); err == nil {
		w.parquet = datasets.NewColumnWriter(w.file, meta.Pairs())
	}
	return err
}

// selected says which router's requests are wanted, "" for any.
func (w *writer) selected() string {
	var of []string
	if w.Router != "" {
		of = append(of, fmt.Sprintf("the router %q", w.Router))
	}
	if w.SHA256 != "" {
		of = append(of, "the model "+w.SHA256)
	}
	if of == nil {
		return ""
	}
	return " of " + strings.Join(of, " with ")
}

// close completes the file.
func (w *writer) close() error {
	if len(w.open) > 0 {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if w.parquet == nil {
		return errors.New("no request with a score" + w.selected() + " in the logs")
	}
	if err := w.parquet.Close(); err != nil {
		return fault.Wrap(err)
	}
	return fault.Wrap(w.file.Commit())
}

// abort removes an unfinished file.
func (w *writer) abort() {
	if w.file != nil {
		w.file.Abort()
	}
}

// notes says what was left out.
func (w *writer) notes() []string {
	if w.without == 0 {
		return nil
	}
	return []string{fmt.Sprintf("left out %s without a score", text.Plural(w.without, "request"))}
}
