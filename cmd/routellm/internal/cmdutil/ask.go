package cmdutil

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/answers/ask"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/answers/pace"
	"github.com/routellm/routellm/internal/hint"
)

// AskFlags are the flags of commands that ask models. Embed them in a command's options, call Add
// to define them and Open to use them.
type AskFlags struct {
	flag                  string   // name of the flag that gives the models
	models                []string // each LABEL=MODEL@URL
	keyEnv, keyFile       []string // each LABEL=NAME, or NAME for a single model
	concurrency, rpm, tpm []string // each N, or LABEL=N
	timeout               time.Duration
	maxUSD                float64
	cache                 string
	DryRun                bool // DryRun says what the command would ask, and asks nothing
	prices                ModelPrices
	list, asOf            string
	aliases, free         []string

	// Wrap, if non-nil, wraps the clients of the models.
	Wrap func(ask.Client) ask.Client
}

// Add adds the flags to a command. flag is the name of the one that gives the models, such as
// "model", and usage describes it.
func (o *AskFlags) Add(c *cobra.Command, flag, usage string) {
	o.flag = flag
	AddFlagGroup(c, "Models and keys", func(f *pflag.FlagSet) {
		f.StringArrayVar(&o.models, flag, nil, usage)
		f.StringArrayVar(&o.keyEnv, "key-env", nil, "environment variable with a model's API key, `LABEL=NAME`; repeatable (default OPENAI_API_KEY and ANTHROPIC_API_KEY for the servers of these companies)")
		f.StringArrayVar(&o.keyFile, "key-file", nil, "file with a model's API key, `LABEL=PATH`; repeatable")
		f.StringVar(&o.cache, "cache", "", "keep paid answers in the folder `DIR`, or none (default the user's cache folder)")
	})
	AddFlagGroup(c, "Limits, each for all models or for one: N or LABEL=N", func(f *pflag.FlagSet) {
		f.StringArrayVar(&o.concurrency, "concurrency", nil, "most requests to a model at a time, `N` or LABEL=N; repeatable (default 8)")
		f.StringArrayVar(&o.rpm, "rpm", nil, "most requests to a model per minute, `N` or LABEL=N; repeatable")
		f.StringArrayVar(&o.tpm, "tpm", nil, "most tokens of a model per minute, `N` or LABEL=N; repeatable")
		f.DurationVar(&o.timeout, "timeout", chat.DefaultTimeout, "longest time for one attempt")
	})
	AddFlagGroup(c, "Costs", func(f *pflag.FlagSet) {
		f.BoolVar(&o.DryRun, "dry-run", false, "say what would be asked and what it would cost; needs no key and asks no server")
		f.Float64Var(&o.maxUSD, "max-usd", math.Inf(1), "most `USD` that this run may spend")
		f.Lookup("max-usd").DefValue = "0" // which help does not show
		f.StringVar(&o.list, "prices", "", "`FILE` of prices per token: a table (model, input, output), or the JSON of LiteLLM, models.dev or genai-prices")
		f.Var(&o.prices, "price", "price of a model in USD per million input and output tokens, `LABEL=IN,OUT`; repeatable")
		f.StringArrayVar(&o.aliases, "alias", nil, "name of a model in --prices: `LABEL=KEY`; repeatable (default its name on the server, then its label)")
		f.StringArrayVar(&o.free, "free", nil, "model that costs nothing, `LABEL`; repeatable")
		f.StringVar(&o.asOf, "as-of", "", "`DATE` at which prices are to hold, such as 2026-11-28 (default the newest)")
	})
}

// endpoints returns where the models are asked, without keys.
func (o *AskFlags) endpoints() ([]chat.Endpoint, error) {
	var out []chat.Endpoint
	for _, text := range o.models {
		e, err := chat.ParseEndpoint(text)
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", o.flag, err)
		}
		if slices.ContainsFunc(out, func(x chat.Endpoint) bool { return x.Label == e.Label }) {
			return nil, fmt.Errorf("--%s: the label %q is given twice, expected a label for each model", o.flag, e.Label)
		}
		e.Timeout = o.timeout
		out = append(out, e)
	}
	if len(out) == 0 {
		return nil, hint.With(fmt.Errorf("--%s is required", o.flag), fmt.Sprintf("for example --%s small=llama@http://127.0.0.1:8080/v1", o.flag))
	}
	return out, o.check()
}

