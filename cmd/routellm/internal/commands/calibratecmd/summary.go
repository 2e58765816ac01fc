package calibratecmd

import (
	"context"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/routers/registry"
)

// withSummary lists the flags that have a meaning with --summary.
var withSummary = []string{"router", "strong-fraction", "quality", "pgr", "confidence", "exact", "pair", "holdout", "seed", "next", "drift", "artifact", "format", "range"}

// calibrateSummary calibrates on the summary of a router.
func (o *options) calibrateSummary(ctx context.Context, registry registry.Options, settings harness.CalibrateOptions) (*harness.Calibration, error) {
	o.ScoresOnly = !o.given.quality && !o.given.pgr // shares of strong calls need no qualities
	all, err := o.OpenSummaries(ctx, settings.Columns.Rows)
	if err != nil {
		return nil, err
	}
	var r harness.Router
	if o.Router != "" {
		if r, err = harness.OpenCalibrated(o.Router, registry); err != nil {
			return nil, err
		}
	}
	return harness.CalibrateSummary(ctx, all, r, settings)
}
