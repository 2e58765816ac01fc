package harness

import (
	"cmp"
	"context"
	"fmt"
	"iter"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// evaluatedData is a data set with the rows that are evaluated, for any number of models.
type evaluatedData struct {
	name    string
	input   results.Input
	table   *datasets.Table
	vectors map[vectorKind]*datasets.Table // tables with a vector per row
	used    []int                          // indices of the evaluated rows
	left    results.Excluded
	missing []int // indices of the rows that are left out because they are not measured
	lessons []int // indices of the measured rows that are left out because a router was trained on them
	leaked  int   // number of training prompts that were kept
	// repeated is the number of evaluated samples that share a cluster only because an
	// earlier sample has an equal prompt.
	repeated int
	joined   []bool   // flags of the rows whose cluster was joined with an earlier row's; nil for none
	given    []string // cluster of each row in the data, whatever the options make of it
	keys     []string // key of each row by which calibrate splits them; nil unless asked for
	parts    []Part   // part of each row; nil if the data is not divided
	origin   origin   // relation to the data of the evaluated threshold
	near     *near
	copies   []results.NearCopies // what near found, among the rows that are not left out for other reasons
	demand   demand               // what the data was read for
	digests  bool                 // digests of the prompts were read, if the file has them

	weak     string                  // weak model of the data's pair; "" if it is not known
	answers  map[string]*weakAnswers // answers of the models that routers look at, by model; nil for none
	gold     *goldPart               // gold labels of a part of the rows; nil for none
	warnings []string                // warnings about the outcomes
}

// isCorrected notes that the qualities are corrected ones if there is a gold part: they are on the
// scale of the gold labels.
func (b *evaluatedData) isCorrected() {
	if b.gold == nil {
		return
	}
	m, gold := &b.table.Meta, b.gold.meta
	m.Title, m.Unit, m.Min, m.Max = b.Title()+", corrected", gold.Unit, gold.Min, gold.Max
}

// read reads what the routers need of a file, and looks for near copies of their training prompts.
func (b *evaluatedData) read(ctx context.Context, f *datasets.File, input results.Input, e *Encoders, name string, models []string, weak string, d demand) error {
	answered, err := weakModels(d.routers, weak)
	if err != nil {
		return err
	}
	sel := d.selection(f, input)
	sel.Answers = answered
	sel.Models, sel.Extras, sel.Progress = models, d.extras, watch(ctx, e.feedback.progress("reading"))
	sel.ExtrasOf, sel.Weights, sel.Features = models, true, sel.Features || d.pricing.priced()
	table, err := f.Read(sel)
	if err != nil {
		return err
	}
	if err := attach(name, table, d.needs); err != nil {
		return err
	}
	*b = evaluatedData{name: ShortName(f), input: input, table: table, weak: weak, vectors: map[vectorKind]*datasets.Table{}, demand: d, digests: sel.Digests || sel.Norms}
	if err := b.readAnswers(answered); err != nil {
		return err
	}
	if input.Labels != "" {
		table.Meta.Title = b.Title() + ", " + input.Labels
	}
	if d.keys {
		b.keys = calibrationKeys(table)
	}
	if d.division != nil {
		b.parts = d.division.of(table)
	}
	if d.threshold != nil {
		b.origin = d.threshold.originOf(input, table, b.keys)
	}
	b.given = table.Cluster
	b.joined = d.clusters.apply(table)
	if err := b.search(ctx, f, e.feedback, d); err != nil {
		return fmt.Errorf("%s: %w", f.Name(), err)
	}
	return nil
}

// chooseRows selects the rows that are evaluated: those that are measured and that nothing leaves
// out. It returns the rows that set the evaluated threshold.
func (b *evaluatedData) chooseRows(d demand, measured func(i int) bool) (setting []int) {
	var candidates []int // rows that nothing but being a near copy would leave out
	for i := range b.table.Rows() {
		switch {
		case b.table.Contaminated != nil && b.table.Contaminated[i]:
			b.left.Contaminated++
		case !d.keep && d.trained.trainedOn(b.table, i):
			b.left.Training++
			if measured(i) {
				b.lessons = append(b.lessons, i)
			}
		case b.parts != nil && b.parts[i] == TrainingPart:
			b.left.Training++
		case b.parts != nil && b.parts[i] == CalibrationPart && !d.calibrates:
			b.left.Calibration++
		case !measured(i):
			b.left.Missing++
			b.missing = append(b.missing, i)
		case b.origin.setting != nil && b.origin.setting[i] && !d.inSample:
			b.left.Calibration++
			setting = append(setting, i)
		case d.excludeNear && b.near != nil && b.near.toAny(d.lessons, i):
			b.left.NearCopies++
			candidates = append(candidates, i)
		default:
			candidates = append(candidates, i)
			b.used = append(b.used, i)
			if d.keep && d.trained.trainedOn(b.table, i) {
				b.leaked++
			}
		}
	}
	if b.near != nil {
		b.copies = b.near.counted(d.lessons, candidates, b.table.SampleID)
	}
	return setting
}

// finish reads the vectors that the routers need and tells the user what was left out.
func (b *evaluatedData) finish(ctx context.Context, f *datasets.File, e *Encoders, name string, d demand) (err error) {
	b.dropDigests(d, f)
	for _, k := range d.kinds {
		if b.vectors[k], err = e.tableOf(ctx, name, f, b.table, k); err != nil {
			return fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	b.demand.forget()
	b.noteJoined(e.feedback)
	if b.left.Calibration > 0 {
		e.feedback.note("%s: evaluated on the held-out part of the data that set the threshold, without the other %s (--in-sample keeps them)",
			b.name, text.Plural(b.left.Calibration, "sample"))
	}
	noteNear(e.feedback, b.name, b.copies, d.excludeNear)
	return nil
}

// Name returns the benchmark's name.
func (b *evaluatedData) Name() string { return b.name }

// Title returns the benchmark's title, or else its name.
func (b *evaluatedData) Title() string { return cmp.Or(b.table.Meta.Title, b.name) }

// SampleIDs returns the ids of the evaluated samples.
func (b *evaluatedData) SampleIDs() []string { return slicesx.Pick(b.table.SampleID, b.used) }

// Vectors returns the stored prompt vectors of the evaluated samples.
func (b *evaluatedData) Vectors() [][]float32 { return vectorsAt(b.table, b.used) }

// norms returns the normalised digests of the evaluated prompts, nil if they are unknown.
func (b *evaluatedData) norms() []string {
	if b.table.PromptNormSHA256 == nil {
		return nil
	}
	return slicesx.Pick(b.table.PromptNormSHA256, b.used)
}

// noteJoined tells the user how many evaluated samples were joined with others.
func (b *evaluatedData) noteJoined(f Feedback) {
	if b.joined == nil {
		return
	}
	for _, i := range b.used {
		if b.joined[i] {
			b.repeated++
		}
	}
	if b.repeated > 0 {
		f.note("%s: equal prompts are one cluster: found %s with the prompt of an earlier one (--cluster none turns this off)",
			b.name, text.Plural(b.repeated, "sample"))
	}
}

// prompts yields the prompts of all rows, without vectors, features and cues.
func (b *evaluatedData) prompts() iter.Seq[routers.Prompt] {
	return func(yield func(routers.Prompt) bool) {
		for i := range b.table.Rows() {
			if !yield(promptAt(b.table, i)) {
				return
			}
		}
	}
}

// promptsAt returns the prompts of some rows, with the vectors that a router needs.
func (b *evaluatedData) promptsAt(r routers.Router, rows []int) []routers.Prompt {
	kind, _ := kindOf(r)
	prompts := promptRows{b.table, b.vectors[kind], b.demand.needs}.at(rows)
	b.addAnswers(r, prompts, rows)
	return prompts
}

// dropDigests frees the digests of many prompts if they have done their work.
func (b *evaluatedData) dropDigests(d demand, f *datasets.File) {
	if f.Rows() > manyRows && !d.digests && !d.extras {
		b.table.PromptNormSHA256, b.digests = nil, false
	}
}

// search looks for near copies of the routers' training prompts.
func (b *evaluatedData) search(ctx context.Context, file *datasets.File, f Feedback, d demand) (err error) {
	if len(d.lessons) > 0 {
		b.near, err = findNear(ctx, file, b.table, b.input.Builtin != "", d.lessons, f.progress("looking for near copies"))
	}
	return err
}
