package encoder

import (
	"context"
	"fmt"
)

// Identity identifies the encoder that made a vector. Vectors of different identities
// cannot be mixed.
type Identity struct {
	// Name is the encoder's name in files, such as "static" or
	// "openai:text-embedding-3-small".
	Name string
	// SHA256 is the hex digest of everything that the encoder's vectors depend on.
	SHA256 string
}

// Encoder turns texts into vectors. Encode returns one vector per text, in the order of
// the texts; all have finite components and the same length. If only some of the texts
// caused an error, the error wraps a [*BatchError].
type Encoder interface {
	Identity() Identity
	Encode(ctx context.Context, texts []string) ([][]float32, error)
}

// Identity returns the name and digest of the built-in encoder.
func (e *StaticEncoder) Identity() Identity { return Identity{Name: StaticName, SHA256: StaticDigest} }

// BatchError is an error about a batch: some of the texts given to Encode, which were
// requested together.
type BatchError struct {
	First int   // First is the 0-based position of the batch's first text
	Count int   // Count is the number of texts in the batch
	Err   error // Err is the cause
}

// Error returns the cause with the position of the batch, counted from 1.
func (e *BatchError) Error() string {
	return fmt.Sprintf("prompt %d (first of a batch of %d): %v", e.First+1, e.Count, e.Err)
}

// Unwrap returns the cause.
func (e *BatchError) Unwrap() error { return e.Err }
