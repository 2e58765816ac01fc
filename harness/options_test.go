package harness_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// TestOptionsAreChecked passes options that a call cannot follow, among them zero values.
func TestOptionsAreChecked(t *testing.T) {
	ctx := context.Background()
	length := open(t, "length")
	benches := load(t, "mt-bench", length, harness.LoadOptions{})
	scores, err := harness.Score(ctx, append(length, open(t, "random")...), benches, harness.Feedback{})
	if err != nil {
		t.Fatal(err)
	}
	sets := []*harness.ScoreSet{scores}
	compare := func(change func(*harness.CompareOptions)) error {
		o := harness.DefaultCompare()
		change(&o)
		_, err := harness.Compare(ctx, sets, nil, o)
		return err
	}
	calibrate := func(r harness.Router, target harness.Target, change func(*harness.CalibrateOptions)) error {
		o := harness.DefaultCalibrate(target)
		change(&o)
		_, err := harness.Calibrate(ctx, r, o)
		return err
	}
	half, other := harness.StrongFractions(0.5), *scores
	run := func(i harness.Intervals) error {
		_, err := harness.Run(ctx, length, benches, harness.RunOptions{Intervals: i})
		return err
	}
	result := func(_ any, err error) error { return err }
	plan := func(o harness.PlanOptions) error { _, _, err := harness.Plan(benches, o); return err }
	train := func(router string, gold ...string) error {
		_, _, err := harness.Train(ctx, router, harness.TrainOptions{Gold: gold})
		return err
	}
	for want, err := range map[string]error{
		"confidence 0: expected a number above 0.5":       compare(func(o *harness.CompareOptions) { *o = harness.CompareOptions{} }),
		"10 resamples: expected 39 to 100,000":            compare(func(o *harness.CompareOptions) { o.Resamples = 10 }),
		"-1 permutations: expected 0":                     compare(func(o *harness.CompareOptions) { o.Permutations = -1 }),
		"margin 0: expected a difference in APGR":         compare(func(o *harness.CompareOptions) { o.Margin = 0 }),
		"strong fraction 2 of the decisions":              compare(func(o *harness.CompareOptions) { o.At = 2 }),
		"no router to compare":                            result(harness.Compare(ctx, nil, nil, harness.DefaultCompare())),
		`"length" is the only router`:                     result(harness.Compare(ctx, sets, scores.Contenders("")[:1], harness.DefaultCompare())),
		"is in a set that is not among those to compare":  result(harness.Compare(ctx, []*harness.ScoreSet{&other}, scores.Contenders(""), harness.DefaultCompare())),
		"confidence 0: expected 0.5 to 0.9999":            calibrate(length[0], half, func(o *harness.CalibrateOptions) { *o = harness.CalibrateOptions{Target: half} }),
		"held-out share 1: expected a share in [0,1)":     calibrate(length[0], half, func(o *harness.CalibrateOptions) { o.Holdout = 1 }),
		"1 price: expected two":                           calibrate(length[0], half, func(o *harness.CalibrateOptions) { o.Prices = []float64{1} }),
		"nothing to calibrate":                            calibrate(length[0], harness.Target{}, func(*harness.CalibrateOptions) {}),
		"no strong fraction: expected at least one":       calibrate(length[0], harness.StrongFractions(), func(*harness.CalibrateOptions) {}),
		`router "" is not open`:                           calibrate(harness.Router{}, half, func(*harness.CalibrateOptions) {}),
		"need data with both models' outcomes":            calibrate(length[0], harness.KeepQuality(0.9), func(*harness.CalibrateOptions) {}),
		"no samples are held out":                         calibrate(length[0], harness.KeepQuality(0.9), func(o *harness.CalibrateOptions) { o.Data, o.Holdout = "mmlu", 0 }),
		"needs outcomes and cannot be calibrated":         calibrate(open(t, "oracle")[0], half, func(*harness.CalibrateOptions) {}),
		`interval method "bca"`:                           run(harness.Intervals{Method: "bca", Confidence: 0.9}),
		"confidence 2: expected a number above 0":         run(harness.Intervals{Method: harness.Bootstrap, Confidence: 2}),
		"5 resamples: expected 0 for no intervals":        run(harness.Intervals{Method: harness.Bootstrap, Confidence: 0.95, Resamples: 5}),
		"margin 1: expected a difference in APGR":         plan(harness.PlanOptions{Margin: 1}),
		"guarantee 1: expected a share of the strong":     plan(harness.PlanOptions{Margin: 0.1, Guarantee: 1}),
		"cosine 0 of near-duplicates":                     result(harness.Overlap(ctx, "mt-bench", "mt-bench", harness.OverlapOptions{})),
		`router "length" cannot be trained`:               train("length"),
		`gold rows "gsm8k": expected NAME:COUNT`:          train("knn", "gsm8k"),
		`gold rows "gsm8k:9999999"`:                       train("knn", "gsm8k:9999999"),
		`unknown router "mmlu"`:                           result(harness.Evaluate(ctx, []string{"mmlu"}, []string{"mf"}, harness.RunOptions{})),
		`router "length,mf" stands for 2 routers`:         result(harness.OpenOne("length,mf", harness.RouterOptions{})),
		`benchmark "gsm8k" is named twice`:                result(harness.BenchmarkNames([]string{"all", "gsm8k"})),
		`no built-in benchmark is called "arena"`:         harness.CheckBenchmark("arena"),
		"makes decisions and has no curve":                harness.CheckCurves([]harness.Router{harness.Own("d", decider{})}),
		`router "d" knows only the prompts of its file`:   result(harness.NewScorer(harness.Own("d", decider{}), harness.Encoder{}, harness.Feedback{})),
		`router "oracle" needs outcomes and cannot route`: result(harness.NewScorer(open(t, "oracle")[0], harness.Encoder{}, harness.Feedback{})),
		`router "bert" has scores of only the built-in`:   result(harness.NewScorer(open(t, "bert")[0], harness.Encoder{}, harness.Feedback{})),
		"0 scores for 72 prompts, expected one score per": result(harness.Score(ctx, []harness.Router{harness.Own("mute", mute{})}, benches, harness.Feedback{})),
		"no such file": result(harness.Audit(ctx, []string{"none.parquet"}, harness.AuditOptions{})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
	reversed := harness.LoadOptions{Pair: results.Pair{Strong: "mistralai/Mixtral-8x7B-Instruct-v0.1", Weak: "gpt-4-1106-preview"}}
	if _, err := harness.Run(ctx, length, load(t, "gsm8k", length, reversed), harness.RunOptions{}); err == nil || !strings.Contains(err.Error(), "the weak model") {
		t.Errorf("a reversed pair: error %v", err)
	}
}

// decider is a router that makes decisions.
type decider struct{ constant }

func (decider) Decides() {}

// mute is a router that returns no scores.
type mute struct{ constant }

func (mute) Scores(context.Context, []routers.Prompt) ([]float64, error) { return nil, nil }

// TestConventions evaluates with the reference's conventions, by formula, by task and on
// corrected labels.
func TestConventions(t *testing.T) {
	ctx := context.Background()
	rs := open(t, "random,mf,length")
	compat := load(t, "mmlu", rs, harness.LoadOptions{KeepTraining: true})
	e, err := harness.Run(ctx, rs, compat, harness.RunOptions{CompatBins: 10, Points: harness.DefaultPoints()})
	if err != nil {
		t.Fatal(err)
	}
	b := e.Document.Benchmarks[0]
	if b.Samples != 14037 || e.Document.Conventions.NumResults != 10 || !strings.Contains(strings.Join(b.Warnings, "\n"), "1,514 samples are training prompts of a router") {
		t.Errorf("%d samples, warnings %q", b.Samples, b.Warnings)
	}
	both := load(t, "gsm8k", rs, harness.LoadOptions{Regraded: true, ByTask: true})
	if len(both) != 2 || both[1].Name() != "gsm8k-regraded" {
		t.Fatalf("%d benchmarks, want gsm8k and gsm8k-regraded", len(both))
	}
	e, err = harness.Run(ctx, rs, both, harness.RunOptions{Intervals: harness.Intervals{Method: harness.Influence, Confidence: 0.95}})
	if err != nil {
		t.Fatal(err)
	}
	published, corrected := e.Document.Benchmarks[0], e.Document.Benchmarks[1]
	if published.WeakQuality == corrected.WeakQuality || len(corrected.Routers[1].Slices) == 0 || !corrected.Routers[1].Metrics.APGR.Lo.Exists() {
		t.Errorf("weak quality %v and %v, want it to differ, with slices and intervals", published.WeakQuality, corrected.WeakQuality)
	}
	if _, err := harness.Load(ctx, []string{"mt-bench"}, nil, harness.LoadOptions{Regraded: true}); err == nil {
		t.Error("mt-bench has corrected labels, want an error")
	}
}

func TestAuditAndOverlap(t *testing.T) {
	ctx := context.Background()
	a, err := harness.Audit(ctx, []string{"gsm8k", ownData(t)}, harness.AuditOptions{Routers: open(t, "length"), Cosine: 0.95, Rows: 2})
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]int{}
	for _, f := range a.Files[0].Findings {
		codes[f.Code] = f.Count
		if len(f.Rows) > 2 {
			t.Errorf("%s: %d rows listed, want at most 2", f.Code, len(f.Rows))
		}
	}
	if len(codes) == 0 || a.Files[1].Kind != "data" {
		t.Errorf("findings %v, kind %q", codes, a.Files[1].Kind)
	}
	within, err := harness.Overlap(ctx, "mt-bench", "mt-bench", harness.OverlapOptions{Cosine: 0.95, Pairs: 3})
	if err != nil || !within.Within || within.Same != 0 || len(within.Pairs) != 3 {
		t.Errorf("within mt-bench: %+v, %v, want no prompt twice", within, err)
	}
	data := ownData(t)
	between, err := harness.Overlap(ctx, data, ownData(t), harness.OverlapOptions{Cosine: 0.95, Pairs: 1})
	if err != nil || between.Within || between.Same != 60 {
		t.Errorf("two files with the same prompts: %+v, %v, want 60 prompts in both", between, err)
	}
}

// TestTrainOnGrades trains on grades, whose prompts from benchmarks are left out.
func TestTrainOnGrades(t *testing.T) {
	var notes []string
	o := harness.TrainOptions{Data: []string{"judge"}}
	o.Note = func(text string) { notes = append(notes, text) }
	model, reports, err := harness.Train(context.Background(), "knn", o)
	if err != nil || len(reports) != 1 || reports[0].Prompts != 299 {
		t.Fatalf("reports %+v, %v, want one of 299 prompts", reports, err)
	}
	if want := "judge: left out 1 prompt found in a benchmark, exactly or as near-duplicates"; strings.Join(notes, "\n") != want {
		t.Errorf("notes %q, want %q", notes, want)
	}
	if err := model.WriteFile(filepath.Join(t.TempDir(), "knn.safetensors")); err != nil {
		t.Error(err)
	}
	if votes, err := harness.Votes(); err != nil || votes.Rows() != 9286 {
		t.Errorf("votes: %v", err)
	}
}

// TestEncoderServer takes vectors from a server, and the second time from the cache.
func TestEncoderServer(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		asked += len(request.Input)
		var data []string
		for i, text := range request.Input {
			data = append(data, fmt.Sprintf(`{"object":"embedding","index":%d,"embedding":[%d,1]}`, i, len(text)))
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"object":"list","model":"m","data":[%s],"usage":{"prompt_tokens":1,"total_tokens":1}}`, strings.Join(data, ","))
	}))
	defer server.Close()
	o := harness.Encoder{Server: true, URL: server.URL, Key: "none", Model: "m", CacheDir: t.TempDir()}
	for range 2 {
		e := harness.NewEncoders(o, harness.Feedback{})
		if err := e.Open(); err != nil {
			t.Fatal(err)
		}
		vectors, name, digest, err := e.Encode(context.Background(), []string{"a", "bcd"})
		if err != nil || name != "openai:m" || digest == "" || fmt.Sprint(vectors) != "[[1 1] [3 1]]" {
			t.Errorf("vectors %v of %q, %v", vectors, name, err)
		}
	}
	if asked != 2 {
		t.Errorf("the server was asked for %d vectors, want 2", asked)
	}
	vectors, name, _, err := harness.NewEncoders(harness.Encoder{}, harness.Feedback{}).Encode(context.Background(), []string{"a"})
	if err != nil || name != "static" || len(vectors) != 1 {
		t.Errorf("%d vectors of %q, %v, want one of the built-in encoder", len(vectors), name, err)
	}
}
