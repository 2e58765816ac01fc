package harness

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/summaries"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/results"
)

// SummariesFile returns the content of the file of summaries beside the document: those of all routers,
// in no more bins than intervals need.
func (e *Evaluation) SummariesFile() ([]byte, error) {
	var all []summaries.Router
	for _, r := range e.summaries.Routers {
		s, err := r.Summary.Coarse(measure.IntervalBins)
		if err != nil {
			return nil, err
		}
		all = append(all, summaries.Router{Name: r.Name, Summary: s})
	}
	var b bytes.Buffer
	err := summaries.Write(&b, all)
	return b.Bytes(), err
}

// ReadSummaries reads the file of summaries beside a results file.
func ReadSummaries(ctx context.Context, path string) (*Summaries, error) {
	d, input, err := ReadDocument(path)
	if err != nil {
		return nil, err
	}
	path = input.Path
	if d.Summaries == nil {
		return nil, hint.With(fmt.Errorf("%q: no file of summaries is named", path), "write it with routellm eval --summary FILE -o DIR")
	}
	file, err := besideOf(path, *d.Summaries)
	if err != nil {
		return nil, err
	}
	return OpenSummaries(ctx, SummaryFiles{Paths: []string{file}})
}

// besideOf returns the path of a file beside a results file. A file with another digest is an error.
func besideOf(path string, file results.Input) (string, error) {
	beside := filepath.Join(filepath.Dir(path), filepath.Base(file.Path))
	digest, err := datasets.Digest(beside)
	if err != nil {
		return "", err
	}
	if digest != file.SHA256 {
		return "", hint.With(fmt.Errorf("%q is not the file that belongs to %q", beside, path), "keep the files of one eval -o DIR together")
	}
	return beside, nil
}
