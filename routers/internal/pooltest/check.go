package pooltest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// Model is what every trained router among several models is.
type Model interface {
	routers.Predictor
	routers.Trained
	routers.Signed
	routers.Weighted
	routers.HeldOutPredictor
	Bytes() ([]byte, error)
	WriteFile(path string) error
}

// Router says how a router is trained and opened.
type Router struct {
	Train func(ctx context.Context, o *training.Outcomes, options training.Options) (Model, training.Validation, error)
	Open  func(path string) (Model, error)
	// Optional names the tensors that a file need not have.
	Optional []string
}

// Check tests what holds of every router.
func Check(t *testing.T, r Router) {
	t.Run("out of fold", r.outOfFold)
	t.Run("honest", r.honest)
	t.Run("file", r.file)
	t.Run("damaged", r.damaged)
	t.Run("gaps", r.gaps)
	t.Run("edges", r.edges)
	t.Run("interrupted", r.interrupted)
}

func (r Router) train(t *testing.T, o *training.Outcomes) (Model, training.Validation) {
	t.Helper()
	m, v, err := r.Train(context.Background(), o, training.Options{Encoder: "e", EncoderSHA256: "d", Recipe: "made", Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	finite(t, v.Quality)
	finite(t, v.Cost)
	return m, v
}

func finite(t *testing.T, m pool.Matrix) {
	t.Helper()
	if i := slices.IndexFunc(m.Values, func(v float64) bool { return !num.Finite(v) }); i >= 0 {
		t.Fatalf("prediction %d of %d is %v", i, len(m.Values), m.Values[i])
	}
}

// outOfFold expects predictions that are better than the models' means, and that the model keeps.
func (r Router) outOfFold(t *testing.T) {
	o := Outcomes(400, 3, 7)
	m, v := r.train(t, o)
	own, constant := 0.0, 0.0
	for k := range o.Models {
		mean := training.Mean(o.Quality.Column(k))
		for i := range o.Prompts {
			y := o.Quality.At(i, k)
			own += math.Pow(y-v.Quality.At(i, k), 2)
			constant += math.Pow(y-mean, 2)
		}
	}
	if own >= 0.97*constant {
		t.Errorf("the squared error out of fold is %v, that of the means %v", own, constant)
	}
	for i, norm := range o.Norm {
		if kept, ok := m.HeldOutPrediction(norm); !ok || !slices.Equal(kept, v.Quality.Row(i)) {
			t.Fatalf("row %d: the model keeps %v, the validation has %v", i, kept, v.Quality.Row(i))
		}
	}
	if _, ok := m.HeldOutPrediction("other"); ok {
		t.Error("the model has a held-out prediction of a prompt that it was not trained on")
	}
}

// honest changes the outcomes of one part. Its predictions must stay as they were: neither the
// fit nor the choice of settings may see them. Only the level of all rows may move.
func (r Router) honest(t *testing.T) {
	o := Outcomes(120, 3, 3)
	_, before := r.train(t, o)
	changed, d := Clone(o), training.Divide(o)
	for i, part := range d.Of {
		if part == 4 {
			slices.Reverse(changed.Quality.Row(i))
			slices.Reverse(changed.Cost.Row(i))
		}
	}
	_, after := r.train(t, changed)
	before, after = unlevelled(o, before), unlevelled(changed, after)
	same := true
	for i, part := range d.Of {
		equal := floats.EqualApprox(before.Quality.Row(i), after.Quality.Row(i), 1e-9) && floats.EqualApprox(before.Cost.Row(i), after.Cost.Row(i), 1e-9)
		if part == 4 && !equal {
			t.Fatalf("row %d: its own outcomes changed its predictions from %v, %v to %v, %v", i, before.Quality.Row(i), before.Cost.Row(i), after.Quality.Row(i), after.Cost.Row(i))
		}
		same = same && equal
	}
	if same {
		t.Error("outcomes changed no prediction at all")
	}
}

// unlevelled returns predictions relative to the means of all rows.
func unlevelled(o *training.Outcomes, v training.Validation) training.Validation {
	out := training.Validation{Quality: pool.NewMatrix(len(o.Prompts), len(o.Models)), Cost: pool.NewMatrix(len(o.Prompts), len(o.Models))}
	for m := range o.Models {
		quality, cost := training.Mean(o.Quality.Column(m)), training.Mean(o.Cost.Column(m))
		for i := range o.Prompts {
			out.Quality.Row(i)[m], out.Cost.Row(i)[m] = v.Quality.At(i, m)-quality, v.Cost.At(i, m)/cost
		}
	}
	return out
}

// file expects equal bytes on any number of cores, and the same predictions from the file.
func (r Router) file(t *testing.T) {
	o := Outcomes(90, 4, 5)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	m, _ := r.train(t, o)
	runtime.GOMAXPROCS(4)
	again, _ := r.train(t, o)
	a, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := again.Bytes(); err != nil || !bytes.Equal(a, b) {
		t.Errorf("the bytes depend on the number of cores (error %v)", err)
	}
	path := filepath.Join(t.TempDir(), "model")
	if err := m.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	read, err := r.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	samePredictions(t, m, read, o.Prompts[:20])
	if read.SHA256() == "" || !slices.Equal(read.Models(), o.Models) || len(read.TrainingPrompts()) != 90 {
		t.Errorf("the file has the digest %q, the models %v and %s", read.SHA256(), read.Models(), text.Plural(len(read.TrainingPrompts()), "training prompt"))
	}
}

func samePredictions(t *testing.T, a, b Model, prompts []routers.Prompt) {
	t.Helper()
	q, c, err := a.Predict(context.Background(), prompts)
	if err != nil {
		t.Fatal(err)
	}
	finite(t, q)
	finite(t, c)
	q2, c2, err := b.Predict(context.Background(), prompts)
	if err != nil || !slices.Equal(q.Values, q2.Values) || !slices.Equal(c.Values, c2.Values) {
		t.Errorf("predictions differ (error %v)", err)
	}
	if q.Rows() != len(prompts) || q.Columns != len(a.Models()) || c.Rows() != 1 && c.Rows() != len(prompts) {
		t.Errorf("%d by %d qualities and %s of costs", q.Rows(), q.Columns, text.Plural(c.Rows(), "row"))
	}
}

// damaged expects one clear error from files that are cut short or lack a part.
func (r Router) damaged(t *testing.T) {
	m, _ := r.train(t, Outcomes(60, 3, 9))
	whole, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 7, 100, len(whole) / 2, len(whole) - 1} {
		r.refuses(t, "cut short", whole[:n])
	}
	parse := func() *safetensors.File {
		f, err := safetensors.Read(whole)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for name, tensor := range parse().Tensors {
		if slices.Contains(r.Optional, name) {
			continue
		}
		f := parse()
		delete(f.Tensors, name)
		r.refuses(t, "without tensor "+name, bytesOf(t, f))
		f.Tensors[name] = safetensors.NewFloats(make([]float64, 5), 5)
		if len(tensor.Shape) == 2 {
			r.refuses(t, "with another shape of "+name, bytesOf(t, f))
		}
	}
	for name, tensor := range parse().Tensors {
		if strings.Contains(name, "cost") && name != "log_cost" {
			f := parse()
			binary.LittleEndian.PutUint64(f.Tensors[name].Data[len(tensor.Data)-8:], math.Float64bits(-1))
			r.refuses(t, "with a negative value in "+name, bytesOf(t, f))
		}
	}
	for _, key := range []string{"format", "version", "models", "sources", "seed"} {
		f := parse()
		f.Metadata[key] = "x"
		r.refuses(t, "with another "+key, bytesOf(t, f))
	}
	f := parse()
	f.Metadata["models"] = `["a","a","b"]`
	r.refuses(t, "with a model twice", bytesOf(t, f))
}

func bytesOf(t *testing.T, f *safetensors.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// refuses expects an error that names the file.
func (r Router) refuses(t *testing.T, what string, data []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.bin")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Open(path); err == nil || !strings.Contains(err.Error(), "model.bin") {
		t.Errorf("%s: error %v, want one that names the file", what, err)
	}
}

// gaps expects a router from models that were measured on different rows.
func (r Router) gaps(t *testing.T) {
	o := Outcomes(150, 4, 11)
	for i := range o.Prompts {
		o.Quality.Row(i)[i%3], o.Cost.Row(i)[i%3] = math.NaN(), math.NaN()
	}
	m, _ := r.train(t, o)
	path := filepath.Join(t.TempDir(), "model")
	if err := m.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	read, err := r.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	samePredictions(t, m, read, o.Prompts)
}

// edges trains on data at the edge of what can be trained on, and past it.
func (r Router) edges(t *testing.T) {
	constant := Outcomes(60, 2, 13)
	free := Outcomes(60, 2, 13)
	for i := range constant.Prompts {
		constant.Quality.Row(i)[0] = 0.5
		free.Cost.Row(i)[0] = 0
	}
	uncosted := Outcomes(60, 2, 13)
	uncosted.Cost = pool.Matrix{}
	few := Outcomes(60, 2, 13) // three clusters of 20
	for i := range few.Cluster {
		few.Cluster[i] = string(rune('a' + i%3))
	}
	for _, o := range []*training.Outcomes{constant, free, Outcomes(20, 2, 1), few} {
		m, _ := r.train(t, o)
		samePredictions(t, m, m, o.Prompts)
	}
	m, v := r.train(t, uncosted)
	if _, c, err := m.Predict(context.Background(), uncosted.Prompts); err != nil || c.Rows() != 0 || v.Cost.Rows() != 0 {
		t.Errorf("%s of costs where none are known, error %v", text.Plural(c.Rows(), "row"), err)
	}
	never := Outcomes(60, 2, 1)
	for i := range never.Prompts {
		never.Quality.Row(i)[1] = math.NaN()
	}
	one := Outcomes(60, 2, 1)
	for i := range one.Cluster {
		one.Cluster[i] = "the same"
	}
	for want, o := range map[string]*training.Outcomes{
		`model "model-1" was measured on 0 rows, expected at least 20`: never,
		"expected at least 2 models":                                   Outcomes(60, 1, 1),
		"measured on 19 rows":                                          Outcomes(19, 2, 1),
		"all rows are in one cluster":                                  one,
	} {
		if _, _, err := r.Train(context.Background(), o, training.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// interrupted expects the context's error.
func (r Router) interrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := r.Train(ctx, Outcomes(60, 2, 1), training.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}
