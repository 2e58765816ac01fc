package importers

// llmRouter reads the long table of ulab's LLMRouter: one row per query and model.
func llmRouter() Tool {
	return Tool{
		Name: "llmrouter", Title: "LLMRouter", Gives: Answers, Uses: []string{"text", "repeat", "skip-bad"},
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
	if g.Quality, err = r.number("performance"); err != nil {
		return in.skip(err)
	}
	err = r.fill(of(&g.CostUSD, "cost"), of(&g.InputTokens, "input_tokens"), of(&g.OutputTokens, "output_tokens"), of(&g.LatencyS, "response_time"))
	if err != nil {
		return in.skip(err)
	}
	return out.Answers.Add(g)
}
