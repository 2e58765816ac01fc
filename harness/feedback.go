package harness

import "fmt"

// Feedback reports to the caller during a long computation. The zero value reports
// nothing.
type Feedback struct {
	// Progress, if non-nil, is called as work proceeds, never concurrently. task names
	// the step, such as "scoring". Another task, another total, or fewer units done than
	// in the call before, means that other work has begun.
	Progress func(task string, done, total int)
	// Note, if non-nil, receives sentences for the user: what was left out, and warnings,
	// which begin with "warning: ", and how files were read, which begins with "reading ".
	Note func(text string)
}

// progress returns the function that reports on one task.
func (f Feedback) progress(task string) func(done, total int) {
	return func(done, total int) {
		if f.Progress != nil {
			f.Progress(task, done, total)
		}
	}
}

// note formats a sentence for the user.
func (f Feedback) note(format string, args ...any) {
	if f.Note != nil {
		f.Note(fmt.Sprintf(format, args...))
	}
}
