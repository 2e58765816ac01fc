package harness

import (
	"context"
	"fmt"
	"io"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/summaries"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// The numbers of bins and buckets that [Summarise] makes.
const (
	DefaultBuckets = 200     // number of buckets
	bucketedBins   = 1 << 12 // number of bins with buckets
	plainBins      = 1 << 16 // number of bins without buckets
	sampledPerBin  = 8       // number of drawn scores per bin, which say where it begins
	summariseRows  = 1 << 13 // number of rows that are read at once
)

// SummariseOptions says how [Summarise] sums up a data set.
type SummariseOptions struct {
	Feedback
	Reading
	Encoder Encoder
	Routers RouterOptions
	// Pair is the pair of models; the zero value stands for that of the data set.
	Pair results.Pair
	// Clusters says which samples are dependent. Samples with equal prompts share a bucket as far as they
	// name no cluster.
	Clusters Clustering
	// Buckets is the number of buckets, 0 for none. Bins is the largest number of bins, 0 for the default.
	Buckets, Bins int
}

// Summarise sums up a data set of any size in constant memory: its samples are read twice, once for the scores and
// once for everything. names are the routers: files of scores in the order of the data set, and routers that score its
// prompts, once, into a temporary file of 8 bytes per row. Without names, the routers are the data set's own columns
// score:NAME. Contaminated rows, and training prompts of a router, are left out, as [Load] does.
func Summarise(ctx context.Context, data string, names []string, o SummariseOptions) (*Summaries, error) {
	if o.Buckets < 0 || o.Bins < 0 || o.Bins == 1 {
		return nil, fmt.Errorf("%d buckets and %d bins: expected at least 0 buckets and 2 bins", o.Buckets, o.Bins)
	}
	if err := o.Clusters.check(); err != nil {
		return nil, err
	}
	in := newOpener(o.Reading, o.Feedback)
	f, input, err := in.open(ctx, data)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := &summariser{options: o, data: data, file: f, encoders: NewEncoders(o.Encoder, o.Feedback), out: &Summaries{Name: ShortName(f), Inputs: []results.Input{input}}}
	defer s.close()
	if s.pair, err = s.choosePair(in); err != nil {
		return nil, err
	}
	if err := s.open(names); err != nil {
		return nil, err
	}
	if err := s.drawEdges(ctx); err != nil {
		return nil, err
	}
	if err := s.addUp(ctx); err != nil {
		return nil, err
	}
	return s.finish()
}

// summariser is a summary under way.
type summariser struct {
	options  SummariseOptions
	data     string
	file     *datasets.File
	encoders *Encoders
	pair     results.Pair
	routers  []*streamedRouter
	out      *Summaries
}

func (s *summariser) close() {
	for _, r := range s.routers {
		if r.stream != nil {
			_ = r.stream.Close() // it was only read
		}
		_ = r.spool.Close() // a temporary file that is left is no reason to fail
	}
}

// choosePair returns the pair. Which of two models is the better one is not looked up: that takes all rows.
func (s *summariser) choosePair(in *opener) (results.Pair, error) {
	meta, models := s.file.Meta(), s.file.Models()
	if s.options.Pair == (results.Pair{}) && (meta.Strong == "" || meta.Weak == "") {
		return results.Pair{}, hint.With(fmt.Errorf("%s names no default pair of models", s.file.Name()), append([]string{"name one: --pair STRONG,WEAK"}, modelsHint(models)...)...)
	}
	return in.choosePair(s.file, s.options.Pair)
}

// bins returns the number of bins.
func (o SummariseOptions) bins() int {
	switch {
	case o.Bins > 0:
		return o.Bins
	case o.Buckets > 0:
		return bucketedBins
	}
	return plainBins
}

// finish returns the summaries of all routers.
func (s *summariser) finish() (*Summaries, error) {
	for _, r := range s.routers {
		summary, err := r.builder.Summary()
		if err != nil {
			return nil, fmt.Errorf("router %q on %s: no row can be used: %w", r.Spec.Label, s.file.Name(), err)
		}
		r.builder = nil
		s.out.Routers = append(s.out.Routers, SummarizedRouter{r.Spec.Label, summary})
	}
	s.out.Pair = s.pair
	return s.out, nil
}

// Write writes the summaries as one Parquet file, which [OpenSummaries] reads.
func (s *Summaries) Write(w io.Writer) error {
	var all []summaries.Router
	for _, r := range s.Routers {
		all = append(all, summaries.Router{Name: r.Name, Summary: r.Summary})
	}
	return summaries.Write(w, all)
}
