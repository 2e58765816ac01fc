package weakfirst_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/quiz"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/length"
	"github.com/routellm/routellm/routers/signals"
	"github.com/routellm/routellm/routers/training"
)

// TestSignalTable compares the table of docs/cascade.md on what each signal tells with the stored
// figures.
func TestSignalTable(t *testing.T) {
	all := readFigures(t)
	asked := quiz.Short(len(all), questionSeed)
	right := 0
	for _, f := range all {
		if f.right {
			right++
		}
	}
	table := fmt.Sprintf("%d questions, of which the weak model answers %.1f %% right.\n\n| signal | questions | AUC | AUC within a kind of question |\n| --- | --- | --- | --- |\n",
		len(all), 100*float64(right)/float64(len(all)))
	for _, s := range signals.All() {
		table += aucRow("`"+s.Name+"`", all, asked, func(i int) float64 { return wrongWay[s.Name] * all[i].signals[s.Name] })
	}
	table += aucRow("length of the prompt", all, asked, func(i int) float64 { return float64(len(asked[i].Prompt)) })
	table += aucRow(knownKind, all, asked, func(i int) float64 { return wrongShare(all, asked, i) })
	inDocument(t, "signals", table)
	inDocument(t, "kinds", kindTable(all, asked))
}

// kindTable returns a row per kind of question: how often the weak model is right, and what two signals
// tell there.
func kindTable(all []figures, asked []quiz.Question) string {
	out := "| kind | questions | right | AUC of `logprob_mean` | AUC of `p_true` |\n| --- | --- | --- | --- | --- |\n"
	for _, kind := range quiz.ShortTasks() {
		var wrong []bool
		var mean, sure []float64
		right := 0
		for i, f := range all {
			if asked[i].Task == kind {
				wrong, mean, sure = append(wrong, !f.right), append(mean, -f.signals["logprob_mean"]), append(sure, -f.signals["p_true"])
				if f.right {
					right++
				}
			}
		}
		one := make([]string, len(wrong))
		a, aSE := aucWithin(mean, wrong, one)
		b, bSE := aucWithin(sure, wrong, one)
		out += fmt.Sprintf("| %s | %d | %.0f %% | %.2f ± %.2f | %.2f ± %.2f |\n", kind, len(wrong), 100*float64(right)/float64(len(wrong)), a, aSE, b, bSE)
	}
	return out
}

// knownKind names the row of what knows the kind of a question and nothing else.
const knownKind = "kind of question, known"

// wrongWay is 1 for a signal that is expected to be larger where an answer is wrong, and -1 for one that
// is expected to be smaller.
var wrongWay = map[string]float64{"logprob_mean": -1, "logprob_min": -1, "first_entropy": 1, "agreement": -1, "p_true": -1, "tokens": 1, "chars": 1, "cut": 1,
	"refusal": 1, "hedges": 1, "no_number": 1, "no_choice": 1}

// wrongShare returns the share of wrong answers among the other questions of the same kind.
func wrongShare(all []figures, asked []quiz.Question, i int) float64 {
	wrong, n := 0.0, 0.0
	for k := range all {
		if k != i && asked[k].Task == asked[i].Task {
			n++
			if !all[k].right {
				wrong++
			}
		}
	}
	return wrong / n
}

// aucRow returns the row of a signal: how well it tells wrong answers from right ones, where it is
// known.
func aucRow(name string, all []figures, asked []quiz.Question, of func(i int) float64) string {
	var x []float64
	var wrong []bool
	var kind []string
	for i := range all {
		if v := of(i); !math.IsNaN(v) {
			x, wrong, kind = append(x, v), append(wrong, !all[i].right), append(kind, asked[i].Task)
		}
	}
	if len(x) == 0 || slices.Min(x) == slices.Max(x) {
		return fmt.Sprintf("| %s | %d | the same everywhere | - |\n", name, len(x))
	}
	one := make([]string, len(kind))
	auc, se := aucWithin(x, wrong, one)
	within, withinSE := aucWithin(x, wrong, kind)
	if name == knownKind {
		return fmt.Sprintf("| %s | %d | %.2f ± %.2f | 0.50, by definition |\n", name, len(x), auc, se)
	}
	return fmt.Sprintf("| %s | %d | %.2f ± %.2f | %.2f ± %.2f |\n", name, len(x), auc, se, within, withinSE)
}

