package harness

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers"
)

// TextScorer scores texts that are in no data set in columns: one of scores or, of a router among
// several models, one per model and, if it predicts them, one per model of costs. It is safe for
// concurrent use.
type TextScorer struct {
	promptMaker
	router    Router
	predictor routers.Predictor // nil for a router of two models
	columns   []string
	costs     bool
}

// NewTextScorer returns a scorer of texts, which get the scores that [ScoreData] gives them. as names
// the columns: AS, or AS:MODEL and AS_cost:MODEL; "" stands for score, or score:MODEL and
// cost:MODEL. A router that knows only the prompts of a file, that needs outcomes, or that looks
// at ids alone, is an error.
func NewTextScorer(ctx context.Context, r Router, as string, enc Encoder, f Feedback) (*TextScorer, error) {
	if r.isClosedForm() {
		return nil, fmt.Errorf("router %q scores rows by their ids and not by their texts", r.Spec.Label)
	}
	c := &TextScorer{router: r, columns: []string{cmp.Or(as, "score")}}
	if _, several := r.Router.(routers.Unpaired); several {
		c.predictor = routers.PredictorOf(r.Router)
		if err := canPredict(Predictor{Spec: r.Spec, Predictor: c.predictor}); err != nil {
			return nil, err
		}
		var err error
		if c.promptMaker, err = newPromptMaker(r.Router, enc, f); err != nil {
			return nil, err
		}
		return c, c.nameColumns(ctx, as)
	}
	s, err := NewScorer(r, enc, f)
	if err != nil {
		return nil, err
	}
	c.promptMaker = s.promptMaker
	c.Limit(math.MaxInt) // as ScoreData, which reads the whole text
	return c, nil
}

// nameColumns names the columns of a router among several models. Whether it predicts costs is known
// once it has predicted something.
func (c *TextScorer) nameColumns(ctx context.Context, as string) error {
	models := c.predictor.Models()
	if len(models) == 0 {
		return hint.With(fmt.Errorf("router %q knows no models by name and predicts no quality of theirs", c.router.Spec.Label), "train linear, knn and cluster make routers among several models")
	}
	c.Limit(math.MaxInt)
	prompts, _, err := c.prompts(ctx, []string{"first"}, []string{"a"})
	if err != nil {
		return err
	}
	_, cost, err := c.predictor.Predict(ctx, prompts)
	if err != nil {
		return fmt.Errorf("router %q: %w", c.router.Spec.Label, err)
	}
	c.costs = cost.Rows() > 0
	scores, costs := datasets.ScorePrefix, datasets.CostPrefix
	if as != "" {
		scores, costs = as+":", as+"_cost:"
	}
	c.columns = nil
	for _, m := range models {
		c.columns = append(c.columns, scores+m)
	}
	for _, m := range models {
		if c.costs {
			c.columns = append(c.columns, costs+m)
		}
	}
	return nil
}

// Columns names the columns.
func (c *TextScorer) Columns() []string { return c.columns }

// Score returns one slice per column, with one finite number per text. ids name the texts in errors.
func (c *TextScorer) Score(ctx context.Context, ids, texts []string) ([][]float64, error) {
	prompts, _, err := c.prompts(ctx, ids, texts)
	if err != nil {
		return nil, err
	}
	out, err := c.columnsOf(ctx, prompts)
	if err != nil {
		return nil, fmt.Errorf("router %q: %w", c.router.Spec.Label, err)
	}
	return out, nil
}

// columnsOf returns the values of the columns.
func (c *TextScorer) columnsOf(ctx context.Context, prompts []routers.Prompt) ([][]float64, error) {
	if c.predictor == nil {
		scores, err := c.router.Scores(ctx, prompts)
		if err == nil {
			err = checkFinite(scores, prompts)
		}
		return [][]float64{scores}, err
	}
	quality, cost, err := c.predictor.Predict(ctx, prompts)
	if err == nil {
		err = checkPredictions(c.predictor.Models(), quality, cost, prompts)
	}
	if err == nil && (cost.Rows() > 0) != c.costs {
		err = fmt.Errorf("predicts costs of some prompts only, expected all or none")
	}
	if err != nil {
		return nil, err
	}
	var out [][]float64
	for k := range quality.Columns {
		out = append(out, quality.Column(k))
	}
	for k := range cost.Columns {
		column := cost.Column(k)
		if cost.Rows() == 1 { // the same for every prompt
			column = slices.Repeat(column, len(prompts))
		}
		out = append(out, column)
	}
	return out[:len(c.columns)], nil
}

// Meta describes the scores. router is the name by which the router was opened.
func (c *TextScorer) Meta(router string) datasets.ScoreMeta { return scoreMeta(c.router, router) }
