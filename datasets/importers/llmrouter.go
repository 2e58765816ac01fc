package importers

// llmRouter reads the long table of ulab's LLMRouter: one row per query and model.
func llmRouter() Tool {
	return Tool{
		Name: "llmrouter", Title: "LLMRouter", Gives: Answers, Uses: []string{"text", "repeat"},
		Files:   "routing data, one row per query and model, as JSON Lines or CSV",
		Reads:   "performance, cost, input and output tokens and response time of each answer; embedding_id as id, task_name as task",
		Leaves:  "responses, right answers, embeddings",
		Example: "routellm datasets import llmrouter routing_data.jsonl --repeat mean --out llmrouter.parquet",
		kinds:   []kind{{name: "table", match: func(p *peek) bool { return p.table("query", "model_name", "performance") }}},
		read:    readLLMRouter,
	}
}

func readLLMRouter(in *input, out *Output) error {
	want := []string{"query", "task_name", "model_name", "performance", "cost", "embedding_id", "input_tokens", "output_tokens", "response_time"}
	for _, f := range in.of("table") {
		if err := in.scan(f, want, func(r tableRow) error { return in.llmRouterRow(r, out) }); err != nil {
			return err
		}
	}
	return nil
}

func (in *input) llmRouterRow(r tableRow, out *Output) error {
	g := r.graded()
	g.ID, g.Task, g.Model = r.text("embedding_id"), r.text("task_name"), r.text("model_name")
	if g.Model == "" {
		return in.skip(r.bad("model_name", "", "the name of a model"))
	}
	var err error
	if g.Prompt, err = r.prompt(in.Text, "query"); err != nil {
		return in.skip(err)
	}
	if g.ID == "" {
		g.ID = promptID(g.Prompt)
	}
	for _, n := range []struct {
		to     *float64
		column string
	}{
		{&g.Quality, "performance"}, {&g.CostUSD, "cost"}, {&g.InputTokens, "input_tokens"},
		{&g.OutputTokens, "output_tokens"}, {&g.LatencyS, "response_time"},
	} {
		if err := r.fill(n.to, n.column); err != nil {
			return in.skip(err)
		}
	}
	return out.Answers.Add(g)
}
