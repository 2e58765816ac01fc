package fit

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/results"
)

// finish tests the chosen router, measures its learning curve and calibrates it.
func (f *fitting) finish(ctx context.Context) (*Result, error) {
	dir, remove, err := outfile.TempDir("routellm-fit-")
	if err != nil {
		return nil, fault.Wrap(err)
	}
	defer remove()
	w, err := f.write(dir)
	if err != nil {
		return nil, err
	}
	out := &Result{Document: f.doc}
	if f.pairwise() && !f.byCost {
		out.Set, err = f.test(ctx, w.router)
	} else {
		out.Set, err = f.testPool(ctx, harness.PredictorsOf([]harness.Router{w.router})[0])
	}
	if err != nil {
		return nil, err
	}
	w.rename(out.Set.Document.Inputs)
	w.rename(out.Set.Inputs)
	if f.options.Curve {
		if err := f.learn(ctx); err != nil {
			return nil, err
		}
	}
	if err := f.power(); err != nil {
		return nil, err
	}
	if !f.better() {
		f.doc.Outcome, f.doc.Fallback = results.FitChance, f.fallback()
		return out, nil
	}
	return out, f.calibrate(ctx, w, out)
}

// written is the chosen router in a file that only this search sees.
type written struct {
	router harness.Router
	path   string // path is that file's; "" if the router has none
	final  string // path under which the caller will write it
	data   []byte
}

// write writes the chosen router and opens it as the program that serves it will.
func (f *fitting) write(dir string) (*written, error) {
	w := &written{final: f.options.ModelPath}
	name := f.chosen.router
	if f.chosen.model != nil {
		w.path = filepath.Join(dir, "router.safetensors")
		if err := f.chosen.model.WriteFile(w.path); err != nil {
			return nil, fault.Wrap(err)
		}
		var err error
		if w.data, err = os.ReadFile(w.path); err != nil {
			return nil, fault.Wrap(err)
		}
		name += ":" + w.path
	}
	r, err := harness.OpenOne(f.chosen.name+"="+name, harness.RouterOptions{})
	w.router = r
	return w, err
}

// rename replaces the path of the router's file by the final one.
func (w *written) rename(inputs []results.Input) {
	for i := range inputs {
		if w.path != "" && inputs[i].Path == w.path {
			inputs[i].Path = w.final
		}
	}
}

// spec returns the router as --router names it.
func (w *written) spec(kind string) string {
	if w.path == "" {
		return kind
	}
	return kind + ":" + w.final
}

// calibrate finds the operating point on the calibration part, and what it does on the test part.
func (f *fitting) calibrate(ctx context.Context, w *written, out *Result) error {
	o, d := f.options, f.options.division()
	options := harness.DefaultCalibrate(o.target())
	options.Feedback, options.Reading, options.Encoder, options.Confidence, options.Data = o.quiet(), o.Reading, o.Encoder, o.Confidence, o.Data
	options.Pair, options.Pricing, options.Strict, options.Seed, options.Division = f.pair(), o.Pricing, o.Strict, o.Seed, &d
	var c *harness.Calibration
	var err error
	if f.pairwise() {
		c, err = harness.Calibrate(ctx, w.router, options)
	} else {
		c, err = harness.CalibratePool(ctx, harness.PredictorsOf([]harness.Router{w.router})[0], f.data.Models, options)
	}
	switch {
	case errors.As(err, new(harness.NoGuarantee)):
		f.doc.Outcome, f.doc.Fallback = results.FitUnproven, f.fallback()
		f.doc.Warnings = append(f.doc.Warnings, err.Error())
		return nil
	case err != nil:
		return err
	}
	f.doc.Calibration, f.doc.Outcome = c.Document, results.FitRouter
	if trivial(c.Document) {
		f.doc.Outcome = results.FitUnproven
		if err := f.needed(ctx, w); err != nil {
			return err
		}
	}
	c.Artifact.Router.Spec = w.spec(f.chosen.router)
	f.doc.Router = c.Artifact.Router
	out.Artifact, out.Model = c.Artifact, w.data
	return nil
}

// trivial reports whether a calibration found no operating point with a guarantee.
func trivial(c *results.Calibration) bool {
	if c.Pool != nil {
		return c.Pool.Points[0].Trivial
	}
	return c.Outcomes.Points[0].Trivial
}
