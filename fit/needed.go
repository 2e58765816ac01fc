package fit

import (
	"context"
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers"
)

// savedCalls is the share of the calls to the best model, or of its cost, that a guarantee must save
// to be worth it.
const savedCalls = 0.1

// needed estimates how many more prompts would give a guarantee that saves a tenth of the calls to
// the best model, with 80 % power. Its test asks whether D = quality - share * best quality has a
// mean above 0.
func (f *fitting) needed(ctx context.Context, w *written) error {
	rows := f.usable(harness.CalibrationPart)
	d, err := f.kept(ctx, w, rows)
	if err != nil {
		return err
	}
	kept, err := eval.NewGap(eval.Outcomes{Strong: d, Weak: make([]float64, len(d)), Weight: f.data.Weights(rows)}, f.data.Clusters(rows))
	if err != nil {
		return err
	}
	if kept.Value <= 0 {
		f.doc.Power.Calibration = -1
		return nil
	}
	n := float64(len(rows))
	z := eval.NormalQuantile(2*f.options.Confidence-1) + eval.DetectableSE(f.options.Confidence) - eval.NormalQuantile(f.options.Confidence)
	need := n * math.Pow(z*kept.SE/kept.Value, 2)
	f.doc.Power.Calibration = roundUp((need - n) / f.options.Shares[harness.CalibrationPart])
	return nil
}

// kept returns D of each row where the router saves a tenth of the calls to the best model.
func (f *fitting) kept(ctx context.Context, w *written, rows []int) ([]float64, error) {
	if f.pairwise() {
		return f.keptOfPair(ctx, w, rows)
	}
	return f.keptOfPool(ctx, w, rows)
}

func (f *fitting) keptOfPair(ctx context.Context, w *written, rows []int) ([]float64, error) {
	r, err := w.router.ForPair(f.pair())
	if err != nil {
		return nil, err
	}
	scores, err := r.Scores(ctx, slicesx.Pick(f.data.Prompts, rows))
	if err != nil {
		return nil, err
	}
	at := eval.Outcomes{Strong: scores, Weight: f.data.Weights(rows)}.Quantiles(scores, 1+1/savedCalls)[1]
	out, share := make([]float64, len(rows)), f.options.Quality
	for k, i := range rows {
		strong := f.data.Quality.At(i, f.strong)
		out[k] = f.data.Quality.At(i, f.weak) - float64(share*strong)
		if scores[k] >= at {
			out[k] = (1 - share) * strong
		}
	}
	return out, nil
}

func (f *fitting) keptOfPool(ctx context.Context, w *written, rows []int) ([]float64, error) {
	p, err := routers.ForPool(routers.PredictorOf(w.router.Router), routers.Pool{Models: f.data.Models})
	if err != nil {
		return nil, err
	}
	o := pool.Outcomes{Quality: f.data.Quality.Pick(rows), Cost: f.data.Cost.Pick(rows), Weight: f.data.Weights(rows)}
	c := pool.NewConstants(o, nil)
	predicted := pool.Predictions{}
	if predicted.Quality, predicted.Cost, err = p.Predict(ctx, slicesx.Pick(f.data.Prompts, rows)); err != nil {
		return nil, err
	}
	if predicted.Cost.Rows() == 0 {
		predicted.Cost = pool.Matrix{Columns: len(c.Cost), Values: c.Cost}
	}
	path, err := pool.NewPath(o, predicted, 0)
	if err != nil {
		return nil, err
	}
	y := pool.Policy{Lambda: path.Vertices[0].Lambda, Mix: 1}
	for _, v := range path.Vertices {
		if v.Cost <= (1-savedCalls)*c.Cost[c.Best] {
			y.Lambda = v.Lambda
		}
	}
	given, _, err := y.Apply(o, predicted, 0)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(rows))
	for k := range out {
		out[k] = given.Quality[k] - float64(f.options.Quality*o.Quality.At(k, c.Best))
	}
	return out, nil
}
