package calibratecmd

import (
	"errors"
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// maxNext bounds --next: the time to sum up its distribution grows with it.
const maxNext = 100_000_000

// check returns an error for flags that are out of range or do not fit together.
func (o options) check() error {
	for _, check := range []func() error{o.checkSource, o.checkModels, o.checkTargets, o.checkShares, o.checkOutputs, o.EncoderFlags.Check} {
		if err := check(); err != nil {
			return err
		}
	}
	return cmdutil.CheckFormat(o.Format, "table", "json", "csv", "tidy", "markdown")
}

// checkSource checks where the scores come from: --router or --from.
func (o options) checkSource() error {
	switch {
	case o.From != "" && o.Drift == "":
		return errors.New("--from requires --drift")
	case o.From != "" && (o.Data != "" || o.Check != "" || o.Artifact != "" || o.Reliability || o.targets() > 0):
		return errors.New("--from already holds a calibration: it cannot be combined with a target, --data, --check, --artifact or --reliability")
	case o.HasSummaries() && o.Artifact != "" && o.Router == "":
		return hint.With(errors.New("--artifact of a summary needs --router: the router whose scores were summed up"), "for example --router mf")
	case o.From == "" && o.Router == "" && !o.HasSummaries():
		return hint.With(errors.New("--router is required"), "for example --router length")
	}
	return nil
}

// targets returns the number of kinds of targets that are given.
func (o options) targets() int {
	n := 0
	for _, given := range []bool{len(o.Fractions) > 0, o.given.quality, o.given.pgr, o.given.budget} {
		if given {
			n++
		}
	}
	return n
}

// needsOutcomes reports whether the flags ask for something that scores alone cannot give.
func (o options) needsOutcomes() bool {
	return o.given.quality || o.given.pgr || o.given.budget || o.Reliability
}

// checkTargets checks that the target is clear and fits the other flags.
func (o options) checkTargets() error {
	switch n := o.targets(); {
	case n > 1:
		return fmt.Errorf("%d targets are given: want one of --strong-fraction, --quality, --pgr and --budget-usd", n)
	case n == 0 && !o.Reliability && o.From == "" && !(o.HasSummaries() && o.Drift != ""):
		return hint.With(errors.New("no target is given: want --strong-fraction"), "for example --strong-fraction 0.5",
			"for data with outcomes, also --quality, --pgr or --budget-usd")
	case o.given.budget && o.Exact:
		return errors.New("--exact cannot be combined with --budget-usd: costs have no bounds")
	case o.Exact && !o.given.quality && !o.given.pgr:
		return errors.New("--exact requires --quality or --pgr")
	case o.Check != "" && o.needsOutcomes():
		return errors.New("--check can only be combined with --strong-fraction: for other targets, the held-out part is the check")
	case o.Artifact != "" && (len(o.Fractions) > 1 || n == 0):
		return errors.New("--artifact stores one threshold: want exactly one target")
	}
	return nil
}

// checkShares returns an error for a number out of range. The conditions say what is
// allowed, so that NaN fails.
func (o options) checkShares() error {
	for _, p := range o.Fractions {
		if !(p >= 0 && p <= 1) {
			return hint.With(fmt.Errorf("--strong-fraction %v: want a share in [0,1]", p), hint.Fraction(p)...)
		}
	}
	for _, x := range []struct {
		flag  string
		value float64
	}{{"quality", o.Quality}, {"pgr", o.PGR}} {
		if !(x.value >= 0 && x.value <= 1) {
			return hint.With(fmt.Errorf("--%s %v: want a share in [0,1]", x.flag, x.value), hint.Fraction(x.value)...)
		}
	}
	switch {
	case !(o.Confidence >= 0.5 && o.Confidence <= 0.9999):
		var hints []string
		if o.Confidence >= 50 { // 2 % would be as wrong as 2
			hints = hint.Fraction(o.Confidence)
		}
		return hint.With(fmt.Errorf("--confidence %v: want 0.5 to 0.9999", o.Confidence), hints...)
	case !(o.Holdout >= 0 && o.Holdout < 1):
		return hint.With(fmt.Errorf("--holdout %v: want a share in [0,1)", o.Holdout), hint.Fraction(o.Holdout)...)
	case o.Next < 0 || o.Next > maxNext:
		return fmt.Errorf("--next %d: want 0 to %s", o.Next, text.Thousands(maxNext))
	case o.given.budget && !(o.Budget > 0):
		return fmt.Errorf("--budget-usd %v: want a positive number", o.Budget)
	}
	return o.checkPrices()
}

func (o options) checkPrices() error {
	if o.Prices == nil {
		return nil
	}
	if len(o.Prices) != 2 || !(o.Prices[0] >= 0 && o.Prices[1] >= 0) {
		return fmt.Errorf("--prices %s: want two numbers, STRONG,WEAK, neither negative", (*cmdutil.Numbers)(&o.Prices))
	}
	return nil
}

func (o options) checkOutputs() error {
	if o.Plot != "" && !o.Reliability {
		return errors.New("--out draws the reliability diagram: it requires --reliability")
	}
	if _, err := render.StyleOf(o.PictureFlags); err != nil {
		return err
	}
	return render.CheckPicture("--out", o.Plot)
}
