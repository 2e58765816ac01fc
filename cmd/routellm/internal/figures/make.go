package figures

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/eval"
)

// Made holds all figures and tables.
type Made struct {
	Files  []File
	Claims *table.Table // the publication's claims with our answers, for a terminal
}

// work holds the data of a run and everything measured from it.
type work struct {
	*Data
	benchmarks, pairs []*benchmarkMetrics
	ratings           []rating
	similar           []similarity
	commercial        []commercialRouter
}

// Make makes every figure and table. It calls progress with the number of resamples done
// and their total. The same data, bootstrap and drawing give the same bytes. Make returns the
// error of ctx if that is done.
func Make(ctx context.Context, d *Data, boot eval.Bootstrap, draw Drawing, progress func(done, total int)) (*Made, error) {
	w := &work{Data: d}
	if err := w.measure(ctx, boot, progress); err != nil {
		return nil, err
	}
	statements, err := publishedClaims(w.benchmarks, w.commercial)
	if err != nil {
		return nil, err
	}
	sheets, err := w.sheets(statements)
	if err != nil {
		return nil, err
	}
	figures := w.figures()
	out := &Made{Claims: checklist(statements)}
	for _, f := range figures {
		files, err := f.files(ctx, draw)
		if err != nil {
			return nil, err
		}
		out.Files = append(out.Files, files...)
	}
	tables, err := w.tableFiles(figures, sheets, boot, draw)
	out.Files = append(out.Files, tables...)
	return out, err
}

// tableFiles returns the tables in the formats that are wanted.
func (w *work) tableFiles(figures []figure, sheets []sheet, boot eval.Bootstrap, draw Drawing) ([]File, error) {
	var files []File
	if draw.Has("csv") {
		for _, s := range sheets {
			file, err := csvFile(s.name, &s.csv)
			if err != nil {
				return nil, err
			}
			files = append(files, file)
		}
	}
	for _, c := range w.commercial {
		if c.Strong != nil && (draw.Has("csv") || draw.Has("md")) { // the page links to these decisions
			files = append(files, File{c.Name + ".csv", c.CSV})
		}
	}
	for _, f := range []struct {
		format, name string
		make         func() ([]byte, error)
	}{
		{"md", "figures.md", func() ([]byte, error) { return page(figures, sheets, boot, draw) }},
		{"txt", "figures.txt", func() ([]byte, error) { return textPage(sheets) }},
		{"json", "figures.json", func() ([]byte, error) { return numbersJSON(figures, sheets) }},
	} {
		if !draw.Has(f.format) {
			continue
		}
		data, err := f.make()
		if err != nil {
			return nil, err
		}
		files = append(files, File{f.name, data})
	}
	return files, nil
}

// measure draws all resamples, which takes most of the run's time.
func (w *work) measure(ctx context.Context, boot eval.Bootstrap, progress func(done, total int)) (err error) {
	if w.commercial, err = commercialRouters(&w.Benchmarks[0]); err != nil {
		return err
	}
	settings, done := len(w.Benchmarks)+len(w.Pairs), 0
	boot.Progress = func(n, _ int) error {
		progress(done*boot.Resamples+n, settings*boot.Resamples)
		return ctx.Err()
	}
	run := func(s *EvaluatedBenchmark) (*benchmarkMetrics, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r, err := measure(s, boot)
		done++
		return r, err
	}
	for i := range w.Benchmarks {
		r, err := run(&w.Benchmarks[i])
		if err != nil {
			return fmt.Errorf("%s: %w", w.Benchmarks[i].Benchmark.Name, err)
		}
		w.benchmarks = append(w.benchmarks, r)
	}
	for i := range w.Pairs {
		r, err := run(&w.Pairs[i])
		if err != nil {
			return fmt.Errorf("%s: %w", Pairs()[i].Title, err)
		}
		w.pairs = append(w.pairs, r)
	}
	for _, r := range append(w.benchmarks, w.pairs...) {
		r.boot.Progress = nil
	}
	for i, f := range w.commercial {
		if w.commercial[i].against, err = w.benchmarks[0].compareWith(f); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	if w.ratings, err = ratings(ctx, w.Votes, boot); err != nil {
		return fmt.Errorf("ratings: %w", err)
	}
	w.similar, err = w.similarities(ctx, boot.Confidence)
	return err
}

func (w *work) figures() []figure {
	mt := &w.Benchmarks[0]
	out := []figure{ratingFigure(w.ratings), metricFigure(mt)}
	for i := range w.Benchmarks {
		out = append(out, benchmarkFigure(3+i, &w.Benchmarks[i]))
	}
	return append(out, commercialFigure(mt, w.commercial), pairFigure(w.pairs))
}

func (w *work) sheets(statements []publishedClaim) ([]sheet, error) {
	var out []sheet
	for i, r := range w.benchmarks {
		out = append(out, resultSheet(1+i, r))
	}
	overhead, err := overheadSheet()
	if err != nil {
		return nil, err
	}
	return append(out, pairSheet(w.pairs), similaritySheet(w.similar), savingSheet(w.benchmarks), overhead,
		commercialSheet(w.benchmarks[0], w.commercial), claimSheet(statements)), nil
}
