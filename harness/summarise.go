package harness

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/summaries"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/registry"
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

// streamedRouter is a router whose scores are read row by row.
type streamedRouter struct {
	Router
	stream  *datasets.ScoreStream // nil for a router that scores prompts
	path    string                // of the stream
	column  string                // of the stream
	spool   spool                 // the scores of a router that scores prompts
	edges   []float64
	builder *binned.Builder
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

// open opens the routers.
func (s *summariser) open(names []string) error {
	if len(names) == 0 {
		for _, c := range s.file.Columns() {
			if label, ok := strings.CutPrefix(c, datasets.ScorePrefix); ok {
				names = append(names, label+"=scores:"+s.data+"#"+c)
			}
		}
	}
	if len(names) == 0 {
		return hint.With(fmt.Errorf("%s has no column score:NAME", s.file.Name()), "name the routers: --router LABEL=scores:FILE, or those that score prompts, such as --router length")
	}
	specs, err := registry.ParseSpecs(names)
	if err != nil {
		return err
	}
	for _, spec := range specs {
		if spec.Name == randomLabel { // it is always there
			continue
		}
		r, err := s.openRouter(spec)
		if err != nil {
			return err
		}
		s.routers = append(s.routers, r)
		if s.out.Inputs, err = withFile(s.out.Inputs, r.Router); err != nil {
			return err
		}
	}
	if len(s.routers) == 0 {
		return errors.New("no router has scores to sum up: name one besides random")
	}
	return nil
}

// openRouter opens one router.
func (s *summariser) openRouter(spec registry.Spec) (*streamedRouter, error) {
	r := &streamedRouter{Router: Router{Spec: spec}}
	if r.isScoreFile() {
		r.path, r.column = spec.File()
		if r.column == "" {
			r.column = "score"
		}
		stream, err := datasets.OpenScoreStream(r.path, r.column)
		if err != nil {
			return nil, err
		}
		r.stream = stream
		if stream.Rows() != s.file.Rows() {
			return r, hint.With(fmt.Errorf("%q has %d rows and %s %d: expected the same rows in the same order", r.path, stream.Rows(), s.file.Name(), s.file.Rows()), sameOrder)
		}
		return r, nil
	}
	var err error
	if r.Router, err = openSpec(spec, s.options.Routers); err != nil {
		return nil, err
	}
	if err := canCalibrate(r.Router); err != nil {
		return nil, err
	}
	if r.looksAtAnswers() || r.isDataFile() {
		return nil, fmt.Errorf("router %q does not go with --summarise: it looks up what belongs to each prompt", spec.Label)
	}
	r.Router, err = r.ForPair(s.pair)
	return r, err
}

// sameOrder is the hint about a file of scores in another order.
const sameOrder = "sort both by sample_id; in any order, eval without --summarise finds them in memory"

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

// next returns the scores of the rows of a table, and marks the training prompts. The rows of a file must be those of
// the table.
func (r *streamedRouter) next(t *datasets.Table, before int, lessons []bool) ([]float64, error) {
	if r.stream == nil {
		return r.kept(before, t.Rows())
	}
	ids, scores, training, err := r.stream.Next(t.Rows())
	if err != nil {
		return nil, err
	}
	want := t.SampleID
	if r.stream.Key != "sample_id" {
		want = t.PromptSHA256
	}
	if want == nil {
		return nil, fmt.Errorf("%q names samples by %q, which the data set lacks", r.path, r.stream.Key)
	}
	for i, id := range ids {
		if id != want[i] {
			return nil, hint.With(fmt.Errorf("%q: row %d: %s %q, but the data set has %q there: expected the same order", r.path, before+i+1, r.stream.Key, id, want[i]), sameOrder)
		}
	}
	for i, was := range training {
		lessons[i] = lessons[i] || was
	}
	return scores, nil
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
	return BucketOf(key, s.options.Buckets)
}

// BucketOf returns the bucket of a cluster, from 0: the FNV-1a hash of its name, mixed, modulo the number of buckets.
func BucketOf(cluster string, buckets int) int {
	h := fnv.New64a()
	io.WriteString(h, cluster) // a hash never fails
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd // the finalizer of MurmurHash3, because the low bits of FNV are weak
	x ^= x >> 33
	return int(x % uint64(buckets))
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
