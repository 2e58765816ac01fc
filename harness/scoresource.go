package harness

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers"
)

// scoreSource is a source of a router's scores for calibration.
type scoreSource struct {
	name   string
	input  results.Input
	stream eval.Stream
}

// openScoreSource returns the router's scores on a data set; "" stands for the Arena prompts.
// For a score file it returns the file's scores or, with check, those of the score file
// that data names. excludeNear leaves out near copies of the router's training prompts.
func openScoreSource(ctx context.Context, e *Encoders, r Router, data string, check, excludeNear bool) (scoreSource, error) {
	if r.isScoreFile() {
		return fileSource(e.feedback, r, data, check)
	}
	if err := canCalibrate(r); err != nil {
		return scoreSource{}, err
	}
	lookForNear := excludeNear || data != "" && !check // the Arena prompts have few, and a check reports no quality
	if data == "" {
		data = benchmarks.Arena
	}
	return routerSource(ctx, e, r, data, lookForNear, excludeNear)
}

// canCalibrate refuses routers that have no threshold.
func canCalibrate(r Router) error {
	if r.isDecider() {
		return fmt.Errorf("router %q makes decisions and has no threshold", r.Spec.Label)
	}
	if _, ok := r.Router.(routers.OutcomeScorer); ok {
		return fmt.Errorf("router %q needs outcomes and cannot be calibrated", r.Spec.Label)
	}
	return nil
}

// fileSource reads scores from a file. Such a router has no scores for other prompts, so
// that the data to check against is a score file too.
func fileSource(f Feedback, r Router, data string, check bool) (scoreSource, error) {
	path := r.Spec.Arg
	switch {
	case check:
		path = data
	case data != "":
		return scoreSource{}, hint.With(fmt.Errorf("reference data %q does not go with %q, whose own scores are the reference", data, "scores:"+path),
			"leave out --data")
	}
	digest, err := datasets.Digest(path)
	if err != nil {
		return scoreSource{}, err
	}
	source := scoreSource{name: path, input: results.Input{Path: path, SHA256: digest}}
	if filepath.Ext(path) == ".parquet" {
		source.stream, err = parquetStream(f, path)
		return source, err
	}
	scores, err := datasets.ReadScores(path)
	if err != nil {
		return scoreSource{}, err
	}
	source.stream = eval.StreamOf(scores.Values)
	return source, nil
}

// calibrationPasses is the number of times that eval.Calibrate reads a stream.
const calibrationPasses = 4

// parquetStream returns a stream that reads the file's scores again on each call.
func parquetStream(f Feedback, path string) (eval.Stream, error) {
	rows, err := datasets.CountRows(path)
	if err != nil {
		return nil, err
	}
	progress, read := f.progress("reading"), 0
	return func(yield func([]float64) error) error {
		return datasets.StreamScores(path, "score", func(batch []float64) error {
			read += len(batch)
			progress(min(read, calibrationPasses*rows), calibrationPasses*rows)
			return yield(batch)
		})
	}, nil
}

// routerSource scores a data set's prompts. It keeps one float per prompt, and what
// [scoredNear] keeps.
func routerSource(ctx context.Context, e *Encoders, r Router, data string, lookForNear, excludeNear bool) (scoreSource, error) {
	f, input, err := OpenData(data)
	if err != nil {
		return scoreSource{}, err
	}
	defer f.Close()
	needs := r.Router.Needs()
	total, scores := f.Rows(), make([]float64, 0, f.Rows())
	progress := e.feedback.progress("scoring")
	read := 0
	sel := selection(f, needs)
	_, heldOut := r.Router.(routers.HeldOut)
	sel.Digests = sel.Digests || heldOut || needs.Vector
	batch := batchOf(r.Router, total)
	var search *scoredNear
	if lookForNear {
		search = newScoredNear(r, data, total, excludeNear)
	}
	if search != nil {
		sel.Digests, sel.Prompts = true, sel.Prompts || !search.builtin
	}
	check, checks := r.Router.(routers.Checker)
	if _, builtin := benchmarks.Data(data); builtin || checks {
		batch = total // pulled prompts, and those of embedded scores, are checked against all rows at once
	}
	err = f.Stream(sel, batch, func(t *datasets.Table) error {
		all, err := e.promptsFor(ctx, data, t, r.Router)
		if err == nil && checks {
			err = check.Check(all)
		}
		if err != nil {
			return err
		}
		prompts, norms := clean(t, all)
		got, err := heldOutScores(ctx, r.Router, prompts, norms, func(int, int) {})
		if err != nil {
			return fmt.Errorf("router %q on %s: %w", r.Spec.Label, f.Name(), err)
		}
		scores = append(scores, got...)
		if err := search.add(ctx, t, e.feedback.progress("looking for near copies")); err != nil {
			return err
		}
		read += t.Rows()
		progress(read, total)
		return nil
	})
	if err != nil {
		return scoreSource{}, err
	}
	scores = search.finish(e.feedback, ShortName(f), scores)
	return scoreSource{name: f.Name(), input: input, stream: eval.StreamOf(scores)}, nil
}

// clean returns the prompts that are not contaminated, with their normalised digests if
// these were read.
func clean(t *datasets.Table, all []routers.Prompt) (prompts []routers.Prompt, norms []string) {
	if t.Contaminated == nil {
		return all, t.PromptNormSHA256
	}
	for i, p := range all {
		if t.Contaminated[i] {
			continue
		}
		prompts = append(prompts, p)
		if t.PromptNormSHA256 != nil {
			norms = append(norms, t.PromptNormSHA256[i])
		}
	}
	return prompts, norms
}

// heldOutScores scores prompts. It gives a router's training prompts their held-out scores,
// since the router knows these prompts better than it will know others.
func heldOutScores(ctx context.Context, r routers.Router, prompts []routers.Prompt, norms []string, progress func(done, total int)) ([]float64, error) {
	h, ok := r.(routers.HeldOut)
	if !ok || norms == nil {
		return scoreAll(ctx, r, prompts, progress)
	}
	out, others := make([]float64, len(prompts)), []int{}
	for i, norm := range norms {
		if out[i], ok = h.HeldOut(norm); !ok {
			others = append(others, i)
		}
	}
	got, err := scoreAll(ctx, r, slicesx.Pick(prompts, others), progress)
	if err != nil {
		return nil, err
	}
	for k, i := range others {
		out[i] = got[k]
	}
	return out, nil
}
