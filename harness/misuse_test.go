package harness

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/routers"
)

// wrongScores is a router that returns one fixed score per prompt.
type wrongScores float64

func (wrongScores) Needs() routers.Needs { return routers.Needs{} }

func (w wrongScores) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	for i := range out {
		out[i] = float64(w)
	}
	return out, nil
}

// TestMisuse makes calls that could only give wrong numbers, or panic.
func TestMisuse(t *testing.T) {
	ctx := context.Background()
	length, err := Open([]string{"length"}, RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	benches, err := Load(ctx, []string{"mt-bench"}, length, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	for want, call := range map[string]func() error{
		`two benchmarks are called "mt-bench"`: func() error {
			_, err := Run(ctx, length, []*Benchmark{benches[0], benches[0]}, RunOptions{})
			return err
		},
		"context canceled": func() error {
			_, err := Run(canceled, length, benches, RunOptions{})
			return err
		},
		"score NaN, expected a finite number": func() error {
			s, err := NewScorer(Own("mine", wrongScores(math.NaN())), Encoder{}, Feedback{})
			if err == nil {
				_, err = s.Score(ctx, "id", "text")
			}
			return err
		},
		"1 id for 2 texts": func() error {
			s, err := NewScorer(length[0], Encoder{}, Feedback{})
			if err == nil {
				_, _, err = s.Scores(ctx, []string{"id"}, []string{"a", "b"})
			}
			return err
		},
		"target 9: expected a share in [0,1]": func() error {
			_, err := Calibrate(ctx, length[0], DefaultCalibrate(KeepQuality(9)))
			return err
		},
		"strong fraction NaN": func() error {
			_, err := Calibrate(ctx, length[0], DefaultCalibrate(StrongFractions(math.NaN())))
			return err
		},
		"-3 closest pairs": func() error {
			_, err := Overlap(ctx, "gsm8k", "gsm8k", OverlapOptions{Cosine: 0.9, Pairs: -3})
			return err
		},
		"2 names for 0 routers": func() error {
			_, err := ByTask(&ScoredBenchmark{}, []string{"a", "b"}, 0.95)
			return err
		},
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestDriftAlone compares new scores without setting a threshold.
func TestDriftAlone(t *testing.T) {
	length, err := OpenOne("length", RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	o := DefaultCalibrate(Target{})
	o.Drift = "mt-bench"
	c, err := Calibrate(context.Background(), length, o)
	if err != nil {
		t.Fatal(err)
	}
	if c.Document.Drift == nil || c.Document.Prompts != 9286 || c.Artifact != nil {
		t.Errorf("%+v, artifact %v", c.Document, c.Artifact)
	}
}
