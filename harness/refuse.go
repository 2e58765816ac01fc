package harness

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers/registry"
)

// refuseDocument refuses the documents that this program writes where a data set is expected.
func refuseDocument(name string, head []byte) error {
	has := func(words ...string) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !bytes.Contains(head, []byte(`"`+w+`"`)) })
	}
	switch {
	case !bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")) || !has("schema_version", "tool", "routellm"):
		return nil
	case has("kind"):
		return hint.With(fmt.Errorf("%q: holds a calibrated threshold, expected a data set", name), "--artifact "+name+" names a threshold")
	}
	return hint.With(fmt.Errorf("%q: holds results, expected a data set", name),
		"routellm report, compare and gate read results", "the data that was evaluated is listed under \"inputs\"")
}

// refuseScores refuses a file of scores or decisions where a data set is expected.
func (o *opener) refuseScores(name string, columns []string) error {
	kind := kindByColumns(columns)
	if kind == kindData || o.only != "" || len(o.reading.Given) > 0 {
		return nil
	}
	if err := refuseLog(name); err != nil {
		return err
	}
	return hint.With(fmt.Errorf("%q: holds %s, expected a data set", name, kind), "they make a router: --router "+kind+":"+name)
}

// refuseLog refuses a decision log, as serve writes it, where a table is expected.
func refuseLog(path string) error {
	head, err := headOf(path)
	if err != nil || !bytes.HasPrefix(head, []byte(`{"schema_version":`)) ||
		!bytes.Contains(head, []byte(`"prompt_sha256":`)) && !bytes.Contains(head, []byte(`,"feedback":{`)) {
		return nil
	}
	return hint.With(fmt.Errorf("%q: holds a decision log of serve, expected a table made from it", path),
		"routellm log "+path+" --out traffic.parquet makes it")
}

// hintNames adds hints to an error about a file that does not exist: the built-in names, and
// the one closest to a mistyped name.
func (o *opener) hintNames(name string, err error) error {
	return hintNames(name, err, o.names)
}

func hintNames(name string, err error, known []string) error {
	if advice := routerHint(name); advice != "" {
		return hint.With(err, advice)
	}
	if strings.ContainsAny(name, `./\`) {
		return hint.DidYouMean(err, name, neighbours(name))
	}
	err = hint.With(err, "built-in: "+strings.Join(known, ", ")+"; anything else is a file, a folder or a pattern such as 'part-*.csv'")
	return hint.DidYouMean(err, name, known)
}

// neighbours lists the files in the folder of a file that does not exist, as they would be written in
// its place; nil for a large folder.
func neighbours(path string) (files []string) {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return nil
	}
	defer dir.Close()
	const many = 10000
	names, err := dir.Readdirnames(many)
	if len(names) == many || err != nil && !errors.Is(err, io.EOF) {
		return nil
	}
	slices.Sort(names) // so that the same folder gives the same hint
	folder, _ := filepath.Split(path)
	for _, name := range names {
		files = append(files, folder+name)
	}
	return files
}

// routerHint returns a hint for the name of a router where a data set is expected, "" for others.
func routerHint(name string) string {
	kind, _, isKind := strings.Cut(name, ":")
	if isKind {
		kind += ":"
	}
	if slices.ContainsFunc(registry.Entries(), func(e registry.Entry) bool { return e.Name == kind }) {
		return "this is a router: --router " + name
	}
	return ""
}

// hintColumns adds a hint to an error about a table if a file is named where a column is
// expected.
func (o *opener) hintColumns(name string, err error) error {
	c := o.reading.Columns
	for _, column := range []string{c.ID, c.Prompt, c.Task, c.Cluster, c.Model, c.Quality, c.Cost} {
		if info, statErr := os.Stat(column); column != "" && statErr == nil && info.Mode().IsRegular() {
			err = hint.With(err, fmt.Sprintf("%s is a file, but a column of %s is expected", column, name))
		}
	}
	return err
}
