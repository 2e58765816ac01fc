package servecmd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// cascadeName is the router's name of the setting cascade.
const cascadeName = "cascade"

// specs returns the routers to open: the cascade, if there is one, and those that are given. The
// default router is none of them then.
func (o *settings) specs() []string {
	if o.Cascade == "" {
		return o.Routers
	}
	specs := []string{cascadeName + "=cascade:" + o.Cascade}
	if _, given := o.origins["router"]; given {
		specs = append(specs, o.Routers...)
	}
	return specs
}

// wrapOpening adds to an error of opening the routers where they were found.
func (o *settings) wrapOpening(err error) error {
	if o.Cascade != "" && strings.Contains(err.Error(), o.Cascade) {
		return o.origins.Wrap("cascade", err)
	}
	return o.wrapRouter(err)
}

// checkCascade refuses a router that is no cascade where one is wanted, and a cascade anywhere else.
func (o *settings) checkCascade(r harness.Router, first bool) error {
	_, is := routers.As[routers.AnswerRouter](r.Router)
	wanted := first && o.Cascade != ""
	switch {
	case wanted && !is:
		return o.origins.Wrap("cascade", hint.With(fmt.Errorf("%q is not the model of a cascade that judges answers", o.Cascade), "routellm train cascade makes one"))
	case is && !wanted && o.Artifact != "" && o.origins["router"] == "":
		return o.origins.Wrap("artifact", hint.With(fmt.Errorf("%q was calibrated for the cascade %q, which judges the weak model's answers", o.Artifact, r.Spec.String()), "give the cascade's file with --cascade"))
	case is && !wanted:
		return o.wrapRouter(hint.With(fmt.Errorf("%q judges the weak model's answers, and routers read prompts alone", r.Spec.String()), "give the file with --cascade"))
	}
	return nil
}

// asked returns a router as the server asks it.
func asked(r harness.Router, c *harness.Scorer, id results.ArtifactRouter) serve.Router {
	out := serve.Router{Name: r.Spec.Label, Identity: decisionlog.Identity(id)}
	if looks, ok := routers.As[routers.AnswerRouter](r.Router); ok {
		out.Judge, out.Needs = c.Judge, looks.AnswerNeeds()
	} else {
		out.Score = c.Compare
	}
	return out
}

// noCascadeThreshold returns the error about a cascade without a threshold.
func noCascadeThreshold() error {
	return hint.With(errors.New("no threshold is given: want --artifact or --threshold, the score from which an answer of the weak model is not good enough"),
		"routellm calibrate finds a threshold on answers of your weak model and writes it to an artifact")
}

// inWords says what a cascade does.
func inWords(set loaded) string {
	needs, calls := set.Routers[0].Needs, 1+set.Routers[0].Needs.Samples
	if needs.PTrue {
		calls++
	}
	var judged []string
	add := func(is bool, what string) {
		if is {
			judged = append(judged, what)
		}
	}
	add(needs.Text, "text")
	add(needs.Logprobs, "log-probabilities")
	add(needs.Entropy, "first alternatives")
	add(needs.Samples > 0, fmt.Sprintf("agreement with %s", text.Plural(needs.Samples, "further answer")))
	add(needs.PTrue, "the model's own word on it")
	if len(judged) == 0 {
		judged = []string{"prompt alone"}
	}
	return fmt.Sprintf("%s answers first, within %v: %s per request\n           its answer is judged by: %s", set.Weak.Name, set.CascadeTimeout,
		text.Plural(calls, "call"), strings.Join(judged, ", "))
}
