// Package results holds the documents that routellm writes and reads: [Read] reads a
// results.json, whose [Document] has one [Benchmark] per data set and one [Router] per
// row. [Artifact], [Calibration], [Comparison], [Plan], [Audit], [Gate], [Overlap] and
// [LogEvaluation] are the documents of the other commands.
//
// The package is plain data and computes nothing. The same input gives the same bytes:
// no document holds a clock, and maps are written in the order of their keys.
package results

import "io"

// SchemaVersion counts the changes of the documents. Version 2 writes every threshold as a
// [Threshold]. Version 3 adds results for any number of models. Versions 1 and 2 still read.
const SchemaVersion = 3

// firstVersion is the oldest version that reads.
const firstVersion = 1

// MaxVertices is the number of vertices of a curve that the document keeps.
const MaxVertices = 1001

// ToolName is the name of the program that writes the documents.
const ToolName = "routellm"

// The ways in which curves are made: exactly, or as the reference implementation does.
const (
	ExactCurve  = "exact"
	CompatCurve = "routellm"
)

// Document is the result of one evaluation. All fractions are in [0,1].
type Document struct {
	SchemaVersion int         `json:"schema_version"`
	Tool          Tool        `json:"tool"`
	Conventions   Conventions `json:"conventions"`
	Seed          *uint64     `json:"seed"` // null if nothing was drawn
	Inputs        []Input     `json:"inputs"`
	Settings      *Input      `json:"settings,omitempty"`  // file of settings, routellm.yaml, in place of flags; nil if none counts
	Samples       *Input      `json:"samples"`             // samples.parquet beside the document; null if it was not written
	Summaries     *Input      `json:"summaries,omitempty"` // summaries.parquet beside the document; nil if it was not written
	Benchmarks    []Benchmark `json:"benchmarks"`
	Pools         []Pool      `json:"pools,omitempty"` // results for any number of models
	Warnings      []string    `json:"warnings"`
}

// Tool names the program that wrote the document.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Conventions says how the curves were made.
type Conventions struct {
	Curve      string    `json:"curve"`       // "exact" or "routellm"
	NumResults int       `json:"num_results"` // number of quantile bins of "routellm"; 0 for "exact"
	Intervals  Intervals `json:"intervals"`
}

// Intervals says how the intervals were made.
type Intervals struct {
	Method     string `json:"method"`    // "bootstrap", "influence" or "none"
	Resamples  int    `json:"resamples"` // number of bootstrap resamples; 0 for other methods
	Confidence Value  `json:"confidence"`
}

// Input names a file that was read or written, or a built-in data set. The fields after Labels
// are set only for a data set in another format than the program's own.
type Input struct {
	Path    string `json:"path,omitempty"` // file, folder or pattern as the user named it; "-" for standard input
	Builtin string `json:"builtin,omitempty"`
	SHA256  string `json:"sha256"`           // digest of the bytes or, of several files, of their digests
	Labels  string `json:"labels,omitempty"` // name of the labels that are the qualities; absent for the data's own
	Format  string `json:"format,omitempty"` // such as "CSV" or "JSON Lines"
	Tool    string `json:"tool,omitempty"`   // name of the evaluation tool that wrote the files
	// Parts lists the files, if there are several.
	Parts []string `json:"parts,omitempty"`
	// Columns holds what the columns were taken for: the column by its meaning, such as
	// "prompt" or "quality:gpt-4o".
	Columns map[string]string `json:"columns,omitempty"`
	// Coverage counts the qualities of each model, in the file's order.
	Coverage []Coverage `json:"coverage,omitempty"`
}

// Coverage counts the samples of one model in a file.
type Coverage struct {
	Model    string         `json:"model"`
	Measured int            `json:"measured"`           // samples with a quality
	Missing  int            `json:"missing"`            // samples without an answer of the model
	Failed   map[string]int `json:"failed,omitempty"`   // answers without a quality, by reason
	Repeated int            `json:"repeated,omitempty"` // answers beyond the first of a sample
}

// Pair names the two models.
type Pair struct {
	Strong string `json:"strong"`
	Weak   string `json:"weak"`
}

// Gap holds the quality gap between the models and its cluster-robust standard error.
type Gap struct {
	Value Value    `json:"value"`
	SE    Value    `json:"se"`
	State GapState `json:"state"`
}

// Benchmark holds every router's result on one data set.
type Benchmark struct {
	Name       string      `json:"name"`
	Title      string      `json:"title"`
	Unit       string      `json:"unit"`
	Pair       Pair        `json:"pair"`
	Samples    int         `json:"samples"`
	Clusters   int         `json:"clusters"`
	Excluded   Excluded    `json:"excluded"`
	Summary    *Summary    `json:"summary,omitempty"`    // nil if the samples themselves were read
	Weights    *Weights    `json:"weights,omitempty"`    // nil if the samples have no weights
	Unmeasured *Unmeasured `json:"unmeasured"`           // null if every sample is measured
	Correction *Correction `json:"correction,omitempty"` // nil if the labels count as they are
	// Repeated is the number of samples that share a cluster only because an earlier sample
	// has an equal prompt.
	Repeated int `json:"repeated_prompts,omitempty"`
	// NearCopies has one entry per router that says what it was trained on.
	NearCopies    []NearCopies `json:"near_copies,omitempty"`
	StrongQuality Value        `json:"strong_quality"`
	WeakQuality   Value        `json:"weak_quality"`
	Gap           Gap          `json:"gap"`
	Random        Random       `json:"random"`
	Costs         *PairCosts   `json:"costs,omitempty"` // nil if the costs are not known
	Routers       []Router     `json:"routers"`
	Warnings      []string     `json:"warnings"`
}

