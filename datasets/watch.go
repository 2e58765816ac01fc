package datasets

// watch is a function that is told how much of a step is done, in per cent, and returns an error
// to end the work. It may be nil.
type watch func(done, total int) error

// watchRows is the number of rows between two calls: some milliseconds of work.
const watchRows = 1024

// at tells that done of total units are done.
func (w watch) at(done, total int64) error {
	if w == nil || total <= 0 {
		return nil
	}
	return w(int(100*done/total), 100)
}
