// Package byprompt finds the rows of a file of scores or decisions that belong to prompts. Call
// [New] for a [File].
package byprompt

import (
	"iter"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// File knows the prompts of a file, by their ids or digests. It is safe for concurrent use.
type File struct {
	keyed    *datasets.Keyed
	training map[string]bool // keys of the training prompts
}

// New returns the prompts of a file.
func New(k *datasets.Keyed) *File {
	f := &File{k, map[string]bool{}}
	for i, training := range k.Training {
		if training {
			f.training[k.ID(i)] = true
		}
	}
	return f
}

// Needs returns the digest: files are keyed by it, or prompts checked with it.
func (f *File) Needs() routers.Needs { return routers.Needs{SHA256: true} }

// TrainedOn reports whether the file lists the prompt as a training prompt of its router.
func (f *File) TrainedOn(p routers.Prompt) bool { return f.training[f.key(p)] }

// Check returns an error if the file has prompts that are not in all or whose text has changed.
func (f *File) Check(all iter.Seq[routers.Prompt]) error {
	return f.keyed.Check(func(yield func(id, prompt string) bool) {
		for p := range all {
			if !yield(p.ID, p.SHA256) {
				return
			}
		}
	})
}

// Rows returns the file's row of each prompt, counted from 0. If prompts have none, the error names
// the first three.
func (f *File) Rows(prompts []routers.Prompt) ([]int, error) { return f.keyed.Find(f.keys(prompts)) }

// Prompts returns a prompt per row of the file, with its id or its digest alone.
func (f *File) Prompts() []routers.Prompt {
	out := make([]routers.Prompt, f.keyed.Rows())
	for i := range out {
		if id := f.keyed.ID(i); f.keyed.ByDigest() {
			out[i].SHA256 = id
		} else {
			out[i].ID = id
		}
	}
	return out
}

func (f *File) key(p routers.Prompt) string {
	if f.keyed.ByDigest() {
		return p.SHA256
	}
	return p.ID
}

func (f *File) keys(prompts []routers.Prompt) []string {
	keys := make([]string, len(prompts))
	for i, p := range prompts {
		keys[i] = f.key(p)
	}
	return keys
}
