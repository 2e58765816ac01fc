package scores

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers"
)

func TestPredictions(t *testing.T) {
	p, err := OpenPredictions(write(t, "s.csv", "sample_id,score:a,score:b,score:c,cost:a,cost:c,training\nx,1,,3,10,30,true\ny,4,,6,40,60,false\n"))
	if err != nil {
		t.Fatal(err)
	}
	prompts := []routers.Prompt{{ID: "y"}, {ID: "x"}}
	of, err := routers.ForPool(p, routers.Pool{Models: []string{"c", "a"}})
	if err != nil {
		t.Fatal(err)
	}
	q, k, err := of.Predict(context.Background(), prompts)
	if err != nil || !slices.Equal(q.Values, []float64{6, 4, 3, 1}) || !slices.Equal(k.Values, []float64{60, 40, 30, 10}) {
		t.Errorf("%v, %v, %v", q, k, err)
	}
	on, ok := routers.As[routers.TrainedOn](of)
	if !ok || on.TrainedOn(prompts[0]) || !on.TrainedOn(prompts[1]) {
		t.Error("the prompts that the file marks as training prompts are not known")
	}
	r, err := routers.AnyPair(p).(routers.Unpaired).ForPair("a", "c")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.Scores(context.Background(), prompts); err != nil || !slices.Equal(got, []float64{-2, -2}) {
		t.Errorf("scores of a pair %v, %v", got, err)
	}
	if _, err := r.Scores(context.Background(), []routers.Prompt{{ID: "z"}}); err == nil || !strings.Contains(err.Error(), `"z"`) {
		t.Errorf("error %v", err)
	}
	for want, models := range map[string][]string{`column "score:b": expected`: {"a", "b"}, `column "score:d": missing`: {"a", "d"}} {
		if _, err := p.ForPool(routers.Pool{Models: models}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v", models, err)
		}
	}
	if _, _, err := p.Predict(context.Background(), prompts); err == nil {
		t.Error("no error although model b has no scores")
	}
}

// names returns the models of choices.
func names(models []string, choices []pool.Choice) string {
	var out []string
	for _, c := range choices {
		out = append(out, models[c.Model])
	}
	return strings.Join(out, " ")
}

func decide(t *testing.T, r any, of routers.Pool, prompts []routers.Prompt) pool.Decided {
	t.Helper()
	p, err := routers.ForPool(routers.PredictorOf(r.(routers.Router)), of)
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.(routers.PoolDecider).Decide(context.Background(), prompts)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestChoices(t *testing.T) {
	path := write(t, "d.csv", "sample_id,model,setting,cost_usd\nx,a,low,1\ny,a,low,1\nx,b,high,5\ny,c,high,9\n")
	c, err := OpenChoices(path, "")
	if err != nil {
		t.Fatal(err)
	}
	of := routers.Pool{Models: []string{"c", "b", "a"}}
	prompts := []routers.Prompt{{ID: "y"}, {ID: "x"}}
	d := decide(t, c, of, prompts)
	if got := names(of.Models, d.First) + "; " + names(of.Models, d.Choices(1)); got != "a a; c b" {
		t.Errorf("choices %s", got)
	}
	if d.Start.Name != "low" || d.Points[0].Name != "high" || d.Choices(1)[0].Cost != 9 || !math.IsNaN(d.First[0].Latency) {
		t.Errorf("decisions %+v", d)
	}
	_, err = c.ForPair("c", "a")
	if err == nil || !strings.Contains(err.Error(), "2 settings") || !strings.Contains(strings.Join(hint.Of(err), " "), `"low", "high"`) {
		t.Errorf("error %v, hints %v", err, hint.Of(err))
	}
	if c, err = OpenChoices(path, "low"); err != nil {
		t.Fatal(err)
	}
	r, err := c.ForPair("b", "a")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.Scores(context.Background(), prompts); err != nil || !slices.Equal(got, []float64{0, 0}) {
		t.Errorf("scores %v, %v", got, err)
	}
	if _, err := OpenChoices(path, "lo"); err == nil || !strings.Contains(strings.Join(hint.Of(err), " "), "did you mean low?") {
		t.Errorf("error %v, hints %v", err, hint.Of(err))
	}
}

func TestChoicesRefuse(t *testing.T) {
	c, err := OpenChoices(write(t, "d.csv", "sample_id,model,setting\nx,a,low\ny,c,low\nx,b,high\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.ForPool(routers.Pool{Models: []string{"a", "b"}}); err == nil || !strings.Contains(err.Error(), `sample "y": the model is "c"`) {
		t.Errorf("error %v", err)
	}
	p, err := c.ForPool(routers.Pool{Models: []string{"a", "b", "c"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.(routers.PoolDecider).Decide(context.Background(), []routers.Prompt{{ID: "x"}, {ID: "y"}})
	if err == nil || !strings.Contains(err.Error(), `sample "y" has no decision at setting "high"`) {
		t.Errorf("error %v", err)
	}
	if _, _, err := p.Predict(context.Background(), nil); err == nil {
		t.Error("decisions predict")
	}
}

func TestSidesStandForThePair(t *testing.T) {
	prompts := []routers.Prompt{{ID: "x"}, {ID: "y"}}
	of := routers.Pool{Models: []string{"a", "b", "c"}, Strong: "c", Weak: "a"}
	d, err := OpenDecisions(write(t, "d.csv", "sample_id,decision\nx,strong\ny,weak\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := names(of.Models, decide(t, d, of, prompts).First); got != "c a" {
		t.Errorf("choices %s", got)
	}
	if d, err = OpenDecisions(write(t, "d.csv", "sample_id,decision\nx,b\ny,c\n")); err != nil {
		t.Fatal(err)
	}
	if got := names(of.Models, decide(t, d, of, prompts).First); got != "b c" {
		t.Errorf("choices %s", got)
	}
	if _, err := d.ForPool(routers.Pool{Models: []string{"a", "b"}}); err == nil {
		t.Error("no error for a model that the pool lacks")
	}
	c, err := OpenChoices(write(t, "d.csv", "sample_id,decision,cost_usd\nx,strong,1\ny,weak,2\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.ForPair("c", "a")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.Scores(context.Background(), prompts); err != nil || !slices.Equal(got, []float64{1, 0}) {
		t.Errorf("scores %v, %v", got, err)
	}
}
