package harness

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/scores"
)

// sourceOptions says how scores are read.
type sourceOptions struct {
	check       bool // the scores are compared with others, and do not set a threshold
	clusters    Clustering
	lookForNear bool // tell of near copies of the router's training prompts
	excludeNear bool // leave them out
	unlike      bool // look for prompts that are unlike all that the router was trained on
}

// source returns how the calibration reads scores. The Arena prompts have few near copies,
// and a check reports no quality, so that neither is searched unless asked for.
func (o CalibrateOptions) source(check bool) sourceOptions {
	return sourceOptions{check: check, clusters: o.Clusters, lookForNear: o.ExcludeNear || o.Data != "" && !check, excludeNear: o.ExcludeNear, unlike: !check}
}

// openScoreSource returns the router's scores on a data set; "" stands for the Arena prompts. It
// takes the scores from a file that has this router's, such as one of routellm log.
// For a score file it returns the file's scores or, with check, those of the score file
// that data names.
func openScoreSource(ctx context.Context, in *opener, e *Encoders, r Router, data string, o sourceOptions) (scoreSource, error) {
	if r.isScoreFile() {
		return fileSource(e.feedback, r, data, o.check)
	}
	if err := canCalibrate(r); err != nil {
		return scoreSource{}, err
	}
	if data == "" {
		data = benchmarks.Arena
	}
	claim, err := claimOf(data)
	if err != nil {
		return scoreSource{}, err
	}
	if own, err := claim.isOf(r); own || err != nil {
		return claim.source(ctx, e.feedback, o.clusters)
	}
	source, err := routerSource(ctx, in, e, r, data, o)
	return source, claim.explain(err, r)
}

// canCalibrate refuses routers that have no threshold.
func canCalibrate(r Router) error {
	if r.isDecider() {
		return fmt.Errorf("router %q makes decisions and has no threshold", r.Spec.Label)
	}
	if _, ok := routers.As[routers.OutcomeScorer](r.Router); ok {
		return fmt.Errorf("router %q needs outcomes and cannot be calibrated", r.Spec.Label)
	}
	return nil
}

// fileSource reads scores from a file. Such a router has no scores for other prompts, so
// that the data to check against is a score file too.
func fileSource(f Feedback, r Router, data string, check bool) (scoreSource, error) {
	path, column := r.Spec.File()
	predicted, ok := routers.As[*scores.Predictions](r.Router)
	switch {
	case ok && !check && data == "":
		return predictedSource(r, predicted)
	case check:
		var other string
		if err := sameRouters(path, data); err != nil {
			return scoreSource{}, err
		}
		path, other = datasets.SplitColumn(data)
		column = cmp.Or(other, column)
	case data != "":
		return scoreSource{}, hint.With(fmt.Errorf("reference data %q does not go with %q, whose own scores are the reference", data, "scores:"+path),
			"leave out --data")
	}
	digest, err := datasets.Digest(path)
	if err != nil {
		return scoreSource{}, r.Spec.HintList(err)
	}
	source := scoreSource{name: path, input: results.Input{Path: path, SHA256: digest}}
	if filepath.Ext(path) == ".parquet" {
		source.stream, err = parquetStream(f, path, cmp.Or(column, "score"))
		return source, err
	}
	if column != "" {
		path += "#" + column
	}
	if err := refuseLog(source.name); err != nil {
		return scoreSource{}, err
	}
	file, err := datasets.ReadScores(path)
	if err != nil {
		return scoreSource{}, err
	}
	source.stream = eval.StreamOf(file.Values)
	return source, nil
}

// predictedSource returns the pair's scores of every prompt in a file of scores per model.
func predictedSource(r Router, p *scores.Predictions) (scoreSource, error) {
	path, _ := r.Spec.File()
	digest, err := datasets.Digest(path)
	if err != nil {
		return scoreSource{}, err
	}
	values, err := r.Scores(context.Background(), p.Prompts())
	return scoreSource{name: path, input: results.Input{Path: path, SHA256: digest}, stream: eval.StreamOf(values)}, err
}

// sameRouters refuses to compare two files of scores that say that they are of different routers.
func sameRouters(path, other string) error {
	a, err := claimOf(path)
	if err != nil || !a.known() {
		return err
	}
	b, err := claimOf(other)
	if err != nil || !b.known() || mismatchOf(b.router, a.router) == nil {
		return err
	}
	return hint.With(fmt.Errorf("%q holds scores of %s, but %q of %s", other, describe(b.router), path, describe(a.router)), sameScores)
}

