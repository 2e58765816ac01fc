package harness

import (
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/results"
)

// Files keeps the data sets that were made of files in other formats, so that each file is read
// once: standard input cannot be read twice. Close it after use. Do not use it concurrently.
type Files struct {
	made map[madeFrom]*made
}

// madeFrom is what a data set was made of.
type madeFrom struct{ name, labels string }

// made is a file in the sample schema that was made of another.
type made struct {
	spool spool
	input results.Input
}

// NewFiles returns an empty store.
func NewFiles() *Files { return &Files{made: map[madeFrom]*made{}} }

// Close removes everything that was kept.
func (f *Files) Close() {
	for _, m := range f.made {
		_ = m.spool.Close() // a temporary file that is left is no reason to fail
	}
	clear(f.made)
}

// open returns the data set that was made of the named file with the labels as qualities. It makes it
// at the first call.
func (f *Files) open(name, labels string, make func() (*made, error)) (*datasets.File, results.Input, error) {
	key := madeFrom{name, labels}
	m := f.made[key]
	if m == nil {
		var err error
		if m, err = make(); err != nil {
			return nil, results.Input{}, err
		}
		f.made[key] = m
	}
	file, err := datasets.OpenReaderAt(name, m.spool.reader(), m.spool.size, nil)
	return file, m.input, err
}
