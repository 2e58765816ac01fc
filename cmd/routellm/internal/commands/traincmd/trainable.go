package traincmd

import (
	"fmt"
	"strings"
)

// trainable describes a router that can be trained.
type trainable struct {
	name, title string
	about       string // paragraph of the help text on training for two models; "" if it is not for two
	pool        string // paragraph of the help text on training for several models; "" if it is not for several
	data        string // flags of the example
	answers     bool   // whether it learns from the weak model's answers, and not from votes or drawn rows
	chooses     bool   // whether cross-validation chooses a setting, which --plot shows
}

const (
	exampleData = "--data judge --gold gsm8k:300"
	examplePool = "--gold pareto:600 --models all"
)

// trainables lists the routers that can be trained.
func trainables() []trainable {
	return []trainable{
		{name: "mf", title: "matrix factorization", data: exampleData, chooses: true,
			about: `The model has one regression per source of labels, with a ridge weight for
each group of inputs (vector, counts, cues), and a gate that combines them. The
ridge weights are those at which the marginal likelihood of the labels is
largest; "chosen" shows the number of weights that the labels determine.`,
			pool: `a few factors of the prompt, shared by all models, give the quality
of each through a sigmoid. Cross-validation chooses their number (the rank) and
the ridge weight. Predicted costs are the models' means.`},
		{name: "sw_ranking", title: "similarity-weighted ranking", data: exampleData,
			about: `The model is the set of battles: a prompt's win rate comes from the battles on
similar prompts. There are no settings to choose. A graded battle is won in
part: see 'routellm datasets import grades --help'.`},
		{name: "knn", title: "nearest-neighbour", data: exampleData, chooses: true,
			about: `The win rate is the weighted mean label of all training prompts, and nearer
prompts weigh more. How fast the weights fall with distance is chosen by
predicting each training prompt from the others: T is the temperature, c the
weight of differences in counts, k that of differences in cues.`,
			pool: `the quality and the cost of a model's answer are its means over the
nearest training prompts. Cross-validation chooses their number.`},
		{name: "linear", title: "linear", data: examplePool, chooses: true,
			pool: `one ridge regression per model predicts the quality of its answer from
the prompt's vector, counts and cues, and another one the logarithm of its cost.
The ridge weights are those at which the marginal likelihood is largest.`},
		{name: "cluster", title: "cluster", data: examplePool, chooses: true,
			pool: `the prompts are divided into clusters, and the quality and the cost of
a model's answer are its means in the prompt's cluster. Cross-validation
chooses the number of clusters.`},
		{name: "cascade", title: "cascade", data: "--data graded.parquet --pair big,small", chooses: true, answers: true,
			about: `The weak model is asked first, and the router decides by its answer whether the
strong one is asked too. The model is a logistic regression on signals of the
answer: log-probabilities of its tokens, agreement, length, refusals and others
(docs/cascade.md), and on counts of the prompt. --with-prompt adds the prompt's
vector. Cross-validation chooses the ridge weight.`},
		{name: "subject", title: "subject mean", data: "--gold mmlu:1500",
			about: `This is a baseline rather than a router: it needs to know the subject of a
benchmark that a sample belongs to. It is trained on --gold only.`,
			pool: `the quality of a model's answer is its mean over the training prompts
of the same task.`},
	}
}

// help returns the help text.
func (r trainable) help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Train the %s router. Training takes seconds and\ngives the same result on every machine of the same architecture.\n", r.title)
	switch {
	case r.answers:
		fmt.Fprintf(&b, answersHelp, r.about)
	case r.about != "":
		fmt.Fprintf(&b, pairHelp, r.about)
	}
	if r.pool != "" {
		fmt.Fprintf(&b, poolHelp, r.poolIntroduction()+r.pool)
	}
	return strings.TrimRight(b.String(), "\n")
}

// poolIntroduction begins the paragraph on several models.
func (r trainable) poolIntroduction() string {
	if r.about == "" {
		return "The router chooses among any number of models:\n"
	}
	return "With --models, the router chooses among any number of models instead of two:\n"
}

const pairHelp = `
%s

--data takes the built-in sets arena (votes) and judge (grades), or files of
the same kind: battles in Parquet with model_a, model_b and winner, or grades of
several models. --gold takes a benchmark, built in or a file with outcomes of
both models, and the number of its rows to train on. The rows are drawn by
--seed; evaluations of the router leave them out and need the others. Prompts
in --data that are in a built-in benchmark, or near-duplicates
(cosine similarity of at least 0.95 and similar length), are never used.

The table shows how good the win rates of held-out prompts are: their log loss
and accuracy beside those of a constant win rate, and the APGR for the pair of
models. APGR is measured inside each of 10 folds, by routers that were trained
on the other folds, and averaged: without skill it is 0.5, give or take its
standard error.
`

const answersHelp = `
%s

--data takes files of answers, as 'routellm answer' and 'routellm grade' write
them: the qualities of both models, and the weak model's answers with their
signals. Prompts that are in a built-in benchmark, or near-duplicates (cosine
similarity of at least 0.95 and similar length), are never used.

The table shows how good the scores of held-out prompts are: their log loss and
accuracy beside those of a constant score, and the APGR for the pair of models.
APGR counts calls to the strong model only. A cascade asks the weak model for
every prompt, so that 'routellm eval --models STRONG,WEAK', which counts
dollars, is the fair comparison with other routers.
`

const poolHelp = `
%s

Several models need a table with the quality and the cost of each model's
answers: --data FILE takes all rows but those whose prompts are in a built-in
benchmark, or near-duplicates of such prompts, and --gold NAME:COUNT draws rows.
A model is trained on the rows on which it was measured. The table shows the
lift of predictions that are out of fold over the static mix of the models (see
docs/pool.md), on rows on which all models were measured.
`

// example returns the example of the help text.
func (r trainable) example() string {
	lines := []string{fmt.Sprintf("  routellm train %s %s --out mine.safetensors", r.name, r.data)}
	if r.pool != "" && r.about != "" {
		lines = append(lines, fmt.Sprintf("  routellm train %s %s --out pool.safetensors", r.name, examplePool))
	}
	return strings.Join(lines, "\n")
}

// dataUsage describes --data.
func (r trainable) dataUsage() string {
	if r.about == "" {
		return "`FILE` with outcomes to train on; repeatable"
	}
	if r.answers {
		return "`FILE` with graded answers to train on; repeatable"
	}
	return "votes or grades to train on: arena, judge or a `FILE`; repeatable"
}

// modelsUsage describes --models.
func (r trainable) modelsUsage() string {
	if r.about == "" {
		return "`MODEL,MODEL` to choose among, or all (default all)"
	}
	return "train for several models: `MODEL,MODEL`, or all that the data has"
}
