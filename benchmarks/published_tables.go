package benchmarks

// PublishedPair returns table 4 of the RouteLLM publication: MT Bench with Claude 3 Opus as the
// strong model and Llama 3 8B as the weak one, for which the routers were not retrained.
func PublishedPair() []PublishedResult {
	return []PublishedResult{
		{"mt-bench", "BERT", "augmented", .618, .363, .508},
		{"mt-bench", "causal LLM", "augmented", .625, .405, .558},
		{"mt-bench", "matrix factorization", "augmented", .703, .305, .418},
		{"mt-bench", "SW ranking", "augmented", .667, .317, .484},
		{"mt-bench", "random", "", .494, .472, .771},
	}
}

// PublishedSimilarity is one row of table 5 of the RouteLLM publication: for two training sets,
// the mean over a benchmark's prompts of the largest cosine similarity to a training prompt,
// with OpenAI's embeddings.
type PublishedSimilarity struct {
	Benchmark        string // one of Names
	Arena, Augmented float64
	Added            string // labels that Augmented adds to the votes: "judge" or "gold"
}

// PublishedSimilarities returns the rows of table 5.
func PublishedSimilarities() []PublishedSimilarity {
	return []PublishedSimilarity{
		{"mt-bench", .6078, .6525, "judge"},
		{"mmlu", .4823, .5678, "gold"},
		{"gsm8k", .4926, .5335, "judge"},
	}
}

// PublishedSaving is one row of table 6 of the RouteLLM publication: the number of strong calls
// of a random router per strong call of the publication's best router, when both recover 50 %
// or 80 % of the gap.
type PublishedSaving struct {
	Benchmark    string // one of Names
	CPT50, CPT80 float64
}

// PublishedSavings returns the rows of table 6.
func PublishedSavings() []PublishedSaving {
	return []PublishedSaving{{"mt-bench", 3.66, 2.49}, {"mmlu", 1.41, 1.14}, {"gsm8k", 1.49, 1.27}}
}