// routerSource scores a data set's prompts. Per prompt it keeps a float, the names of its
// cluster and of its text, and what [scoredNear] keeps.
func routerSource(ctx context.Context, in *opener, e *Encoders, r Router, data string, o sourceOptions) (scoreSource, error) {
	f, input, err := in.unlabelled().open(ctx, data)
	if err != nil {
		return scoreSource{}, err
	}
	defer f.Close()
	needs := r.Router.Needs()
	total, scores := f.Rows(), make([]float64, 0, f.Rows())
	var clusters, texts []string
	var unlike []bool
	progress := e.feedback.progress("scoring")
	read := 0
	sel := selection(f, needs)
	sel.Digests, sel.Weights = true, !f.HasColumn("winner") // prompts with the same text are one cluster; weights of battles are not those of prompts
	var weights []float64
	batch := batchOf(r.Router, total)
	var search *scoredNear
	if o.lookForNear {
		search = newScoredNear(e.feedback, r, data, total, o.excludeNear)
	}
	if search != nil {
		sel.Prompts = sel.Prompts || !search.builtin
	}
	check, checks := routers.As[routers.Checker](r.Router)
	if _, builtin := benchmarks.Data(data); builtin || checks {
		batch = total // pulled prompts, and those of embedded scores, are checked against all rows at once
	}
	err = f.Stream(sel, batch, func(t *datasets.Table) error {
		all, err := e.promptsFor(ctx, data, t, r.Router)
		if err == nil && checks {
			err = check.Check(slices.Values(all))
		}
		if err != nil {
			return err
		}
		prompts, cluster, norms, weight := clean(t, all)
		got, err := heldOutScores(ctx, r.Router, len(prompts), func(index []int) []routers.Prompt { return slicesx.Pick(prompts, index) }, norms, func(int, int) {})
		if err != nil {
			return fmt.Errorf("router %q on %s: %w", r.Spec.Label, f.Name(), err)
		}
		scores = append(scores, got...)
		if o.unlike {
			unlike = append(unlike, unlikeOf(r.Router, len(prompts), func(from, to int) []routers.Prompt { return prompts[from:to] })...)
		}
		clusters, texts, weights = append(clusters, cluster...), append(texts, norms...), append(weights, weight...)
		if err := search.add(ctx, t, e.feedback.progress("looking for near copies")); err != nil {
			return err
		}
		read += t.Rows()
		progress(read, total)
		return nil
	})
	if err == nil && len(scores) == 0 {
		err = fmt.Errorf("%s: %w", f.Name(), noneLeft(total, results.Excluded{Contaminated: total}, results.Pair{}, nil))
	}
	if err != nil {
		return scoreSource{}, err
	}
	if kept := search.finish(e.feedback, ShortName(f)); kept != nil {
		scores, clusters = slicesx.Pick(scores, kept), slicesx.Pick(clusters, kept)
		if texts != nil {
			texts = slicesx.Pick(texts, kept)
		}
		if weights != nil {
			weights = slicesx.Pick(weights, kept)
		}
		if unlike != nil {
			unlike = slicesx.Pick(unlike, kept)
		}
	}
	return scoreSource{f.Name(), input, eval.StreamOf(scores), o.clusters.clustersOf(clusters, texts), unevenOf(weights), unlike}, nil
}

// clean returns the prompts that are not contaminated, with their clusters and, if these were
// read, their normalised digests, and their weights if they have some.
func clean(t *datasets.Table, all []routers.Prompt) (prompts []routers.Prompt, clusters, norms []string, weights []float64) {
	var kept []int
	for i := range all {
		if t.Contaminated == nil || !t.Contaminated[i] {
			kept = append(kept, i)
		}
	}
	if t.PromptNormSHA256 != nil {
		norms = slicesx.Pick(t.PromptNormSHA256, kept)
	}
	if t.Weight != nil {
		weights = slicesx.Pick(t.Weight, kept)
	}
	return slicesx.Pick(all, kept), slicesx.Pick(t.Cluster, kept), norms, weights
}

// heldOutScores scores n prompts; prompts returns those of some indices. It gives a router's
// training prompts their held-out scores, since the router knows these prompts better than it
// will know others.
func heldOutScores(ctx context.Context, r routers.Router, n int, prompts func(index []int) []routers.Prompt, norms []string, progress func(done, total int)) ([]float64, error) {
	h, ok := routers.As[routers.HeldOut](r)
	out, others := make([]float64, n), []int{}
	for i := range n {
		known := false
		if ok && norms != nil {
			out[i], known = h.HeldOut(norms[i])
		}
		if !known {
			others = append(others, i)
		}
	}
	got, err := scoreParts(ctx, r, len(others), batchOf(r, len(others)),
		func(from, to int) []routers.Prompt { return prompts(others[from:to]) }, progress)
	if err != nil {
		return nil, err
	}
	for k, i := range others {
		out[i] = got[k]
	}
	return out, nil
}
