package servecmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/serve"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/registry"
)

// checkLambda refuses settings for several models without lambda, or with two.
func (o *settings) checkLambda() error {
	_, lambda := o.origins["lambda"]
	switch {
	case lambda && o.Artifact != "":
		return o.origins.Wrap("artifact", errors.New("holds lambda already: it cannot be combined with lambda"))
	case !lambda && o.Artifact == "":
		return hint.With(errors.New("upstreams names several models, and it is not known when each is chosen: want --artifact or --lambda"),
			"routellm calibrate --budget-usd finds lambda on your prompts and writes it to an artifact")
	}
	return nil
}

// checkArtifact refuses an artifact for two models where the settings have several, and the other
// way round. It may be nil.
func (o *settings) checkArtifact(a *results.Artifact) error {
	switch {
	case a == nil || (a.Pool != nil) == o.Several():
		return nil
	case a.Pool != nil:
		return hint.With(o.origins.Wrap("artifact", fmt.Errorf("%q chooses among %s, and upstreams names none", o.Artifact, text.Plural(len(a.Pool.Models), "model"))),
			"give an --upstream MODEL=NAME@URL in place of --strong and --weak for each of "+text.Quoted(a.Pool.Names(), 20))
	}
	return o.origins.Wrap("artifact", fmt.Errorf("%q has a threshold for two models, and upstreams names %d: expected --strong and --weak", o.Artifact, len(o.Pool.All)))
}

// openSeveral opens the routers among several models. The settings get them and the policy.
func (o *settings) openSeveral(ctx context.Context, s cmdutil.Streams, set serve.Settings, a *results.Artifact, options registry.Options) (serve.Settings, error) {
	opened, err := harness.OpenPredictors(o.Routers, options)
	if err != nil {
		return set, o.wrapRouter(err)
	}
	for i, p := range opened {
		if i == 0 {
			if set.Policy, err = o.policy(s, a, p); err != nil {
				return set, err
			}
		}
		r, err := o.openOne(ctx, s, p, set.Policy)
		if err != nil {
			return set, o.wrapRouter(err)
		}
		if i == 0 {
			if err := o.checkVersion(results.ArtifactRouter(r.Identity)); err != nil {
				return set, err
			}
		}
		set.Routers = append(set.Routers, r)
	}
	set.Config = o.Config
	return set, nil
}

// openOne returns a router that predicts the policy's models, once it has shown that it can.
func (o *settings) openOne(ctx context.Context, s cmdutil.Streams, p harness.Predictor, y results.PoolPolicy) (serve.Router, error) {
	c, err := harness.NewPoolScorer(p, y, o.Options(), s.Feedback())
	if err != nil {
		return serve.Router{}, err
	}
	c.Limit(o.MaxText)
	if !y.Priced() { // the router must predict costs
		if _, err := c.PredictOne(ctx, "the trial", "trial"); err != nil {
			return serve.Router{}, err
		}
	}
	id, err := harness.IdentityOfPredictor(p)
	predict := func(ctx context.Context, id, text string) (quality, cost []float64, err error) {
		got, err := c.PredictOne(ctx, id, text)
		return got.Quality, got.Cost, err
	}
	return serve.Router{Name: p.Spec.Label, Identity: decisionlog.Identity(id), Predict: predict}, err
}

// policy returns what chooses among the upstreams' models, in their order: the artifact's policy, or
// lambda with the costs that the first router predicts.
func (o *settings) policy(s cmdutil.Streams, a *results.Artifact, p harness.Predictor) (results.PoolPolicy, error) {
	if a == nil {
		y := harness.PolicyAt(o.Lambda, p)
		if len(y.Models) == 0 { // it knows the models of any pool
			y = harness.PolicyAt(o.Lambda, p, o.served()...)
		}
		return o.arrange(s, fmt.Sprintf("router %q", p.Spec.Label), y)
	}
	if err := harness.CheckPredictor(o.Artifact, a, p); err != nil {
		return results.PoolPolicy{}, o.origins.Wrap("artifact", err)
	}
	s.WarnArtifact(a)
	return o.arrange(s, fmt.Sprintf("%q", o.Artifact), *a.Pool)
}

// served returns the names of the models that have an upstream.
func (o *settings) served() (names []string) {
	for _, u := range o.Upstreams() {
		names = append(names, u.Side)
	}
	return names
}

// arrange returns a policy with the upstreams' models alone, in their order. Each of them must be in
// the policy, and each of the policy's must have an upstream or be named by unserved.
func (o *settings) arrange(s cmdutil.Streams, source string, y results.PoolPolicy) (results.PoolPolicy, error) {
	known, served := y.Names(), o.served()
	var models []results.PolicyModel
	for _, name := range served {
		i := slices.Index(known, name)
		if i < 0 {
			return y, o.origins.Wrap("upstream", unknownModel(source, name, known))
		}
		models = append(models, y.Models[i])
	}
	for _, name := range o.Unserved {
		if !slices.Contains(known, name) {
			return y, o.origins.Wrap("unserved", unknownModel(source, name, known))
		}
	}
	var left []string
	for _, name := range known {
		switch {
		case slices.Contains(served, name):
			continue
		case !slices.Contains(o.Unserved, name):
			return y, hint.With(o.origins.Wrap("upstream", fmt.Errorf("%s chooses among models of which %q has no upstream", source, name)),
				"--unserved "+name+" goes without it")
		}
		left = append(left, name)
	}
	if slices.Contains(left, y.Always) {
		return y, o.origins.Wrap("unserved", fmt.Errorf("%s has %q answer every prompt: it needs an upstream", source, y.Always))
	}
	if len(left) > 0 {
		s.Feedback().Note(fmt.Sprintf("warning: %s also chooses %s, which the server goes without: the cost and the quality that were calibrated do not hold", source, strings.Join(left, ", ")))
	}
	y.Models = models
	return y, nil
}

// unknownModel returns the error about a model that an artifact or a router does not know.
func unknownModel(source, name string, known []string) error {
	return hint.DidYouMean(fmt.Errorf("%s does not know the model %q: it knows %s", source, name, strings.Join(known, ", ")), name, known)
}

// writeSeveral writes the main settings of a server for several models.
func writeSeveral(w io.Writer, set loaded, names string) error {
	lambda := "none: " + set.Policy.Always + " answers every prompt"
	if set.Policy.Always == "" {
		lambda = strconv.FormatFloat(float64(set.Policy.Lambda), 'g', -1, 64)
	}
	if _, err := fmt.Fprintf(w, "configuration OK\nlisten     %s\nrouter     %s\nlambda     %s\n", set.Listen, names, lambda); err != nil {
		return err
	}
	return writeUpstreams(w, set.Upstreams())
}

func writeUpstreams(w io.Writer, upstreams []config.Named) error {
	for _, u := range upstreams {
		if _, err := fmt.Fprintf(w, "upstream   %s=%s\n", u.Side, u.Model.String()); err != nil {
			return err
		}
	}
	return nil
}
