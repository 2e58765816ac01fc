// Package cmdutil has what all commands share: [Streams], the errors behind exit codes,
// the groups of flags that several commands have ([EncoderFlags], [LLMFlags],
// [AddIntervalFlags]), and completion.
package cmdutil

import "io"

// Streams are the two streams that a command writes to: numbers to Out, progress,
// warnings and notes to Err.
type Streams struct{ Out, Err io.Writer }
