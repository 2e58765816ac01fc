package harness_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval/logged"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
)

// TestDecisionLog gives the log of serve itself where a table is expected.
func TestDecisionLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "decisions.jsonl")
	log := `{"schema_version":2,"time":"2026-01-02T03:04:05Z","id":"a","endpoint":"chat","prompt_sha256":"` + strings.Repeat("a", 64) + `","decision":"strong","score":0.5,"propensity":0.5}` + "\n" +
		`{"schema_version":2,"feedback":{"id":"a","quality":1}}` + "\n"
	if err := os.WriteFile(path, []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	calibrate := func(router string, change func(*harness.CalibrateOptions)) error {
		r, err := harness.OpenCalibrated(router, harness.RouterOptions{})
		if err != nil {
			return err
		}
		o := harness.DefaultCalibrate(harness.StrongFractions(0.3))
		change(&o)
		_, err = harness.Calibrate(ctx, r, o)
		return err
	}
	for name, err := range map[string]error{
		"--data":   calibrate("length", func(o *harness.CalibrateOptions) { o.Data = path }),
		"--check":  calibrate("length", func(o *harness.CalibrateOptions) { o.Check = path }),
		"scores":   calibrate("scores:"+path, func(*harness.CalibrateOptions) {}),
		"eval log": logError(ctx, path),
	} {
		if err == nil || !strings.Contains(err.Error(), "holds a decision log of serve, expected a table made from it") ||
			!slices.Contains(hint.Of(err), "routellm log "+path+" --out traffic.parquet makes it") {
			t.Errorf("%s: error %v, hints %q", name, err, hint.Of(err))
		}
	}
}

func logError(ctx context.Context, path string) error {
	_, err := harness.EvaluateLog(ctx, path, harness.LoggedOptions{Method: logged.SNDR, Intervals: harness.Intervals{Method: harness.Bootstrap, Resamples: 100, Confidence: 0.95}})
	return err
}
