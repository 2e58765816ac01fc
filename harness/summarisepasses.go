package harness

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/sqltext"
)

// drawEdges reads the scores, and says where the bins begin.
func (s *summariser) drawEdges(ctx context.Context) error {
	for _, r := range s.routers {
		sampler := binned.NewSampler(sampledPerBin * s.options.bins())
		if err := s.eachScore(ctx, r, sampler.Add); err != nil {
			return fmt.Errorf("router %q on %s: %w", r.Spec.Label, s.file.Name(), err)
		}
		r.edges = sampler.Edges(s.options.bins())
		r.builder = binned.NewBuilder(r.edges, s.options.Buckets)
	}
	return nil
}

// eachScore calls yield with the router's scores, in the order of the rows.
func (s *summariser) eachScore(ctx context.Context, r *streamedRouter, yield func([]float64)) error {
	progress, total := s.options.progress("reading "+r.Spec.Label), s.file.Rows()
	if r.stream == nil {
		return s.scorePrompts(ctx, r, progress, yield)
	}
	for read := 0; read < total; {
		if err := ctx.Err(); err != nil {
			return err
		}
		scores, err := r.stream.Scores(min(summariseRows, total-read))
		if err != nil {
			return err
		}
		yield(scores)
		read += len(scores)
		progress(read, total)
	}
	var err error
	if err = r.stream.Close(); err == nil {
		r.stream, err = datasets.OpenScoreStream(r.path, r.column)
	}
	return err
}

// scorePrompts scores the prompts of all rows, and keeps the scores in a temporary file.
func (s *summariser) scorePrompts(ctx context.Context, r *streamedRouter, progress func(done, total int), yield func([]float64)) error {
	read, sel := 0, selection(s.file, r.Needs())
	return s.file.Stream(sel, summariseRows, func(t *datasets.Table) error {
		prompts, err := s.encoders.promptsFor(ctx, s.data, t, r.Router.Router)
		if err != nil {
			return err
		}
		scores, err := r.Scores(ctx, prompts)
		if err == nil {
			err = checkFinite(scores, prompts)
		}
		if err != nil {
			return err
		}
		if err := r.keep(scores); err != nil {
			return err
		}
		yield(scores)
		read += t.Rows()
		progress(read, s.file.Rows())
		return ctx.Err()
	})
}

// addUp reads everything, and adds the samples to the bins of all routers.
func (s *summariser) addUp(ctx context.Context) error {
	live := slices.DeleteFunc(slices.Clone(s.routers), func(r *streamedRouter) bool { return r.stream != nil })
	var rs []Router
	for _, r := range live {
		rs = append(rs, r.Router)
	}
	trained, read := knowledgeOf(rs), 0
	progress := s.options.progress("summing up")
	sel := datasets.Select{Models: []string{s.pair.Strong, s.pair.Weak}, Weights: true, Norms: s.options.Clusters.joins() || !trained.none()}
	sel.Digests = len(trained.witnesses) > 0 || slices.ContainsFunc(s.routers, func(r *streamedRouter) bool { return r.stream != nil && r.stream.Key != "sample_id" })
	return s.file.Stream(sel, summariseRows, func(t *datasets.Table) error {
		if err := s.addTable(t, trained, read); err != nil {
			return err
		}
		read += t.Rows()
		progress(read, s.file.Rows())
		return ctx.Err()
	})
}

// addTable adds the samples of a table, of which so many rows were read before.
func (s *summariser) addTable(t *datasets.Table, trained knowledge, before int) error {
	lessons := make([]bool, t.Rows()) // training prompts of a router
	scores := make([][]float64, len(s.routers))
	for k, r := range s.routers {
		var err error
		if scores[k], err = r.next(t, before, lessons); err != nil {
			return err
		}
	}
	strong, _ := t.QualityOf(s.pair.Strong)
	weak, _ := t.QualityOf(s.pair.Weak)
	for i := range t.Rows() {
		switch {
		case t.Contaminated[i]:
			s.out.Excluded.Contaminated++
			continue
		case lessons[i] || trained.trainedOn(t, i):
			s.out.Excluded.Training++
			continue
		}
		weight, bucket := 1.0, s.bucket(t, i)
		if t.Weight != nil {
			weight = t.Weight[i]
		}
		usable := true
		for k := range scores {
			usable = usable && scores[k][i]-scores[k][i] == 0
		}
		for k, r := range s.routers {
			score := scores[k][i]
			if !usable { // for one router, so that all are compared on the same samples
				score = math.NaN()
			}
			r.builder.Add(score, strong[i], weak[i], weight, bucket)
		}
	}
	return nil
}

// bucket returns the bucket of a row: that of its cluster or, if it names none, of its prompt.
func (s *summariser) bucket(t *datasets.Table, i int) int {
	if s.options.Buckets == 0 {
		return 0
	}
	key := t.Cluster[i]
	switch {
	case s.options.Clusters == ClusterNone:
		key = t.SampleID[i]
	case s.options.Clusters.joins() && key == t.SampleID[i] && t.PromptNormSHA256 != nil:
		key = t.PromptNormSHA256[i]
	}
	return sqltext.Bucket(key, s.options.Buckets)
}
