package fit

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// leastClusters is the smallest number of independent prompts in the calibration and in the test
// part. Below it neither intervals nor guarantees exist: [eval.MinIntervalClusters].
const leastClusters = 30

// read reads the data, divides it and describes it.
func (f *fitting) read(ctx context.Context) error {
	models, pair, several, err := f.models(ctx)
	if err != nil {
		return err
	}
	o := f.options
	f.data, err = harness.ReadTraining(ctx, harness.TrainPoolOptions{
		TrainOptions: harness.TrainOptions{Feedback: o.Feedback, Reading: o.Reading, Encoder: o.Encoder, Data: []string{o.Data}, Seed: o.Seed, Strict: o.Strict, Recipe: o.Recipe},
		Models:       models, Pricing: o.Pricing,
	}, o.division(), several || !math.IsNaN(o.Budget))
	if err != nil {
		return err
	}
	f.train = f.data.In(harness.TrainingPart)
	f.doc.Inputs, f.doc.Data, f.doc.Unit = []results.Input{f.data.Input}, f.data.Name, f.data.Unit
	f.strong, f.weak = -1, -1
	if !several {
		f.strong, f.weak = f.orient(pair)
		p := f.pair()
		f.doc.Pair = &p
	}
	f.describe()
	f.weigh()
	return f.enough()
}

// models returns the models to read, the pair in the order that was given or is known, and whether
// there are more than two.
func (f *fitting) models(ctx context.Context) (models []string, pair results.Pair, several bool, err error) {
	o := f.options
	file, _, err := harness.OpenData(ctx, o.Data, o.Reading, harness.Feedback{})
	if err != nil {
		return nil, pair, false, err
	}
	defer file.Close()
	if o.Pair != (results.Pair{}) {
		return []string{o.Pair.Strong, o.Pair.Weak}, o.Pair, false, nil
	}
	meta, all := file.Meta(), file.Models()
	named := results.Pair{Strong: meta.Strong, Weak: meta.Weak}
	if slices.Equal(o.Models, []string{"all"}) {
		named = results.Pair{}
	} else if o.Models != nil {
		all = o.Models
	} else if named.Strong != "" && named.Weak != "" {
		return []string{named.Strong, named.Weak}, named, false, nil
	}
	if len(all) < 2 {
		return nil, pair, false, hint.With(fmt.Errorf("%s has qualities of %s, expected at least 2", file.Name(), text.Plural(len(all), "model")),
			"routellm grade and routellm judge give answers their qualities: columns quality:MODEL")
	}
	if len(all) > 2 {
		return all, pair, true, nil
	}
	if slices.Contains(all, named.Strong) && slices.Contains(all, named.Weak) {
		pair = named
	}
	return all, pair, false, nil
}

// orient returns the numbers of the strong and the weak model: as the pair says or, if it is empty,
// by the mean qualities on the training part.
func (f *fitting) orient(pair results.Pair) (strong, weak int) {
	if pair != (results.Pair{}) {
		return slices.Index(f.data.Models, pair.Strong), slices.Index(f.data.Models, pair.Weak)
	}
	f.strong, f.weak = 0, 1
	if o, _ := f.outcomes(f.rows()); mean(o.Gains(), o.Weight) < 0 {
		return 1, 0
	}
	return 0, 1
}

// describe lists the parts and the models.
func (f *fitting) describe() {
	for part, name := range []string{"training", "calibration", "test"} {
		rows := f.usable(harness.Part(part))
		f.doc.Parts = append(f.doc.Parts, results.FitPart{
			Name: name, Share: results.Value(f.options.Shares[part]), Samples: len(rows), Clusters: clusters(f.data.Clusters(rows)),
		})
	}
	x, weight := f.data.Outcomes.Pick(f.train), f.data.Weights(f.train)
	measured := x.Measured()
	for m, name := range x.Models {
		cost := math.NaN()
		if x.Cost.Rows() > 0 {
			cost = 1000 * mean(x.Cost.Column(m), weight)
		}
		f.doc.Models = append(f.doc.Models, results.FitModel{Name: name, Samples: measured[m], Quality: results.Value(mean(x.Quality.Column(m), weight)), Cost: results.Value(cost)})
	}
}

// clusters returns the number of clusters.
func clusters(of []int) int {
	if len(of) == 0 {
		return 0
	}
	return 1 + slices.Max(of)
}

// enough returns an error if the calibration or the test part has too few independent prompts. It
// says how many prompts would do.
func (f *fitting) enough() error {
	all, few, worth := 0, false, 1.0
	for part, p := range f.doc.Parts {
		all += p.Clusters
		effective := f.worth(harness.Part(part))
		if harness.Part(part) == harness.TrainingPart || effective >= leastClusters {
			continue
		}
		few = true
		if p.Clusters > 0 {
			worth = min(worth, effective/float64(p.Clusters))
		}
	}
	if !few {
		return nil
	}
	// A part of m expected prompts has at least m - 2 sqrt(m) of them in 97 of 100 divisions.
	root := 1 + math.Sqrt(1+leastClusters)
	need := int(math.Ceil(root * root / slices.Min(f.options.Shares[1:]) / worth))
	return hint.With(fmt.Errorf("%s has %s with everything that is needed%s: too few to train, calibrate and test a router",
		f.data.Name, text.Plural(all, "independent prompt"), f.counting(worth)),
		fmt.Sprintf("grade about %s in all, which leaves %d or more for the calibration and for the test", text.Plural(need, "prompt"), leastClusters))
}

// counting says how much unequal prompts count.
func (f *fitting) counting(worth float64) string {
	if worth > 0.995 {
		return ""
	}
	return fmt.Sprintf(", which count like %.0f %% as many equal ones", 100*worth)
}
