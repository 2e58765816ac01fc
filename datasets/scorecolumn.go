package datasets

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// SplitColumn splits "FILE#COLUMN" into the file and the column of scores in it, which is "" if
// none is named. A "#" that belongs to the name of a file stays there.
func SplitColumn(path string) (file, column string) {
	exists := func(name string) bool { _, err := os.Stat(name); return err == nil }
	file, column, named := strings.Cut(path, "#")
	if !named || exists(path) {
		return path, ""
	}
	for i, c := range path {
		if c == '#' && exists(path[:i]) {
			return path[:i], path[i+1:]
		}
	}
	return file, column
}

// readScoreColumn reads a named column of a table, whose ids are in the first column with one of
// the usual names.
func readScoreColumn(path, column string) (*Scores, error) {
	head, err := Header(path)
	if err != nil {
		return nil, err
	}
	ids := usualColumns(usualIDs, head)
	if slices.Contains(head, colSHA256) && !slices.Contains(head, colSampleID) {
		ids = []string{colSHA256}
	}
	if len(ids) == 0 {
		return nil, hint.With(fmt.Errorf("%q: no column of ids, expected %q, %q or another usual name", path, colSampleID, "id"),
			"columns in the file: "+text.Quoted(head, 20), "docs/data.md lists the usual names of columns")
	}
	return readScores(path, &scoreReader{key: ids[0], column: column})
}

// hintColumn adds how to name the column of scores to an error about a column, if none was named.
func hintColumn(err error, column string) error {
	if column != colScore {
		return err
	}
	return hint.With(err, "scores in another column: --router scores:FILE#COLUMN")
}
