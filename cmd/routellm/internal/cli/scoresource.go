package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
)

// scoreSource is where calibration takes a router's scores from.
type scoreSource struct {
	name   string
	input  result.Input
	stream eval.Stream
}

// openScoreSource returns the router's scores on a data set, or those of a
// score file: the router's own, or the one to check against.
func openScoreSource(ctx context.Context, s streams, e *encoders, n entrant, data string, check bool) (scoreSource, error) {
	if n.isScoreFile() {
		return fileSource(s, n, data, check)
	}
	if err := canCalibrate(n); err != nil {
		return scoreSource{}, err
	}
	if data == "" {
		data = benchmarks.Arena
	}
	return routerSource(ctx, s, e, n, data)
}

// canCalibrate refuses routers without a threshold.
func canCalibrate(n entrant) error {
	if isFixed(n.router) {
		return fmt.Errorf("router %q makes decisions and has no threshold", n.spec.Label)
	}
	if _, ok := n.router.(routers.OutcomeScorer); ok {
		return fmt.Errorf("router %q needs outcomes and cannot be calibrated", n.spec.Label)
	}
	return nil
}

// openCalibrated opens the one router of --router. A score file is left to
// fileSource, which does not hold it in memory.
func openCalibrated(value string, o registry.Options) (entrant, error) {
	spec, err := oneSpec(value)
	if err != nil {
		return entrant{}, err
	}
	return openSpec(spec, o)
}

// oneSpec reads a value of --router that names one router.
func oneSpec(value string) (registry.Spec, error) {
	specs, err := registry.ParseSpecs([]string{value})
	if err == nil && len(specs) != 1 {
		err = fmt.Errorf("--router %q names %d routers, want one", value, len(specs))
	}
	if err != nil {
		return registry.Spec{}, err
	}
	return specs[0], nil
}

// openSpec opens a router, less a score file.
func openSpec(spec registry.Spec, o registry.Options) (n entrant, err error) {
	n.spec = spec
	if !n.isScoreFile() {
		n.router, err = registry.Open(n.spec, o)
	}
	return n, err
}

// isScoreFile reports whether the router is a file of scores.
func (n entrant) isScoreFile() bool { return n.spec.IsKind && n.spec.Name == "scores" }

// fileSource reads scores straight from a file. Such a router has no
// scores for other prompts, so that the check is a score file too.
func fileSource(s streams, n entrant, data string, check bool) (scoreSource, error) {
	path := n.spec.Arg
	switch {
	case check:
		path = data
	case data != "":
		return scoreSource{}, hint.With(fmt.Errorf("--data does not go with %q: its scores are the reference", "scores:"+path),
			"leave out --data")
	}
	digest, err := datasets.Digest(path)
	if err != nil {
		return scoreSource{}, err
	}
	source := scoreSource{name: path, input: result.Input{Path: path, SHA256: digest}}
	if filepath.Ext(path) == ".parquet" {
		source.stream, err = parquetStream(s, path)
		return source, err
	}
	scores, err := datasets.ReadScores(path)
	if err != nil {
		return scoreSource{}, err
	}
	source.stream = eval.StreamOf(scores.Values)
	return source, nil
}

// calibrationPasses is how often eval.Calibrate reads a stream.
const calibrationPasses = 4

// parquetStream reads a file's scores anew on each call.
func parquetStream(s streams, path string) (eval.Stream, error) {
	rows, err := datasets.CountRows(path)
	if err != nil {
		return nil, err
	}
	progress, read := newProgress(s.err, "reading"), 0
	return func(yield func([]float64) error) error {
		return datasets.StreamScores(path, "score", func(batch []float64) error {
			read += len(batch)
			progress(min(read, calibrationPasses*rows), calibrationPasses*rows)
			return yield(batch)
		})
	}, nil
}

// batchRows is how many prompts a router gets at once.
const batchRows = 4096

// routerSource scores a data set's prompts. It keeps one float a prompt.
func routerSource(ctx context.Context, s streams, e *encoders, n entrant, data string) (scoreSource, error) {
	f, input, err := openData(data)
	if err != nil {
		return scoreSource{}, err
	}
	defer f.Close()
	needs := n.router.Needs()
	total, scores := f.Rows(), make([]float64, 0, f.Rows())
	progress := newProgress(s.err, "scoring")
	read := 0
	sel := selection(f, needs)
	_, heldOut := n.router.(routers.HeldOut)
	sel.Digests = sel.Digests || heldOut || needs.Vector
	batch := batchOf(n.router, total)
	check, checks := n.router.(routers.Checker)
	if _, builtin := benchmarks.Data(data); builtin || checks {
		batch = total // pulled prompts, and those of embedded scores, are checked against all rows at once
	}
	err = f.Stream(sel, batch, func(t *datasets.Table) error {
		all, err := e.promptsFor(ctx, data, t, n.router)
		if err == nil && checks {
			err = check.Check(all)
		}
		if err != nil {
			return err
		}
		prompts, norms := clean(t, all)
		got, err := heldOutScores(ctx, n.router, prompts, norms, func(int, int) {})
		if err != nil {
			return fmt.Errorf("router %q on %s: %w", n.spec.Label, f.Name(), err)
		}
		scores = append(scores, got...)
		read += t.Rows()
		progress(read, total)
		return nil
	})
	if err != nil {
		return scoreSource{}, err
	}
	return scoreSource{name: f.Name(), input: input, stream: eval.StreamOf(scores)}, nil
}

// clean returns the prompts that evaluation would use, with their normalised
// digests where those were read.
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

// heldOutScores scores prompts, a router's own training prompts out of fold: it knows
// these better than it will know others.
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
