package importers

// openRouter reads the activity that OpenRouter exports: costs, tokens and times of calls,
// without a text or a grade.
func openRouter() Tool {
	return Tool{
		Name: "openrouter", Title: "OpenRouter", Gives: Rates, Uses: []string{"skip-bad"},
		Files:   "the activity as CSV, or as the JSON of the activity interface",
		Reads:   "mean cost and tokens per model, median latency; with keys of your own, the provider's charge is part of the cost",
		Leaves:  "prompts and qualities, of which the export has none; cancelled and failed calls",
		Example: "routellm datasets import openrouter activity.csv --out prices.csv",
		kinds: []kind{
			{name: "calls", match: func(p *peek) bool { return p.table("generation_id", "cost_total", "model_permaslug") }},
			{name: "days", match: func(p *peek) bool { return p.table("model_permaslug", "usage", "requests") }},
		},
		read: readOpenRouter,
	}
}

func readOpenRouter(in *input, out *Output) error {
	o := orouter{in: in, used: map[string]*usage{}, seen: map[string]bool{}}
	for _, f := range in.of("calls") {
		if err := in.scan(f, orouterColumns, o.call); err != nil {
			return err
		}
	}
	for _, f := range in.of("days") {
		if err := in.scan(f, orouterColumns, o.day); err != nil {
			return err
		}
	}
	out.Prices = pricesIn(o.used)
	return nil
}

var orouterColumns = []string{
	"generation_id", "cost_total", "byok_usage_inference", "tokens_prompt", "tokens_completion", "model_permaslug", "model",
	"cancelled", "finish_reason_normalized", "generation_time_ms", "usage", "requests", "prompt_tokens", "completion_tokens",
}

// orouter collects the calls of each model.
type orouter struct {
	in   *input
	used map[string]*usage
	seen map[string]bool // ids of calls; exports of overlapping times repeat them
}

// call adds one call.
func (o *orouter) call(r tableRow) error {
	id := r.text("generation_id")
	switch {
	case r.bool("cancelled"):
		o.in.leave(1, "cancelled call")
		return nil
	case r.text("finish_reason_normalized") == "error":
		o.in.leave(1, "failed call")
		return nil
	case id != "" && o.seen[id]:
		o.in.leave(1, "repeated call")
		return nil
	}
	o.seen[id] = true
	n, err := r.amounts("cost_total", "byok_usage_inference", "tokens_prompt", "tokens_completion", "generation_time_ms")
	if err != nil {
		return o.in.skip(err)
	}
	u, err := o.of(r)
	if err != nil {
		return o.in.skip(err)
	}
	u.add(1, withOwnKey(n[0], n[1]), n[2], n[3])
	u.took(n[4] / 1000)
	return nil
}

// withOwnKey returns the cost of a call. Under a key of one's own, the total lacks what the
// provider charges.
func withOwnKey(total, provider float64) float64 {
	if provider > 0 {
		return total + provider
	}
	return total
}

// day adds the calls of one model on one day, of which the interface gives the sums.
func (o *orouter) day(r tableRow) error {
	n, err := r.amounts("usage", "byok_usage_inference", "prompt_tokens", "completion_tokens", "requests")
	if err != nil {
		return o.in.skip(err)
	}
	u, err := o.of(r)
	if err != nil {
		return o.in.skip(err)
	}
	u.add(int(n[4]), withOwnKey(n[0], n[1]), n[2], n[3])
	return nil
}

// of returns the usage of a row's model.
func (o *orouter) of(r tableRow) (*usage, error) {
	model := r.text("model_permaslug", "model")
	if model == "" {
		return nil, r.bad("model_permaslug", "", "the name of a model")
	}
	if o.used[model] == nil {
		o.used[model] = &usage{}
	}
	return o.used[model], nil
}