// aucWithin returns the share of pairs of a wrong and a right answer of the same group in which the wrong
// one has the larger value, ties counting half, and its standard error (DeLong et al. 1988), where
// groups count by their pairs.
func aucWithin(x []float64, wrong []bool, group []string) (auc, se float64) {
	pairs, variance := 0.0, 0.0
	names := slices.Clone(group)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		var a, b []float64
		for i, g := range group {
			if g == name && wrong[i] {
				a = append(a, x[i])
			} else if g == name {
				b = append(b, x[i])
			}
		}
		n := float64(len(a) * len(b))
		if n == 0 {
			continue
		}
		here, v := delong(a, b)
		auc, variance, pairs = auc+n*here, variance+n*n*v, pairs+n
	}
	return auc / pairs, math.Sqrt(variance) / pairs
}

// delong returns the AUC of a over b and its variance.
func delong(a, b []float64) (auc, variance float64) {
	above := func(x float64, of []float64) float64 {
		sum := 0.0
		for _, y := range of {
			if x > y {
				sum++
			} else if x == y {
				sum += 0.5
			}
		}
		return sum / float64(len(of))
	}
	va, vb := make([]float64, len(a)), make([]float64, len(b))
	for i, x := range a {
		va[i] = above(x, b)
	}
	for i, y := range b {
		vb[i] = 1 - above(y, a)
	}
	return training.Mean(va), spread(va)/float64(len(a)) + spread(vb)/float64(len(b))
}

// spread returns the variance of values; 0 of one.
func spread(x []float64) float64 {
	mean, sum := training.Mean(x), 0.0
	for _, v := range x {
		sum += (v - mean) * (v - mean)
	}
	return sum / max(1, float64(len(x)-1))
}

// TestDollarTable compares the table of docs/cascade.md on cascades and routers of prompts at equal
// dollars with what the stored figures give.
func TestDollarTable(t *testing.T) {
	if os.Getenv("ROUTELLM_NIGHTLY") != "1" {
		t.Skip("skipped: expensive, ROUTELLM_NIGHTLY=1 runs it")
	}
	inDocument(t, "dollars", newExperiment(t).table(t))
}

// experiment holds the figures as data on which routers are trained.
type experiment struct {
	figures []figures // one per row
	data    *harness.TrainingData
	parts   training.Division
	o       pool.Outcomes // the strong model, then the weak one
}

// newExperiment reads the stored figures as a data set with the questions' texts.
func newExperiment(t *testing.T) *experiment {
	t.Helper()
	path, all := filepath.Join(t.TempDir(), "experiment.parquet"), readFigures(t)
	if err := experimentTable(all).WriteFile(path); err != nil {
		t.Fatal(err)
	}
	o := harness.TrainPoolOptions{TrainOptions: harness.TrainOptions{Data: []string{path}}, Models: []string{"big", "small"}}
	d, err := harness.ReadTraining(context.Background(), o, harness.Division{Shares: [3]float64{0.6, 0.2, 0.2}}, true)
	if err == nil {
		err = d.LookAt("small")
	}
	if err != nil {
		t.Fatal(err)
	}
	e := &experiment{figures: all, data: d, parts: training.Divide(d.Outcomes), o: pool.Outcomes{Quality: d.Quality, Cost: d.Cost}}
	e.o.Cluster = eval.ClusterIDs(d.Cluster)
	return e
}

