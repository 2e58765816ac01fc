package benchmarks

// PublishedPair is the publication's table 4, without retraining on other models.
// The benchmark is MT Bench, strong Claude 3 Opus, weak Llama 3 8B.
func PublishedPair() []PublishedResult {
	return []PublishedResult{
		{"mt-bench", "BERT", "augmented", .618, .363, .508},
		{"mt-bench", "causal LLM", "augmented", .625, .405, .558},
		{"mt-bench", "matrix factorization", "augmented", .703, .305, .418},
		{"mt-bench", "SW ranking", "augmented", .667, .317, .484},
		{"mt-bench", "random", "", .494, .472, .771},
	}
}

// PublishedSimilarity is a row of the publication's table 5: the mean over a
// benchmark's prompts of the largest cosine to a training prompt, with OpenAI's
// embeddings.
type PublishedSimilarity struct {
	Benchmark        string
	Arena, Augmented float64
	Added            string // what augmented adds to the votes: "judge" or "gold"
}

// PublishedSimilarities returns table 5.
func PublishedSimilarities() []PublishedSimilarity {
	return []PublishedSimilarity{
		{"mt-bench", .6078, .6525, "judge"},
		{"mmlu", .4823, .5678, "gold"},
		{"gsm8k", .4926, .5335, "judge"},
	}
}

// PublishedSaving is a row of the publication's table 6: how many times more strong
// calls a random router needs than its best router for half and for 80 % of the gap.
type PublishedSaving struct {
	Benchmark    string
	CPT50, CPT80 float64
}

// PublishedSavings returns table 6.
func PublishedSavings() []PublishedSaving {
	return []PublishedSaving{{"mt-bench", 3.66, 2.49}, {"mmlu", 1.41, 1.14}, {"gsm8k", 1.49, 1.27}}
}