// Summary describes the summary that a benchmark is computed from, in place of samples. The samples
// are then the rows that were summed up, and the clusters the buckets.
type Summary struct {
	Bins    int   `json:"bins"`    // number of bins; the largest of the routers'
	Buckets int   `json:"buckets"` // number of buckets that hold samples; 0 without buckets
	Unused  int64 `json:"unused"`  // number of rows that cannot be used; the largest of the routers'
}

// Weights describes the weights of the samples, which every mean, share and interval counts.
type Weights struct {
	Sum       Value `json:"sum"`
	Effective Value `json:"effective"` // effective sample size: (sum of the weights)^2 / sum of the clusters' squared weights
}

// Random holds the standard deviation of a random router's APGR, whose mean is 0.5.
type Random struct {
	APGRSD        Value `json:"apgr_sd"`         // prompts are drawn one by one
	APGRClusterSD Value `json:"apgr_cluster_sd"` // whole clusters are drawn
}

// Router holds the result of one router on one benchmark.
type Router struct {
	Name string `json:"name"`
	// Scores says where the router's scores come from.
	Scores      Source  `json:"scores"`
	ModelSHA256 *string `json:"model_sha256"` // digest of the weights; null without weights
	// Unlike is the number of prompts that are unlike all that the router was trained on; absent if
	// the router cannot tell.
	Unlike  *int    `json:"unlike,omitempty"`
	Metrics Metrics `json:"metrics"`
	Point   *Point  `json:"point"` // the only operating point of a router without a curve; else null
	Curve   []Point `json:"curve"` // vertices by rising strong fraction, at most MaxVertices
	// Band is a simultaneous band: it contains the whole curve with the confidence of the
	// intervals. It is empty without resamples.
	Band     []Bounds     `json:"band"`
	Costs    *RouterCosts `json:"costs,omitempty"` // nil if the costs are not known
	Standing Standing     `json:"standing"`
	// AgainstRandom tests the router against random. It is null without intervals, and for
	// random, the oracle and the routers that look at nothing.
	AgainstRandom *Test    `json:"against_random"`
	AgainstBest   *Test    `json:"against_best"` // tests the router against the best one; null for the best, and if not compared
	AsBest        *Chosen  `json:"as_best"`      // null for all but the best of several routers
	Slices        []Slice  `json:"slices"`
	Warnings      []string `json:"warnings"`
}

// Bounds holds the two ends of a band at one strong fraction.
type Bounds struct {
	StrongFraction Value `json:"strong_fraction"`
	Lo             Value `json:"lo"`
	Hi             Value `json:"hi"`
}

// Metrics holds the metrics of a curve. All are null for a router with a single point.
type Metrics struct {
	APGR           Metric `json:"apgr"`
	Headroom       Metric `json:"headroom"` // share of the way from the random router to the oracle
	AUC            Metric `json:"auc"`
	AreaOverRandom Metric `json:"area_over_random"` // area between curve and random line, in units of quality
	// CPT is keyed by per cent of the gap ("50"), QualityAt by strong fraction
	// ("0.2"), FractionFor by share of the strong model's quality ("0.95").
	CPT         map[string]CPT    `json:"cpt"`
	QualityAt   map[string]Metric `json:"quality_at"`
	FractionFor map[string]Metric `json:"fraction_for"`
}

// CPT is a call-performance threshold: the smallest strong fraction that recovers a share of
// the gap (RouteLLM, arXiv 2406.18665), and what it saves.
type CPT struct {
	Metric
	Hull             Value  `json:"hull"`               // optimistic: mixes two thresholds that were chosen in sample
	Crossings        int    `json:"crossings"`          // number of times that the curve crosses the share
	SavingOverRandom Metric `json:"saving_over_random"` // share of the random router's strong calls that is saved
	CostRatio        Metric `json:"cost_ratio"`         // strong calls of the random router over those of this one
	SavingOverStrong Metric `json:"saving_over_strong"` // share of all calls that the weak model answers
}

// Point is an operating point: a threshold with the strong fraction and the mean quality
// that it leads to.
type Point struct {
	Threshold
	StrongFraction Value `json:"strong_fraction"`
	Quality        Value `json:"quality"`
}

// Slice holds a router's result on the samples of one task, or of all tasks that have too few
// clusters for an APGR.
type Slice struct {
	Task           string   `json:"task"`  // "other" for several
	Tasks          int      `json:"tasks"` // number of tasks; 0 in documents of older releases
	Samples        int      `json:"samples"`
	Clusters       int      `json:"clusters"` // 0 in documents of older releases
	StrongQuality  Value    `json:"strong_quality"`
	WeakQuality    Value    `json:"weak_quality"`
	GapState       GapState `json:"gap_state"`
	APGR           Metric   `json:"apgr"`
	AreaOverRandom Metric   `json:"area_over_random"`
}

// Write writes the document with one newline at the end.
func (d *Document) Write(w io.Writer) error { return writeJSON(w, d) }
