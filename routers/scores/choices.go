package scores

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/byprompt"
)

// Choices looks up each prompt's model in a file of decisions, at each setting of the router that
// made them. It is a [routers.PoolDecider], and a [routers.PairDecider] for a file with one setting.
type Choices struct {
	routers.NoPredictions
	*prompts
	file *datasets.Choices
}

// OpenChoices reads a file of decisions among models; see [datasets.ReadChoices] for errors. A
// non-empty setting keeps the decisions of that setting only.
func OpenChoices(path, setting string) (*Choices, error) {
	file, err := datasets.ReadChoices(path)
	if err == nil && setting != "" {
		err = keepSetting(file, setting)
	}
	if err != nil {
		return nil, err
	}
	return newChoices(file), nil
}

func newChoices(file *datasets.Choices) *Choices {
	return &Choices{prompts: byprompt.New(&file.Keyed), file: file}
}

// keepSetting drops all settings but one.
func keepSetting(file *datasets.Choices, name string) error {
	k := slices.IndexFunc(file.Settings, func(s datasets.Setting) bool { return s.Name == name })
	if k < 0 {
		names := settingsOf(file)
		return hint.DidYouMean(hint.With(fmt.Errorf("%q: no setting %q", file.Path, name), "settings: "+text.Quoted(names, 20)), name, names)
	}
	file.Settings = file.Settings[k : k+1]
	return nil
}

func settingsOf(file *datasets.Choices) []string {
	var names []string
	for _, s := range file.Settings {
		names = append(names, s.Name)
	}
	return names
}

// Decides marks a router with operating points of its own, see [routers.Decider].
func (*Choices) Decides() {}

// Models returns the models that the file chooses.
func (c *Choices) Models() []string { return c.file.Models }

// Scores always fails, because no pair is known: see [Choices.ForPair].
func (c *Choices) Scores(context.Context, []routers.Prompt) ([]float64, error) {
	return nil, errors.New("the file names models, and no pair of them is known")
}

// ForPair returns the decisions between two models as a router. A file with several settings is an
// error, and so are decisions for other models.
func (c *Choices) ForPair(strong, weak string) (routers.Router, error) {
	if n := len(c.file.Settings); n > 1 {
		return nil, hint.With(fmt.Errorf("%q has decisions at %s and a pair of models needs one", c.file.Path, text.Plural(n, "setting")),
			"name one: --router decisions:FILE#SETTING", "settings: "+text.Quoted(settingsOf(c.file), 20))
	}
	d, err := c.among(routers.Pool{Models: []string{strong, weak}, Strong: strong, Weak: weak})
	if err != nil {
		return nil, err
	}
	return &pairChoices{d}, nil
}

// pairChoices are decisions between a strong model, which is number 0, and a weak one.
type pairChoices struct{ *decider }

// Scores returns 1 where the file chooses the strong model, and 0 elsewhere.
func (c *pairChoices) Scores(ctx context.Context, prompts []routers.Prompt) ([]float64, error) {
	d, err := c.Decide(ctx, prompts)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(prompts))
	for i, choice := range d.First {
		out[i] = float64(1 - choice.Model)
	}
	return out, nil
}

// ForPool returns the decider of a pool. "strong" and "weak" in the file stand for the pool's pair.
// A decision for a model that the pool lacks is an error, and so are costs of some decisions only.
func (c *Choices) ForPool(of routers.Pool) (routers.Predictor, error) {
	d, err := c.among(of)
	return d, cmp.Or(err, c.file.CheckAmounts())
}

// among returns the decisions as those among the models of a pool.
func (c *Choices) among(of routers.Pool) (*decider, error) {
	d := &decider{Choices: c, models: of.Models, number: make([]int, len(c.file.Models))}
	for k, name := range c.file.Models {
		at := slices.Index(of.Models, name)
		if at < 0 {
			at = slices.Index(of.Models, map[string]string{"strong": of.Strong, "weak": of.Weak}[name])
		}
		d.number[k] = at
	}
	return d, c.checkModels(d.number, of)
}

// checkModels returns an error if a decision names a model that the pool lacks.
func (c *Choices) checkModels(number []int, of routers.Pool) error {
	for _, s := range c.file.Settings {
		for i, m := range s.Model {
			if m < 0 || number[m] >= 0 {
				continue
			}
			name := c.file.Models[m]
			err := fmt.Errorf("%q: sample %q: the model is %q, which is not among those to choose from", c.file.Path, c.file.ID(i), name)
			return hint.DidYouMean(hint.With(err, "models: "+text.Quoted(of.Models, 20)), name, of.Models)
		}
	}
	return nil
}

// decider are decisions among the models of a pool.
type decider struct {
	*Choices
	models []string
	number []int // number in the pool of each model of the file
}

func (d *decider) Models() []string { return d.models }

// Decide implements [routers.PoolDecider].
func (d *decider) Decide(_ context.Context, prompts []routers.Prompt) (pool.Decided, error) {
	at, err := d.Rows(prompts)
	if err != nil {
		return pool.Decided{}, err
	}
	var out pool.Decided
	var before []pool.Choice
	for k, s := range d.file.Settings {
		row, err := d.choices(s, at, prompts)
		if err != nil {
			return out, err
		}
		point := pool.Point{Name: s.Name, Knob: math.NaN()}
		if k == 0 {
			out.First, out.Start = row, point
		} else {
			point.Changes = pool.Changes(before, row)
			out.Points = append(out.Points, point)
		}
		before = row
	}
	return out, nil
}

// choices returns the choices at a setting for the rows at.
func (d *decider) choices(s datasets.Setting, at []int, prompts []routers.Prompt) ([]pool.Choice, error) {
	out := make([]pool.Choice, len(at))
	for i, row := range at {
		if s.Model[row] < 0 {
			return nil, fmt.Errorf("%q: sample %q has no decision at setting %q, but has others", d.file.Path, prompts[i].ID, s.Name)
		}
		out[i] = pool.NewChoice(d.number[s.Model[row]])
		if s.Cost != nil {
			out[i].Cost = s.Cost[row]
		}
		if s.Latency != nil {
			out[i].Latency = s.Latency[row]
		}
	}
	return out, nil
}