// experimentTable returns the figures as a table of outcomes.
func experimentTable(all []figures) *datasets.Table {
	x := &datasets.Table{Meta: datasets.NewMeta(), HasPrompt: true}
	x.Meta.Name, x.Meta.Unit, x.Meta.Min, x.Meta.Max = "experiment", "accuracy 0-1", 0, 1
	x.Quality = []datasets.Column{{Name: "big"}, {Name: "small"}}
	var extras [7][]float64
	for i, q := range quiz.Short(len(all), questionSeed) {
		f := all[i]
		x.SampleID, x.Task, x.Cluster, x.Prompt = append(x.SampleID, q.ID), append(x.Task, q.Task), append(x.Cluster, q.ID), append(x.Prompt, q.Prompt)
		x.PromptSHA256, x.PromptNormSHA256 = append(x.PromptSHA256, datasets.SHA256Hex(q.Prompt)), append(x.PromptNormSHA256, datasets.NormSHA256Hex(q.Prompt))
		x.Contaminated = append(x.Contaminated, false)
		right, tokens := strong(q)
		x.Quality[0].Values, x.Quality[1].Values = append(x.Quality[0].Values, is(right)), append(x.Quality[1].Values, is(f.right))
		out := math.Expm1(f.signals["tokens"])
		for k, v := range [7]float64{strongPrice.of(f.input, tokens), weakPrice.of(f.input, out), weakPrice.of(f.input+out+trueTokens, 1),
			f.signals["logprob_mean"], f.signals["logprob_min"], f.signals["first_entropy"], f.signals["p_true"]} {
			extras[k] = append(extras[k], v)
		}
	}
	for k, name := range []string{"cost_usd:big", "cost_usd:small", "p_true_usd:small", "logprob_mean:small", "logprob_min:small", "first_entropy:small", "p_true:small"} {
		x.Extras = append(x.Extras, datasets.Column{Name: name, Values: extras[k]})
	}
	return x
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// way is a router of the experiment, trained without a part.
type way struct {
	name  string
	train func(e *experiment, rows []int) (routers.Router, error)
}

func ways() []way {
	ctx := context.Background()
	pair := func(kind string) func(*experiment, []int) (routers.Router, error) {
		return func(e *experiment, rows []int) (routers.Router, error) {
			m, _, err := e.data.TrainPair(ctx, kind, 0, 1, rows, true)
			return m, err
		}
	}
	cascade := func(vectors bool, without ...string) func(*experiment, []int) (routers.Router, error) {
		return func(e *experiment, rows []int) (routers.Router, error) {
			m, _, err := e.data.TrainCascade(ctx, 0, 1, rows, vectors, without...)
			return m, err
		}
	}
	return []way{
		{name: "`length`", train: func(*experiment, []int) (routers.Router, error) { return length.Router{}, nil }},
		{name: "`mf`", train: pair("mf")},
		{name: "`knn`", train: pair("knn")},
		{name: "the kind of question, known", train: pair("subject")},
		{name: "cascade", train: cascade(false)},
		{name: "cascade without `p_true`", train: cascade(false, "p_true")},
		{name: "cascade with the prompt's vector, without `p_true`", train: cascade(true, "p_true")},
	}
}

// scored holds the scores of a router, of rows that it was not trained on.
type scored struct {
	scores []float64
	looks  bool // looks at the weak model's answer
	asks   bool // asks the weak model about it, too
}

// score scores every row by routers that were trained without its part.
func (e *experiment) score(t *testing.T, w way) scored {
	t.Helper()
	out := scored{scores: make([]float64, len(e.data.Prompts))}
	for part := range e.parts.Parts {
		var in, held []int
		var prompts []routers.Prompt
		for i, of := range e.parts.Of {
			if of != part {
				in = append(in, i)
				continue
			}
			held, prompts = append(held, i), append(prompts, e.data.Prompts[i])
		}
		r, err := w.train(e, in)
		if err != nil {
			t.Fatalf("%s: %v", w.name, err)
		}
		s, err := r.Scores(context.Background(), prompts)
		if err != nil {
			t.Fatalf("%s: %v", w.name, err)
		}
		for k, i := range held {
			out.scores[i] = s[k]
		}
		if a, ok := routers.As[routers.AnswerRouter](r); ok {
			out.looks, out.asks = true, a.AnswerNeeds().PTrue
		}
	}
	return out
}

// priced returns the outcomes with costs, where the weak model costs a factor of its price, and what
// asking it about each answer costs.
func (e *experiment) priced(factor float64) (o pool.Outcomes, asking []float64) {
	o = e.o
	o.Cost = pool.NewMatrix(o.N(), 2)
	for i := range o.N() {
		copy(o.Cost.Row(i), []float64{e.o.Cost.At(i, 0), factor * e.o.Cost.At(i, 1)})
		asking = append(asking, factor*weakPrice.of(e.figures[i].input+math.Expm1(e.figures[i].signals["tokens"])+trueTokens, 1))
	}
	return o, asking
}

// path returns the path of scores, in dollars.
func (x scored) path(t *testing.T, o pool.Outcomes, asking []float64) *pool.Sweep {
	t.Helper()
	var s *pool.Sweep
	var err error
	if x.looks {
		s, err = pool.NewDecided(o, pool.OfAnswers(x.scores).Priced(func(i int, c pool.Choice) pool.Choice {
			if c.Cost = o.Cost.At(i, 1); x.asks {
				c.Cost += asking[i]
			}
			if c.Model == 0 {
				c.Cost += o.Cost.At(i, 0)
			}
			return c
		}), 0)
	} else {
		mean := pool.NewConstants(o, nil).Cost
		s, err = pool.NewSweep(o, pool.OfScores(x.scores, mean[0], mean[1]), 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// promptRouters is the number of ways that read the prompt alone, which come first.
const promptRouters = 3

// table returns the lifts in dollars at two prices of the weak model, and how much more they are than
// that of the best router of prompts.
func (e *experiment) table(t *testing.T) string {
	t.Helper()
	var all []scored
	for _, w := range ways() {
		all = append(all, e.score(t, w))
	}
	best, columns := 0, make([][]string, len(all))
	head := ""
	for _, factor := range []float64{1, 0.1} {
		o, asking := e.priced(factor)
		x := pool.Table{Outcomes: o}
		for _, s := range all {
			x.Routers = append(x.Routers, s.path(t, o, asking))
		}
		ev, err := x.Evaluate(eval.Bootstrap{Resamples: 2000, Confidence: 0.95, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		for k := range promptRouters {
			if factor == 1 && ev.Routers[k].Lift.Value > ev.Routers[best].Lift.Value {
				best = k
			}
		}
		c := ev.Constants
		if head == "" {
			head = fmt.Sprintf("Always strong: quality %.3f for $%.3f per 1,000 questions; always weak: %.3f for $%.4f, or a tenth.\n\n", c.Quality[0], 1000*c.Cost[0], c.Quality[1], 1000*c.Cost[1])
		}
		for k := range all {
			columns[k] = append(columns[k], fmt.Sprintf("%.3f [%.3f, %.3f]", ev.Routers[k].Lift.Value, ev.Routers[k].Lift.Lo, ev.Routers[k].Lift.Hi), more(ev, k, best))
		}
	}
	out := head + fmt.Sprintf("| router | lift | more than %[1]s | lift at a tenth | more than %[1]s |\n| --- | --- | --- | --- | --- |\n", ways()[best].name)
	for k, w := range ways() {
		out += fmt.Sprintf("| %s | %s |\n", w.name, strings.Join(columns[k], " | "))
	}
	return out
}

// more returns by how much a router's lift exceeds another's, with the interval of the paired
// difference.
func more(ev *pool.Evaluation, k, than int) string {
	if k == than {
		return "-"
	}
	a, b := ev.Replicates.Routers[k].Lift, ev.Replicates.Routers[than].Lift
	diff := make([]float64, len(a))
	for i := range diff {
		diff[i] = a[i] - b[i]
	}
	interval := eval.Percentile(diff, 0.95)
	return fmt.Sprintf("%+.3f [%.3f, %.3f]", ev.Routers[k].Lift.Value-ev.Routers[than].Lift.Value, interval.Lo, interval.Hi)
}

// inDocument compares a text with the one between the marks of a name in docs/cascade.md, or writes it
// there.
func inDocument(t *testing.T, name, text string) {
	t.Helper()
	const path = "../../docs/cascade.md"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+name+": begin -->\n", "<!-- "+name+": end -->"
	before, rest, found := strings.Cut(string(data), begin)
	old, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has nothing between %q and %q", path, begin, end)
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+begin+text+end+after), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if old != text {
		t.Errorf("%s shows\n%s, and the figures give\n%s (go test ./routers/weakfirst -run Table -update writes it)", path, old, text)
	}
}
