// Package examples makes the files of the folder examples/, which the documentation's commands read.
// All texts in them are our own, made up for this project.
package examples

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/routellm/routellm/internal/quiz"
)

// questions is the number of questions with known answers in questions.jsonl.
const questions = 600

// Files returns all files but README.md, by their slash-separated paths below examples/. root is the
// folder of the repository, from whose test data some of them come. The same sources give the same
// bytes.
func Files(root string) (map[string][]byte, error) {
	files := map[string][]byte{"graded.csv": gradedFile(900), "prices.csv": []byte(quiz.Prices)}
	for name, text := range written {
		files[name] = []byte(text)
	}
	asked := quiz.Make(questions, 1)
	var b bytes.Buffer
	traffic, err := decisionLog(400)
	counted, failed := tokensFile(asked[:100])
	if err := errors.Join(err, failed, quiz.Write(&b, asked)); err != nil {
		return nil, err
	}
	files["decisions.jsonl"], files["questions.jsonl"], files["tokens.csv"] = traffic, b.Bytes(), counted
	return files, errors.Join(addSummaries(files), addCopies(files, root))
}

// addCopies adds the files that are copies of test data.
func addCopies(files map[string][]byte, root string) error {
	pool, err := os.ReadFile(filepath.Join(root, "cmd", "routellm", "internal", "cli", "testdata", "pool.csv"))
	if err != nil {
		return err
	}
	files["pool.csv"] = pool // what DuckDB made of the router of docs/pool.md
	samples := os.DirFS(filepath.Join(root, "datasets", "importers", "testdata"))
	for _, tool := range []string{"inspect", "lm-eval"} {
		err := fs.WalkDir(samples, tool, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Base(name) == "expected.csv" { // which a test reads
				return err
			}
			files[name], err = fs.ReadFile(samples, name)
			return err
		})
		if err != nil {
			return fmt.Errorf("samples of %s: %w", tool, err)
		}
	}
	return nil
}
