// Package cmdutil holds what the commands share: the output [Streams], exit codes and
// printed errors ([PrintError]), groups of flags ([EncoderFlags], [LLMFlags],
// [AddIntervalFlags]), help ([SetHelp]) and completion ([CompleteFlags]).
package cmdutil

import "io"

// Streams are the two streams that a command writes to: results to Out, and progress,
// warnings and notes to Err.
type Streams struct{ Out, Err io.Writer }