// check returns an error for flags that are out of range.
func (o *AskFlags) check() error {
	switch {
	case o.timeout <= 0:
		return fmt.Errorf("--timeout %v: want a time above 0", o.timeout)
	case !(o.maxUSD >= 0):
		return fmt.Errorf("--max-usd %v: want 0 or more", o.maxUSD)
	case o.asOf != "" && o.list == "":
		return errors.New("--as-of goes with --prices")
	case len(o.aliases) > 0 && o.list == "":
		return errors.New("--alias goes with --prices")
	}
	return nil
}

// limits returns the limits of each model.
func (o *AskFlags) limits(models []chat.Endpoint) ([]pace.Limits, error) {
	out := make([]pace.Limits, len(models))
	for _, x := range []struct {
		flag   string
		values []string
		usual  float64
		to     func(*pace.Limits, float64)
	}{
		{"concurrency", o.concurrency, 8, func(l *pace.Limits, v float64) { l.Concurrency = int(v) }},
		{"rpm", o.rpm, 0, func(l *pace.Limits, v float64) { l.RequestsPerMinute = v }},
		{"tpm", o.tpm, 0, func(l *pace.Limits, v float64) { l.TokensPerMinute = v }},
	} {
		byLabel, err := perModel(x.flag, x.values, models)
		if err != nil {
			return nil, err
		}
		for i, m := range models {
			v, given := byLabel[m.Label]
			if !given {
				v, given = byLabel[""]
			}
			if !given {
				v = x.usual
			}
			x.to(&out[i], v)
		}
	}
	return out, nil
}

// perModel reads values N and LABEL=N. The value for all models has the label "".
func perModel(flag string, values []string, models []chat.Endpoint) (map[string]float64, error) {
	out := map[string]float64{}
	for _, text := range values {
		label, number, ok := cutLast(text, "=")
		if !ok {
			label, number = "", text
		} else if err := knownLabel(flag, label, models); err != nil {
			return nil, err
		}
		v, err := strconv.ParseFloat(number, 64)
		if err != nil || !(v > 0) || math.IsInf(v, 0) || flag == "concurrency" && v != math.Trunc(v) {
			return nil, fmt.Errorf("--%s %q: want a number above 0, or LABEL=NUMBER", flag, text)
		}
		if _, again := out[label]; again {
			return nil, fmt.Errorf("--%s %q: is given twice", flag, text)
		}
		out[label] = v
	}
	return out, nil
}

// labelled reads values LABEL=TEXT. With one model, the label may be left out.
func labelled(flag string, values []string, models []chat.Endpoint) (map[string]string, error) {
	out := map[string]string{}
	for _, text := range values {
		label, value, ok := strings.Cut(text, "=")
		if !ok && len(models) == 1 {
			label, value = models[0].Label, text
		} else if !ok {
			return nil, fmt.Errorf("--%s: want LABEL=VALUE, with the label of a model", flag)
		}
		if err := knownLabel(flag, label, models); err != nil {
			return nil, err
		}
		if _, again := out[label]; again || value == "" {
			return nil, fmt.Errorf("--%s %s=...: want one value for each model", flag, label)
		}
		out[label] = value
	}
	return out, nil
}

// knownLabel returns an error unless a model has the label. The error does not repeat the value, which may be a
// key in a wrong place.
func knownLabel(flag, label string, models []chat.Endpoint) error {
	var known []string
	for _, m := range models {
		if m.Label == label {
			return nil
		}
		known = append(known, m.Label)
	}
	err := fmt.Errorf("--%s: no model has the label before the sign =: the labels are %s", flag, strings.Join(known, ", "))
	return hint.DidYouMean(err, label, known)
}
