package harness

import (
	"errors"
	"fmt"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/registry"
)

// streamedRouter is a router whose scores are read row by row.
type streamedRouter struct {
	Router
	stream  *datasets.ScoreStream // nil for a router that scores prompts
	path    string                // path of the stream's file
	column  string                // column of the stream's scores
	spool   spool                 // the scores of a router that scores prompts
	edges   []float64
	builder *binned.Builder
}

// open opens the routers.
func (s *summariser) open(names []string) error {
	if len(names) == 0 {
		for _, c := range s.file.Columns() {
			if label, ok := strings.CutPrefix(c, datasets.ScorePrefix); ok {
				names = append(names, label+"=scores:"+s.data+"#"+c)
			}
		}
	}
	if len(names) == 0 {
		return hint.With(fmt.Errorf("%s has no column score:NAME", s.file.Name()), "name the routers: --router LABEL=scores:FILE, or those that score prompts, such as --router length")
	}
	specs, err := registry.ParseSpecs(names)
	if err != nil {
		return err
	}
	for _, spec := range specs {
		if spec.Name == randomLabel { // it is always there
			continue
		}
		r, err := s.openRouter(spec)
		if err != nil {
			return err
		}
		s.routers = append(s.routers, r)
		if s.out.Inputs, err = withFile(s.out.Inputs, r.Router); err != nil {
			return err
		}
	}
	if len(s.routers) == 0 {
		return errors.New("no router has scores to sum up: name one besides random")
	}
	return nil
}

// openRouter opens one router.
func (s *summariser) openRouter(spec registry.Spec) (*streamedRouter, error) {
	r := &streamedRouter{Router: Router{Spec: spec}}
	if r.isScoreFile() {
		r.path, r.column = spec.File()
		if r.column == "" {
			r.column = "score"
		}
		stream, err := datasets.OpenScoreStream(r.path, r.column)
		if err != nil {
			return nil, err
		}
		r.stream = stream
		if stream.Rows() != s.file.Rows() {
			return r, hint.With(fmt.Errorf("%q has %s and %s %d: expected the same rows in the same order", r.path, text.Plural(stream.Rows(), "row"), s.file.Name(), s.file.Rows()), sameOrder)
		}
		return r, nil
	}
	var err error
	if r.Router, err = openSpec(spec, s.options.Routers); err != nil {
		return nil, err
	}
	if err := canCalibrate(r.Router); err != nil {
		return nil, err
	}
	if r.looksAtAnswers() || r.isDataFile() {
		return nil, fmt.Errorf("router %q does not go with --summarise: it looks up what belongs to each prompt", spec.Label)
	}
	r.Router, err = r.ForPair(s.pair)
	return r, err
}

// sameOrder is the hint about a file of scores in another order.
const sameOrder = "sort both by sample_id; in any order, eval without --summarise finds them in memory"

// next returns the scores of the rows of a table, and marks the training prompts. The rows of a file must be those of
// the table.
func (r *streamedRouter) next(t *datasets.Table, before int, lessons []bool) ([]float64, error) {
	if r.stream == nil {
		return r.kept(before, t.Rows())
	}
	ids, scores, training, err := r.stream.Next(t.Rows())
	if err != nil {
		return nil, err
	}
	want := t.SampleID
	if r.stream.Key != "sample_id" {
		want = t.PromptSHA256
	}
	if want == nil {
		return nil, fmt.Errorf("%q names samples by %q, which the data set lacks", r.path, r.stream.Key)
	}
	for i, id := range ids {
		if id != want[i] {
			return nil, hint.With(fmt.Errorf("%q: row %d: %s %q, but the data set has %q there: expected the same order", r.path, before+i+1, r.stream.Key, id, want[i]), sameOrder)
		}
	}
	for i, was := range training {
		lessons[i] = lessons[i] || was
	}
	return scores, nil
}
