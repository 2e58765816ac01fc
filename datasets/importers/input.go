package importers

import (
	"context"
	"fmt"
	"slices"
)

// input holds the files and options that a tool reads.
type input struct {
	Options
	ctx     context.Context
	tool    Tool
	detect  func(path string) (Tool, bool) // whose files a path holds
	files   []*file                        // sorted by path
	temps   []func()
	done    int64 // bytes read of those of all files
	used    map[*file]bool
	leftOut []LeftOut
	bad     int                // bad rows that were left out
	choices map[string]*choice // what the user chose, by flag
}

// file is a file of the tool.
type file struct {
	path string // path that the user knows
	at   string // where its bytes are: path, but for pipes
	size int64
	kind string
}

// of lists the files of a kind.
func (in *input) of(kind string) (out []*file) {
	for _, f := range in.files {
		if f.kind == kind {
			out = append(out, f)
		}
	}
	return out
}

// leave counts n things that are left out, under a noun in the singular.
func (in *input) leave(n int, what string) {
	if n == 0 {
		return
	}
	i := slices.IndexFunc(in.leftOut, func(l LeftOut) bool { return l.What == what })
	if i < 0 {
		in.leftOut, i = append(in.leftOut, LeftOut{What: what}), len(in.leftOut)
	}
	in.leftOut[i].N += n
}

// unused notes that a file was looked into, but not imported.
func (in *input) unused(path string) {
	for _, f := range in.files {
		if f.path == path {
			delete(in.used, f)
		}
	}
}

func (in *input) summary() Summary {
	s := Summary{LeftOut: in.leftOut}
	for _, f := range in.files {
		if in.used[f] {
			s.Files = append(s.Files, f.path)
		}
	}
	return s
}

// needs returns an error if there is no file of a kind.
func (in *input) needs(kind string) error {
	if len(in.of(kind)) > 0 {
		return nil
	}
	return fmt.Errorf("found no %s files of %s, expected %s", kind, in.tool.Name, in.tool.Files)
}

// Summary says what an import read and left out.
type Summary struct {
	Files   []string  // paths of the files, sorted
	LeftOut []LeftOut // counts by reason, in the order in which the reasons were met
}

// LeftOut counts what was left out for one reason.
type LeftOut struct {
	N    int
	What string // a noun in the singular, such as "perturbed instance"
}
