package harness

import "fmt"

// Feedback tells the caller how a long computation goes. The zero value is silent.
type Feedback struct {
	// Progress, if non-nil, is called as work proceeds, never concurrently. task names
	// the step, such as "scoring". Another task, another total, or fewer units done than
	// before, is the start of other work.
	Progress func(task string, done, total int)
	// Note, if non-nil, receives sentences that the user should read: what was left out,
	// and warnings, which begin with "warning: ".
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

func (f Feedback) note(format string, args ...any) {
	if f.Note != nil {
		f.Note(fmt.Sprintf(format, args...))
	}
}
