// Package routers defines what a router is. A [Router] gives each [Prompt] a score; a
// higher score means that the strong model is needed more.
//
// To score texts, make prompts with [NewPrompt] and open a router with package
// routers/registry, which knows every router by its command-line name, or with the
// router's own package below this one. To write a router, implement [Router]. The other
// interfaces here are optional: evaluation and calibration find them by type assertion.
package routers

import (
	"context"
	"iter"

	"github.com/routellm/routellm/datasets/nearcopy"
)

// Needs lists the parts of a prompt that a router reads.
type Needs struct {
	SHA256, Text, Vector, Features, Cues bool // reports for each field of Prompt whether it is read
}

// Router scores prompts. Implementations are safe for concurrent use.
type Router interface {
	// Needs returns the parts that every prompt passed to Scores must have.
	Needs() Needs
	// Scores returns one finite score per prompt, in the order of the prompts. The
	// same prompts always get the same scores.
	Scores(ctx context.Context, prompts []Prompt) ([]float64, error)
}

// ClosedForm marks a router whose scores carry no information. Its curve is known in
// closed form, so evaluation does not draw it from the scores.
type ClosedForm interface{ ClosedForm() }

// OutcomeScorer is a router that sees the models' results, such as the oracle. It works
// only inside an evaluation.
type OutcomeScorer interface {
	// OutcomeScores returns one score per sample, from both models' quality on it.
	OutcomeScores(strong, weak []float64) []float64
}

// Decider marks a router that returns decisions instead of scores: 1 for strong, 0 for
// weak. It has one operating point and no curve.
type Decider interface{ Decides() }

// PairDecider is a [Decider] whose decisions may name models. ForPair returns the router that
// decides between the models of a pair, or an error if others are named.
type PairDecider interface {
	Decider
	Unpaired
}

// Checker is a router that knows only certain prompts. Check receives every prompt of the
// evaluated data sets, including those that evaluation leaves out, and returns an error
// if the router has data for a prompt that is not among them, or for a different text.
type Checker interface {
	Check(all iter.Seq[Prompt]) error
}

// Trained is a router that learned from prompts. Evaluation leaves those prompts out for
// every router in the same table.
type Trained interface {
	// TrainingPrompts returns the normalised digests (prompt_norm_sha256) of the
	// training prompts.
	TrainingPrompts() []string
}

// Signed is a [Trained] router with signatures of its training prompts, by which evaluation
// finds near copies of them. Those of prompts in built-in data sets may be missing, because
// the program has them.
type Signed interface {
	// Signatures returns the signatures of training prompts.
	Signatures() nearcopy.Set
}

// Familiar is a [Trained] router that can tell prompts that are unlike all that it was trained on.
type Familiar interface {
	// Unlike reports for each prompt whether it is unlike all training prompts, about 5 % of
	// which would be said to be so had they not been trained on. It returns nil if the router
	// cannot tell. Prompts need what the router reads, and features.
	Unlike(prompts []Prompt) []bool
}

// TrainedOn is a router that cannot list the digests of its training prompts but can
// recognise them. TrainedOn reports whether p is one of them.
type TrainedOn interface{ TrainedOn(p Prompt) bool }

// Paired is a router that was trained for one pair of models.
type Paired interface{ Pair() (strong, weak string) }

// Encoded is a router whose prompt vectors must come from one encoder.
type Encoded interface {
	// VectorsFrom returns the encoder's name and digest; an empty digest accepts any.
	VectorsFrom() (name, sha256 string)
}

// Weighted is a router with weights. SHA256 returns the hex digest of the weights file
// or, for a remote model, of its request settings.
type Weighted interface{ SHA256() string }

// Compatible is a router that can follow the reference implementation where that deviates
// from the router's definition.
type Compatible interface {
	// Compat returns the router that follows the reference implementation.
	Compat() (Router, error)
}

// HeldOut is a trained router that knows its out-of-sample score of each training prompt:
// the score from a model that has not seen the prompt. Calibration on training prompts
// uses these scores.
type HeldOut interface {
	// HeldOut returns the score of the training prompt with this normalised digest;
	// ok is false for any other prompt.
	HeldOut(norm string) (score float64, ok bool)
}
