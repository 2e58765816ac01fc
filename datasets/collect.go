package datasets

import (
	"fmt"
	"hash/maphash"
	"math"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// Graded is one model's answer to one prompt, as logs of evaluation tools and long tables hold
// it. Texts that are not known are "", numbers NaN.
type Graded struct {
	File string // path of the file that it comes from, for messages
	Row  int    // row in File, counted from 1

	ID      string // id of the sample, unique within its task; "" identifies samples by their prompt
	Task    string
	Cluster string
	Weight  float64 // weight of the sample
	Prompt  string
	Model   string
	Check   string // digest of the sample's content; differs if two files hold different samples under one id

	Quality float64
	Failed  string  // why the quality is not measured, such as "error"; "" if nothing is known
	Pass    float64 // whether the answer passed, 0 or 1, where a tool has that besides a quality

	CostUSD, InputTokens, OutputTokens, LatencyS float64
	CachedTokens, ReasoningTokens                float64 // parts of the input and of the output that have prices of their own
}

// NewGraded returns an answer of which no number is known.
func NewGraded() Graded {
	nan := math.NaN()
	return Graded{Weight: nan, Quality: nan, Pass: nan, CostUSD: nan, InputTokens: nan, OutputTokens: nan, LatencyS: nan, CachedTokens: nan, ReasoningTokens: nan}
}

// numbers lists the answer's numbers in the order of answerColumnNames.
func (g *Graded) numbers() [len(answerColumnNames)]float64 {
	return [...]float64{g.Quality, g.Pass, g.CostUSD, g.InputTokens, g.OutputTokens, g.LatencyS, g.CachedTokens, g.ReasoningTokens}
}

// answerColumnNames lists the columns of a table that a model's answers fill, without the model.
var answerColumnNames = [...]string{prefixQuality, "pass:", prefixCost, "input_tokens:", "output_tokens:", "latency_s:", "cached_input_tokens:", "reasoning_tokens:"}

// largestGrade keeps the sum and the difference of two numbers finite.
const largestGrade = math.MaxFloat64 / 2

// Repeat says what a repeated pair of prompt and model means.
type Repeat string

// The rules for repeated pairs.
const (
	RepeatError Repeat = ""     // an error that names both rows
	RepeatMean  Repeat = "mean" // the mean of the values; the row is one cluster
)

// CollectOptions says how a [Collector] makes a table of answers.
type CollectOptions struct {
	Repeat     Repeat
	TaskInID   bool // ids are unique within their task only: the sample's id is "task/id"
	FailWrong  bool // an answer that failed has quality 0 instead of not measured
	SkipBad    bool // leave out bad rows instead of refusing the file
	KeepOrder  bool // samples in the order of their first answer, instead of sorted by id
	KeepPrompt bool

	// taskIfNeeded sets TaskInID once an id occurs in two tasks.
	taskIfNeeded bool
}

// Collector turns answers, one per prompt and model, into a table with one row per prompt. An
// answer belongs to the sample with its id or, without an id, to the sample with its prompt.
//
// It holds the numbers and digests of all answers, but no texts besides ids, unless prompts are
// kept: about 250 bytes per sample and 8 to 12 per number.
type Collector struct {
	options CollectOptions
	places  places
	skipped Skipped
	rows    int // answers that were added, bad ones included

	samples  samples
	byID     map[sampleKey]int32 // index of the sample with an id
	byPrompt map[sampleKey]int32 // index of the sample with a prompt; nil until an answer has no id
	models   []*modelAnswers     // models, sorted by their first answers until Batches sorts them by name
	byModel  map[string]*modelAnswers
	seeds    [2]maphash.Seed
}

// NewCollector returns an empty collector.
func NewCollector(o CollectOptions) *Collector {
	return &Collector{
		options: o, byID: map[sampleKey]int32{}, byModel: map[string]*modelAnswers{},
		seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
	}
}

// sampleKey is a hash of 128 bits: two of a billion samples share one with a probability of 1e-21.
type sampleKey [2]uint64

// keyed holds the parts of a sample's key.
type keyed struct {
	task uint32
	id   string
}

func (c *Collector) keyOf(task uint32, id string) sampleKey {
	k := keyed{task, id}
	if !c.options.TaskInID {
		k.task = 0
	}
	return sampleKey{maphash.Comparable(c.seeds[0], k), maphash.Comparable(c.seeds[1], k)}
}

// modelAnswers holds the answers of one model, by sample.
type modelAnswers struct {
	place    store[uint32] // the sample's first answer
	numbers  [len(answerColumnNames)]means
	answered int // samples with an answer
	Coverage
}

// Coverage counts the answers of one model.
type Coverage struct {
	Model    string
	Measured int            // samples with a quality
	Missing  int            // samples without an answer of this model
	Failed   map[string]int // answers without a quality, by reason; "" if none is known
	Repeated int            // answers beyond the first of a sample
}

// Add adds an answer. A repeated pair of sample and model, or another prompt or check for a
// known sample, is an error that names both rows, unless the options say otherwise. A second
// answer is no repetition where one of the two has no quality, as after a failed attempt.
func (c *Collector) Add(g Graded) error {
	c.rows++
	err := c.add(g)
	if err != nil && c.options.SkipBad {
		c.skipped.add(err)
		return nil
	}
	return fileError(g.File, err)
}

// Skipped returns the bad rows that were left out.
func (c *Collector) Skipped() Skipped { return c.skipped }

// Rows returns the number of samples so far.
func (c *Collector) Rows() int { return c.samples.n }

func (c *Collector) add(g Graded) error {
	if err := g.check(); err != nil {
		return err
	}
	in := c.samples.prepare(&g)
	i, err := c.find(&g, in)
	if err != nil {
		return err
	}
	m := c.byModel[g.Model]
	if i >= 0 && m != nil {
		if err := c.checkRepeat(&g, i, m); err != nil {
			return err
		}
	}
	if m == nil {
		m = &modelAnswers{Coverage: Coverage{Model: strings.Clone(g.Model), Failed: map[string]int{}}}
		c.models, c.byModel[m.Model] = append(c.models, m), m
	}
	i, place := c.store(i, &g, in)
	if math.IsNaN(g.Quality) {
		m.Failed[strings.Clone(g.Failed)]++
		if g.Failed != "" && c.options.FailWrong {
			g.Quality = 0
		}
	}
	m.add(i, &g, place)
	return nil
}

// addSample adds a sample that has no answers.
func (c *Collector) addSample(g Graded) error {
	in := c.samples.prepare(&g)
	i, err := c.find(&g, in)
	if err == nil {
		c.store(i, &g, in)
	}
	return err
}

// store stores what an answer says about its sample i, or about a new one if i is -1.
func (c *Collector) store(i int, g *Graded, in incoming) (sample int, place uint32) {
	place = c.places.add(g.File, g.Row)
	if i < 0 {
		i = c.samples.new(place)
	}
	c.samples.fill(i, g, in, place, c.options.KeepPrompt)
	c.index(i, g, in)
	return i, place
}

// check returns an error if the answer lacks what every answer needs.
func (g *Graded) check() error {
	switch {
	case strings.TrimSpace(g.Model) == "":
		return fmt.Errorf("row %d: no model, expected a model name", g.Row)
	case g.ID == "" && g.Prompt == "":
		return fmt.Errorf("row %d: neither an id nor a prompt, expected one of them", g.Row)
	}
	for k, v := range g.numbers() {
		if math.Abs(v) > largestGrade {
			return fmt.Errorf("row %d: %s%s: found %v, expected a finite number", g.Row, answerColumnNames[k], g.Model, v)
		}
	}
	return nil
}

// find returns the index of the answer's sample, or -1 if it is new.
func (c *Collector) find(g *Graded, in incoming) (int, error) {
	i, known := int32(-1), false
	if g.ID != "" {
		i, known = c.byID[c.keyOf(in.task, g.ID)]
	}
	if !known && (g.ID == "" || c.byPrompt != nil) && g.Prompt != "" {
		c.indexPrompts()
		i, known = c.byPrompt[c.keyOf(in.task, string(in.sha[:]))]
		known = known && (g.ID == "" || c.samples.id.at(int(i)) == "")
	}
	if !known {
		return -1, nil
	}
	err := c.samples.disagreement(int(i), g, in, &c.places)
	if err == errOtherTask {
		if c.options.taskIfNeeded && !c.options.TaskInID && g.ID != "" && !c.samples.samePrompt(int(i), in) {
			c.options.TaskInID = true
			c.reindex()
			return c.find(g, in)
		}
		err = hint.With(fmt.Errorf("row %d: task %s, but sample %s has task %s in %s, expected one task per sample", g.Row, quote(g.Task), c.samples.name(int(i), g),
			quote(c.samples.texts.text(c.samples.task.at(int(i)))), c.places.where(c.samples.place.at(int(i)), g.File)),
			"name another column of tasks, or give every sample its own id")
	}
	return int(i), err
}

// indexPrompts prepares for answers that have no id.
func (c *Collector) indexPrompts() {
	if c.byPrompt != nil {
		return
	}
	c.byPrompt = map[sampleKey]int32{}
	c.reindex()
}

// reindex finds every sample anew by its keys.
func (c *Collector) reindex() {
	clear(c.byID)
	clear(c.byPrompt)
	for i := range c.samples.n {
		c.index(i, &Graded{ID: c.samples.id.at(i)}, incoming{task: c.samples.task.at(i), sha: c.samples.prompts.at(i).sha, hasPrompt: c.samples.promptPlace.at(i) != 0})
	}
}

// index makes sample i known under the answer's id and prompt.
func (c *Collector) index(i int, g *Graded, in incoming) {
	if g.ID != "" {
		c.byID[c.keyOf(in.task, g.ID)] = int32(i)
	}
	if c.byPrompt != nil && in.hasPrompt {
		key := c.keyOf(in.task, string(in.sha[:]))
		if _, known := c.byPrompt[key]; !known {
			c.byPrompt[key] = int32(i)
		}
	}
}

// checkRepeat returns an error if the model has a quality for sample i already.
func (c *Collector) checkRepeat(g *Graded, i int, m *modelAnswers) error {
	first := m.place.at(i)
	if first == 0 || c.options.Repeat == RepeatMean || math.IsNaN(g.Quality) || math.IsNaN(m.numbers[0].at(i)) {
		return nil
	}
	return hint.With(fmt.Errorf("row %d: a second answer of model %s to sample %s, after %s, expected one per model and sample",
		g.Row, quote(g.Model), c.samples.name(i, g), c.places.where(first, g.File)),
		"average the answers with --repeat mean, or remove all but one")
}

// add adds an answer to sample i.
func (m *modelAnswers) add(i int, g *Graded, place uint32) {
	if m.place.at(i) == 0 {
		m.place.set(i, place)
		m.answered++
	} else {
		m.Repeated++
	}
	if !math.IsNaN(g.Quality) && math.IsNaN(m.numbers[0].at(i)) {
		m.Measured++
	}
	for k, v := range g.numbers() {
		m.numbers[k].add(i, v)
	}
}
