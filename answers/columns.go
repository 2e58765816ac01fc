package answers

// Names of the columns that are not a model's.
const (
	colID           = "sample_id"
	colTask         = "task"
	colCluster      = "cluster"
	colPrompt       = "prompt"
	colMessages     = "messages"
	colSHA256       = "prompt_sha256"
	colNormSHA256   = "prompt_norm_sha256"
	colWeight       = "weight"
	colContaminated = "contaminated"
	colEmbedding    = "embedding"

	prefixFeature = "feature:"
	suffixAnswer  = "_response" // MODEL_response is another name of answer:MODEL in tables of other programs
)

// fixedColumns lists the names that further columns must not have.
var fixedColumns = []string{
	colID, colTask, colCluster, colPrompt, colMessages, colSHA256, colNormSHA256, colWeight, colContaminated, colEmbedding,
}

// computed lists the columns that are computed from the prompts.
var computed = []string{
	colSHA256, colNormSHA256, prefixFeature + "chars", prefixFeature + "words", prefixFeature + "lines", prefixFeature + "numbers",
}
