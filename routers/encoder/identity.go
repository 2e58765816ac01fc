package encoder

import (
	"context"
	"fmt"
)

// Identity says which encoder made a vector: vectors of two identities do not mix.
type Identity struct {
	// Name is what files call the encoder, such as "static" or
	// "openai:text-embedding-3-small".
	Name string
	// SHA256 is the hex digest of everything that its vectors depend on.
	SHA256 string
}

// Encoder turns texts into vectors. Encode returns one vector a text, in their
// order: finite components, all vectors of one length. Where a part of the texts
// is to blame, the error wraps a *BatchError.
type Encoder interface {
	Identity() Identity
	Encode(ctx context.Context, texts []string) ([][]float32, error)
}

// Identity returns the name and digest of the built-in encoder.
func (e *StaticEncoder) Identity() Identity { return Identity{Name: StaticName, SHA256: StaticDigest} }

// BatchError is an error about some of the texts given to Encode, which were asked
// for together.
type BatchError struct {
	First int // position of the first of them, from 0
	Count int // how many they are
	Err   error
}

// Error counts the prompts from 1.
func (e *BatchError) Error() string {
	return fmt.Sprintf("prompt %d (first of a batch of %d): %v", e.First+1, e.Count, e.Err)
}

// Unwrap returns the cause.
func (e *BatchError) Unwrap() error { return e.Err }
