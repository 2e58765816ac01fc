package benchmarks

// PublishedResult is one row of tables 1 to 4 of the RouteLLM publication (arXiv 2406.18665).
type PublishedResult struct {
	Benchmark    string // one of Names
	Router       string // name of the router in the publication
	Data         string // training data: "arena" or "augmented"; empty for the random router
	APGR         float64
	CPT50, CPT80 float64 // strong fractions that recover 50 % and 80 % of the gap, in [0,1]
}

// Published returns the rows of tables 1 to 3 in the publication's order. "augmented" stands
// for the better of the publication's two augmentations on each benchmark: judge labels on MT
// Bench and GSM8K, gold labels on MMLU.
func Published() []PublishedResult {
	return []PublishedResult{
		{"mt-bench", "BERT", "arena", .391, .7809, .8764},
		{"mt-bench", "causal LLM", "arena", .573, .2882, .7753},
		{"mt-bench", "matrix factorization", "arena", .580, .2532, .7426},
		{"mt-bench", "SW ranking", "arena", .610, .3785, .5899},
		{"mt-bench", "BERT", "augmented", .751, .1958, .3402},
		{"mt-bench", "causal LLM", "augmented", .679, .3150, .4875},
		{"mt-bench", "matrix factorization", "augmented", .802, .1340, .3131},
		{"mt-bench", "SW ranking", "augmented", .759, .2321, .3604},
		{"mmlu", "BERT", "arena", .502, .4943, .7780},
		{"mmlu", "causal LLM", "arena", .499, .4888, .7793},
		{"mmlu", "matrix factorization", "arena", .524, .4500, .7686},
		{"mmlu", "SW ranking", "arena", .473, .5582, .8025},
		{"mmlu", "BERT", "augmented", .572, .4130, .7220},
		{"mmlu", "causal LLM", "augmented", .600, .3549, .7031},
		{"mmlu", "matrix factorization", "augmented", .597, .3546, .7140},
		{"mmlu", "SW ranking", "augmented", .603, .3540, .7155},
		{"gsm8k", "BERT", "arena", .438, .5878, .8384},
		{"gsm8k", "causal LLM", "arena", .461, .5609, .8356},
		{"gsm8k", "matrix factorization", "arena", .4746, .5359, .8524},
		{"gsm8k", "SW ranking", "arena", .4753, .5443, .8211},
		{"gsm8k", "BERT", "augmented", .531, .4476, .7909},
		{"gsm8k", "causal LLM", "augmented", .622, .3364, .6326},
		{"gsm8k", "matrix factorization", "augmented", .565, .3882, .7262},
		{"gsm8k", "SW ranking", "augmented", .568, .4121, .7220},
	}
}
