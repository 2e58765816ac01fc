// Package routers says what a router is: something that gives each prompt a
// score, larger meaning that the strong model is more needed. Each router has a
// package of its own below this one; registry opens them by name.
package routers

import "context"

// Needs says which parts of a prompt a router reads.
type Needs struct {
	SHA256, Text, Vector, Features bool
}

// Router scores prompts. Implementations are safe for concurrent use.
type Router interface {
	// Needs returns the parts that prompts passed to Scores must have.
	Needs() Needs
	// Scores returns one finite score a prompt, in the order of the prompts. The
	// same prompts give the same scores.
	Scores(ctx context.Context, prompts []Prompt) ([]float64, error)
}

// ClosedForm is implemented by a router whose scores carry no information, so that
// its curve is known in closed form and evaluation need not draw one.
type ClosedForm interface{ ClosedForm() }

// OutcomeScorer is implemented by a router that looks at the answers, such as
// the oracle. It has no use outside an evaluation.
type OutcomeScorer interface {
	// OutcomeScores returns one score a sample from both models' quality on it.
	OutcomeScores(strong, weak []float64) []float64
}

// Decider is implemented by a router that makes decisions instead of scores: 1 is
// strong, 0 weak. It has one operating point and no curve.
type Decider interface{ Decides() }

// Checker is implemented by a router that holds something for known prompts
// only. Check gets every prompt of the evaluated data sets, also those that are
// then left out, and reports what the router has that they do not.
type Checker interface{ Check(all []Prompt) error }

// Trained is implemented by a router that learned from prompts. Evaluation leaves
// those prompts out, for every router in the same table.
type Trained interface {
	// TrainingPrompts returns the normalised digests (prompt_norm_sha256) of the
	// prompts it was trained on.
	TrainingPrompts() []string
}

// TrainedOn is implemented by a router that does not know the digests of its training
// prompts, but of each prompt whether it is one.
type TrainedOn interface{ TrainedOn(p Prompt) bool }

// Paired is implemented by a router that was trained for one pair of models.
type Paired interface{ Pair() (strong, weak string) }

// Encoded is implemented by a router whose vectors must come from one encoder.
type Encoded interface {
	// VectorsFrom returns the encoder's name and digest; digest "" stands for any.
	VectorsFrom() (name, sha256 string)
}

// Weighted is implemented by a router with weights: SHA256 is the hex digest of the
// file that they come from, or of how they are asked for where another program has them.
type Weighted interface{ SHA256() string }

// Compatible is implemented by a router that can also do as the reference
// implementation does where that is not what its definition says.
type Compatible interface {
	// Compat returns the router with those conventions.
	Compat() (Router, error)
}

// HeldOut is implemented by a trained router that knows what a model which had not
// seen a training prompt gives it. Calibration on such prompts uses that score.
type HeldOut interface {
	// HeldOut takes a normalised digest; ok is false for other prompts.
	HeldOut(norm string) (score float64, ok bool)
}
