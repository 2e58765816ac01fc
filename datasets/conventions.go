package datasets

import (
	"slices"
	"strconv"
	"strings"
)

// The usual names of columns, the preferred ones first. Case does not count, and neither does the
// difference between blanks, hyphens, dots and underscores.
var (
	usualIDs       = []string{colSampleID, "id", "question_id", "prompt_id", "uid", "uuid", "doc_id", "item_id", "example_id", "query_id", "row_id", "qid", "global_index", "index", "idx"}
	usualPrompts   = []string{colPrompt, "input", "question", "query", "instruction", "text", "messages", "conversation", "conversations", "turns", "user_prompt", "user_message", "problem", "conversation_a"}
	usualTasks     = []string{colTask, "category", "subject", "eval_name", "dataset", "dataset_name", "task_name", "benchmark", "topic", "domain"}
	usualClusters  = []string{colCluster, "cluster_id"}
	usualWeights   = []string{colWeight, "sample_weight"}
	usualModels    = []string{"model", "model_name", "model_id", "model_label", "generator", "llm"}
	usualQualities = []string{"quality", "score", "grade", "correct", "is_correct", "accuracy", "performance", "overall_score", "rating", "success", "passed", "pass", "reward", "acc", "exact_match"}
	usualCosts     = []string{"cost_usd", "total_cost", "cost", "total_cost_usd", "usd", "spend"}
	usualLatencies = []string{"latency_s", "latency", "response_time", "duration_s", "duration", "elapsed_s", "latency_ms", "response_time_ms", "duration_ms"}
	usualInputs    = []string{"input_tokens", "prompt_tokens", "tokens_prompt", "num_prompt_tokens", "tokens_in", "input_token_count"}
	usualOutputs   = []string{"output_tokens", "completion_tokens", "tokens_completion", "num_completion_tokens", "tokens_out", "output_token_count"}
	usualCached    = []string{"cached_input_tokens", "cached_tokens", "cache_read_input_tokens", "cache_read_tokens", "input_tokens_cache_read"}
	usualReasoning = []string{"reasoning_tokens", "output_reasoning_tokens", "thinking_tokens"}
	usualErrors    = []string{"error", "error_message"}
)

// The usual names of columns in tables of battles, the preferred ones first.
var (
	usualBattleIDs = []string{colSampleID, "id", "battle_id", "uid"}
	usualFirst     = []string{colModelA, "model_1", "model1", "generator_1", "model_left", "left_model"}
	usualSecond    = []string{colModelB, "model_2", "model2", "generator_2", "model_right", "right_model"}
	usualWinners   = []string{colWinner, "preference", "outcome", "vote", "choice"}
)

// notScores lists words in the names of columns that are no model's quality, whatever they hold.
var notScores = strings.Fields(`id ids index idx row number num n count token tokens cost costs price usd spend latency time timestamp
	date created updated duration seconds ms length len chars words lines size response responses answer answers output outputs
	completion reference target gold label truth seed rank step epoch fold split year month day version weight difficulty level
	temperature embedding embeddings sha256 hash digest feature features contaminated metadata oracle
	cancelled streamed stream cached cache error failed flagged is has winner wins diff difference delta gap margin std stdev
	stderr variance`)

// summaries lists the names of columns that hold a number of a whole row, not of a model.
var summaries = strings.Fields(`mean avg average median total sum max min best`)

// plainName returns a column's name without case and with one kind of separator.
func plainName(column string) string {
	return strings.Join(nameWords(column), "_")
}

// nameWords returns the words of a column's name, in lower case.
func nameWords(column string) []string {
	return strings.FieldsFunc(strings.ToLower(column), func(r rune) bool { return strings.ContainsRune(" _-.|:/\t", r) })
}

// usualColumns lists the columns that have one of the usual names, in the order of the names.
func usualColumns(usual, columns []string) []string {
	var out []string
	for _, name := range usual {
		for _, c := range columns {
			if plainName(c) == name && !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// canBeScore reports whether a column's name does not exclude that it holds a model's quality.
func canBeScore(column string) bool {
	words := nameWords(column)
	return len(words) > 0 && !isNumeral(column) && !slices.Contains(summaries, plainName(column)) &&
		!slices.Contains(notScores, words[0]) && endsAsScore(column) && !slices.Contains(usualFirst, plainName(column)) &&
		!slices.Contains(usualSecond, plainName(column)) && !slices.Contains(usualModels, plainName(column))
}

// isNumeral reports whether a column's name is a number: rather a value, in a file without a header.
func isNumeral(column string) bool {
	_, err := strconv.ParseFloat(column, 64)
	return err == nil
}

// endsAsScore reports whether the last word of a column's name does not exclude that it holds a
// quality, as it does in "gpt-4|total_cost".
func endsAsScore(column string) bool {
	words := nameWords(column)
	return len(words) > 0 && !slices.Contains(notScores, words[len(words)-1])
}

// columnOfModel returns the first column that holds one of the usual numbers of a model, such as
// "cost_usd:gpt-4", "gpt-4|total_cost" or "gpt-4_cost"; "" if there is none. model is the name of
// its column of quality without the prefix.
func columnOfModel(model string, usual, columns []string) string {
	for _, name := range usual {
		for _, c := range columns {
			before, isAfter := strings.CutSuffix(c, model)
			after, isBefore := strings.CutPrefix(c, model)
			if isAfter && before != "" && separated(before[len(before)-1]) && plainName(before) == name ||
				isBefore && after != "" && separated(after[0]) && plainName(after) == name {
				return c
			}
		}
	}
	return ""
}

// separated reports whether a byte may stand between a model's name and what the column holds.
func separated(b byte) bool { return strings.IndexByte(" _-.|:/", b) >= 0 }

// inMilliseconds reports whether a column's name says that it holds milliseconds.
func inMilliseconds(column string) bool {
	words := nameWords(column)
	return slices.Contains(words, "ms") || strings.HasSuffix(column, "Ms") || slices.Contains(words, "milliseconds")
}

// matchGlob reports whether a name matches a pattern, in which * stands for any letters, slashes
// too, and ? for one.
func matchGlob(pattern, name string) bool {
	head, tail, star := strings.Cut(pattern, "*")
	if len(name) < len(head) || !matchLetters(head, name[:len(head)]) {
		return false
	}
	name = name[len(head):]
	if !star {
		return name == ""
	}
	for k := 0; k <= len(name); k++ {
		if matchGlob(tail, name[k:]) {
			return true
		}
	}
	return false
}

func matchLetters(pattern, name string) bool {
	for i := range len(pattern) {
		if pattern[i] != '?' && pattern[i] != name[i] {
			return false
		}
	}
	return true
}

func isGlob(column string) bool { return strings.ContainsAny(column, "*?") }
