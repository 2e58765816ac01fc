package answers

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/answers/pace"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
)

// Asker asks one model. *ask.Asker of this module, with a store, is one. It is safe for concurrent
// use.
type Asker interface {
	// Ask returns the model's answer; cached reports that no request was sent.
	Ask(ctx context.Context, r chat.Request) (answer chat.Answer, cached bool, err error)
	// Known returns the answer that an earlier Ask got.
	Known(r chat.Request) (answer chat.Answer, ok bool, err error)
	// Estimate returns the least and the most USD that a request costs, NaN if no price is known.
	Estimate(r chat.Request) (least, most float64)
	// Tokens estimates the tokens of a request.
	Tokens(r chat.Request) float64
}

// Asked is a model that a run asks.
type Asked struct {
	Label    string // Label names the model's columns
	Identity string // Identity describes the model and its server, for the file's metadata
	Asker    Asker
	Limits   pace.Limits // Limits repeats the limits of the Asker's pacer
	True     bool        // True also asks the model whether each of its answers is right, see [TrueRequest]
}

// Options says how prompts are asked.
type Options struct {
	Models   []Asked
	Settings chat.Settings // Settings hold for all prompts that have no settings of their own
	Samples  int           // Samples is the number of answers per model and prompt; 0 means 1

	// Progress, if non-nil, is called after each answer, never concurrently.
	Progress func(Status)
}

// Status says how far a run is.
type Status struct {
	Done, Total int     // questions, each to one model
	Tokens      float64 // tokens of the answers that were sent for
	USD         float64 // USD that they cost, as far as it is known
}

// Run asks models for answers. Get one from [NewRun], call [Run.Ask], and then [Run.Write]. Every
// answer is kept as soon as it arrives, by the store of the Asker: a run that is stopped continues
// with the same calls, and pays for nothing twice.
type Run struct {
	prompts *Prompts
	options Options
	samples int
	equal   []int32 // number of the first question that asks the same, by question
	unique  []int32 // numbers of the questions that differ, in order
	models  []*modelRun

	mu     sync.Mutex
	status Status
	spent  bool // the budget was too small for a question

	got      bool // there was an answer, perhaps from the store
	complete int  // rows with an answer of every model
}

// modelRun tracks one model during a run.
type modelRun struct {
	Asked
	failed   map[int32]string // why there is no answer, by question
	reasons  map[string]int   // numbers of questions without an answer, by kind of reason
	logprobs bool             // whether an answer had log-probabilities
	answered bool             // whether an answer was sent for
	faults   int              // faults since the last answer
	refused  int              // refusals before the first answer
	spent    bool             // the budget allows no other question
	sent     int              // answers that were sent for
	stats    ModelSummary
}

// NewRun prepares a run. It sends no request. Models that have answers in the file already, labels
// that are given twice, and columns that files of answers cannot have are errors.
func NewRun(p *Prompts, o Options) (*Run, error) {
	r := &Run{prompts: p, options: o, samples: max(1, o.Samples)}
	for _, m := range o.Models {
		r.models = append(r.models, &modelRun{Asked: m, failed: map[int32]string{}, reasons: map[string]int{}})
	}
	if err := r.checkColumns(); err != nil {
		return nil, err
	}
	return r, r.findEqual()
}

// checkColumns checks the names of columns before anything is paid.
func (r *Run) checkColumns() error {
	for _, m := range r.models {
		for _, have := range r.prompts.Models {
			if have.Name == m.Label {
				return hint.With(fmt.Errorf("%q: has answers of %q already", r.prompts.Name, m.Label),
					"give the model another label, or start from the prompts alone: answers that were paid for are in the cache")
			}
		}
	}
	head := r.batch(nil, nil)
	if err := head.checkNames(); err != nil {
		return fmt.Errorf("%q: %w", r.prompts.Name, err)
	}
	return datasets.CheckUnique(r.prompts.Name, colID, r.ids())
}

// ids returns the ids of all rows of the file.
func (r *Run) ids() []string {
	if r.samples == 1 {
		return r.prompts.SampleID
	}
	out := make([]string, 0, r.samples*r.prompts.Rows())
	for row := range r.prompts.Rows() {
		for repeat := range r.samples {
			out = append(out, r.id(row, repeat))
		}
	}
	return out
}

// id returns the id of a repeat of a row, such as "a#1".
func (r *Run) id(row, repeat int) string {
	if r.samples == 1 {
		return r.prompts.SampleID[row]
	}
	return fmt.Sprintf("%s#%d", r.prompts.SampleID[row], repeat+1)
}

// questions returns the number of questions that each model is asked. Question q is repeat
// q % samples of row q / samples.
func (r *Run) questions() int { return r.prompts.Rows() * r.samples }

func (r *Run) request(q int) (chat.Request, error) {
	return r.prompts.request(q/r.samples, q%r.samples, r.options.Settings)
}

// findEqual finds the questions that ask the same: they are asked once, and share the answer.
func (r *Run) findEqual() error {
	r.equal = make([]int32, r.questions())
	first := make(map[[16]byte]int32, r.questions())
	for q := range r.equal {
		request, err := r.request(q)
		if err != nil {
			return err
		}
		data, err := json.Marshal(request)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		key := [16]byte(sum[:16])
		if _, again := first[key]; !again {
			first[key] = int32(q)
			r.unique = append(r.unique, int32(q))
		}
		r.equal[q] = first[key]
	}
	return nil
}
