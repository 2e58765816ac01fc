package harness

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Align changes all sets so that they have the same samples of the same benchmarks, in the
// order of the first set. A sample or benchmark that a set lacks is an error, unless
// common is true or the sample can only be a training prompt of a router: then Align
// leaves it out. The notes say what it left out.
func Align(all []*ScoreSet, common bool) (notes []string, err error) {
	if notes, err = alignBenches(all, common); err != nil {
		return nil, err
	}
	for i, first := range all[0].Benchmarks {
		for _, l := range all[1:] {
			if other := l.Benchmarks[i]; other.Pair != first.Pair {
				return nil, fmt.Errorf("%s: models are %s and %s in %q, %s and %s in %q", first.Name,
					first.Pair.Strong, first.Pair.Weak, all[0].Name, other.Pair.Strong, other.Pair.Weak, l.Name)
			}
		}
		left, err := alignSamples(all, i, common)
		if err != nil {
			return nil, err
		}
		if left > 0 {
			why := text.Agree(left, "is", "are") + " not in all results"
			if fromSameData(all, i) {
				why = text.Agree(left, "is a training prompt", "are training prompts") + " of a router in some results"
			}
			notes = append(notes, fmt.Sprintf("%s: %s %s and %s left out", first.Name, text.Plural(left, "sample"), why, text.Agree(left, "is", "are")))
		}
	}
	return notes, nil
}

// alignBenches keeps the benchmarks that all sets have, in the order of the first set.
func alignBenches(all []*ScoreSet, common bool) (notes []string, err error) {
	kept := make([][]*ScoredBenchmark, len(all))
	for _, name := range BenchmarksOf(all) {
		row := make([]*ScoredBenchmark, len(all))
		missing := -1
		for k, l := range all {
			i := slices.IndexFunc(l.Benchmarks, func(b *ScoredBenchmark) bool { return b.Name == name })
			if i < 0 {
				missing = k
				continue
			}
			row[k] = l.Benchmarks[i]
		}
		switch {
		case missing < 0:
			for k := range kept {
				kept[k] = append(kept[k], row[k])
			}
		case !common:
			return nil, hint.With(fmt.Errorf("benchmark %q is not in %q", name, all[missing].Name),
				"--bench NAME picks one, --common compares the benchmarks that all have")
		default:
			notes = append(notes, fmt.Sprintf("benchmark %s is not in all results and is left out", name))
		}
	}
	if len(kept[0]) == 0 {
		return nil, fmt.Errorf("no benchmark is in all results")
	}
	for k, l := range all {
		l.Benchmarks = kept[k]
	}
	return notes, nil
}

// BenchmarksOf lists the benchmarks of all sets, each once, in order of appearance.
func BenchmarksOf(all []*ScoreSet) []string {
	var names []string
	for _, l := range all {
		for _, b := range l.Benchmarks {
			if !slices.Contains(names, b.Name) {
				names = append(names, b.Name)
			}
		}
	}
	return names
}

// alignSamples keeps the samples of benchmark i that all sets have, and returns the number
// of the others.
func alignSamples(all []*ScoreSet, i int, common bool) (left int, err error) {
	shared, places := map[string]int{}, make([]map[string]int, len(all)) // number of sets with an id; row of an id in each set
	for k, l := range all {
		places[k] = map[string]int{}
		for row, id := range l.Benchmarks[i].IDs {
			if _, again := places[k][id]; again {
				return 0, fmt.Errorf("%q: sample %q of %s occurs twice", l.Name, id, l.Benchmarks[i].Name)
			}
			places[k][id] = row
			shared[id]++
		}
	}
	var ids []string
	for _, id := range all[0].Benchmarks[i].IDs {
		if shared[id] == len(all) {
			ids = append(ids, id)
		}
	}
	if left = len(shared) - len(ids); left > 0 && !common && !fromSameData(all, i) {
		return 0, differentSamples(all, i, places)
	}
	if len(ids) == 0 {
		return 0, fmt.Errorf("%s: no sample is in all results", all[0].Benchmarks[i].Name)
	}
	for k, l := range all {
		rows := make([]int, len(ids))
		for j, id := range ids {
			rows[j] = places[k][id]
		}
		l.Benchmarks[i].pick(rows)
	}
	return left, sameQuality(all, i)
}

// fromSameData reports whether all sets took benchmark i from the same bytes. With the same
// pair, their samples can then differ only by the routers' training prompts.
func fromSameData(all []*ScoreSet, i int) bool {
	return !slices.ContainsFunc(all, func(l *ScoreSet) bool { return l.Benchmarks[i].Input.SHA256 != all[0].Benchmarks[i].Input.SHA256 })
}

// differentSamples returns an error with the first three samples that one set has and
// another lacks.
func differentSamples(all []*ScoreSet, i int, places []map[string]int) error {
	for k, l := range all {
		for _, other := range all {
			var lacking []string
			for _, id := range other.Benchmarks[i].IDs {
				if _, ok := places[k][id]; !ok {
					lacking = append(lacking, fmt.Sprintf("%q", id))
				}
			}
			if n := len(lacking); n > 0 {
				return hint.With(fmt.Errorf("%s: %s of %q %s not in %q: %s", l.Benchmarks[i].Name, text.Plural(n, "sample"), other.Name, text.Agree(n, "is", "are"), l.Name,
					text.Sample(lacking)), "--common compares the samples that all have")
			}
		}
	}
	return nil
}

// sameQuality refuses sets in which the models have different quality on a sample.
func sameQuality(all []*ScoreSet, i int) error {
	first := all[0].Benchmarks[i]
	for _, l := range all[1:] {
		if !slices.Equal(l.Benchmarks[i].Outcomes.Weight, first.Outcomes.Weight) {
			return fmt.Errorf("%s: the samples' weights are not the same in %q and %q", first.Name, all[0].Name, l.Name)
		}
		var differ []string
		for row, id := range first.IDs {
			o := l.Benchmarks[i].Outcomes
			if o.Strong[row] != first.Outcomes.Strong[row] || o.Weak[row] != first.Outcomes.Weak[row] {
				differ = append(differ, fmt.Sprintf("%q", id))
			}
		}
		if n := len(differ); n > 0 {
			err := fmt.Errorf("%s: the models' quality on %s is not the same in %q and %q: %s",
				first.Name, text.Plural(n, "sample"), all[0].Name, l.Name, text.Sample(differ))
			if first.Gold != nil {
				err = hint.With(err, "labels that were corrected on other samples differ: run all routers in one eval or compare")
			}
			return err
		}
	}
	return nil
}
