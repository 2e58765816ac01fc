package datasets

import "io"

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

// tick counts a row, and once in a while tells how much of the text file has been read.
func (rec *records) tick() error {
	rec.rows++
	if rec.progress == nil || rec.rows%watchRows != 0 {
		return nil
	}
	info, err := rec.file.Stat()
	if err != nil {
		return err
	}
	at, err := rec.file.Seek(0, io.SeekCurrent) // in a compressed file, the position in it
	if err != nil {
		at = 0 // a pipe has no position
	}
	return rec.progress.at(min(at, info.Size()), info.Size())
}
