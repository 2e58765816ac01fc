package harness

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// scoreSource is a source of a router's scores for calibration.
type scoreSource struct {
	name     string
	input    results.Input
	stream   eval.Stream
	clusters []int     // cluster of each score, from eval.ClusterIDs; nil if every prompt is its own
	weights  []float64 // weight of each score; nil if they count alike
	unlike   []bool    // prompts that are unlike all that the router was trained on; nil if not known, or not asked for
}

// calibrationPasses is the number of times that eval.Calibrate reads a stream.
const calibrationPasses = 4

// parquetStream returns a stream that reads the file's scores again on each call.
func parquetStream(f Feedback, path, column string) (eval.Stream, error) {
	rows, err := datasets.CountRows(path)
	if err != nil {
		return nil, err
	}
	progress, read := f.progress("reading"), 0
	return func(yield func([]float64) error) error {
		return datasets.StreamScores(path, column, func(batch []float64) error {
			read += len(batch)
			progress(min(read, calibrationPasses*rows), calibrationPasses*rows)
			return yield(batch)
		})
	}, nil
}

// source returns the scores in the file. Those of one conversation or of one prompt are dependent.
func (c claim) source(ctx context.Context, f Feedback, o Clustering) (scoreSource, error) {
	digest, err := datasets.Digest(c.path)
	if err != nil {
		return scoreSource{}, err
	}
	out := scoreSource{name: c.path, input: results.Input{Path: c.path, SHA256: digest}}
	if out.clusters, err = c.clusters(ctx, o); err != nil {
		return out, err
	}
	if out.unlike, err = c.unlike(ctx); err == nil {
		out.stream, err = parquetStream(f, c.path, "score")
	}
	return out, err
}

// unlike returns which prompts are unlike all that the router was trained on; nil if the file does
// not say it of all.
func (c claim) unlike(ctx context.Context) ([]bool, error) {
	table, err := rows.Open(ctx, c.path, rows.Options{})
	if err != nil {
		return nil, err
	}
	defer table.Close()
	if !slices.Contains(table.Columns(), "unlike") {
		return nil, nil
	}
	var out []bool
	known := true
	err = table.Scan(ctx, []string{"unlike"}, func(r rows.Row) error {
		is, err := strconv.ParseBool(r.Cells[0].Text)
		out, known = append(out, is), known && err == nil
		return nil
	})
	if err != nil || !known {
		return nil, err
	}
	return out, nil
}

// clusters returns the cluster of each score; nil if they are independent.
func (c claim) clusters(ctx context.Context, o Clustering) ([]int, error) {
	if o == ClusterNone {
		return nil, nil
	}
	table, err := rows.Open(ctx, c.path, rows.Options{})
	if err != nil {
		return nil, err
	}
	defer table.Close()
	columns := slices.DeleteFunc([]string{"cluster", "sample_id", "prompt_sha256"}, func(name string) bool { return !slices.Contains(table.Columns(), name) })
	cells := map[string][]string{}
	err = table.Scan(ctx, columns, func(r rows.Row) error {
		for i, cell := range r.Cells {
			name := cmp.Or(strings.Clone(cell.Text), fmt.Sprintf("row %d", r.Number)) // an empty cell is a cluster of its own
			cells[columns[i]] = append(cells[columns[i]], name)
		}
		return nil
	})
	if err != nil || len(columns) == 0 {
		return nil, err
	}
	return o.clustersOf(cells[columns[0]], cells["prompt_sha256"]), nil
}
