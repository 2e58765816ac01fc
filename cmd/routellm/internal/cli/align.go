package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// alignLineups brings all lineups to the same samples of the same benchmarks, in the
// order of the first. What some lack is an error, unless common leaves it out, or
// unless it can only be training prompts of a router. The notes say what was left out.
func alignLineups(all []*lineup, common bool) (notes []string, err error) {
	if notes, err = alignBenches(all, common); err != nil {
		return nil, err
	}
	for i, first := range all[0].benches {
		for _, l := range all[1:] {
			if other := l.benches[i]; other.pair != first.pair {
				return nil, fmt.Errorf("%s: models are %s and %s in %q, %s and %s in %q", first.name,
					first.pair.Strong, first.pair.Weak, all[0].name, other.pair.Strong, other.pair.Weak, l.name)
			}
		}
		left, err := alignSamples(all, i, common)
		if err != nil {
			return nil, err
		}
		if left > 0 {
			why := "are not in all results"
			if fromSameData(all, i) {
				why = "are training prompts of a router in some results"
			}
			notes = append(notes, fmt.Sprintf("%s: %s samples %s and are left out", first.name, thousands(left), why))
		}
	}
	return notes, nil
}

// alignBenches keeps the benchmarks that all have, in the order of the first.
func alignBenches(all []*lineup, common bool) (notes []string, err error) {
	kept := make([][]*contest, len(all))
	for _, name := range benchNames(all) {
		row := make([]*contest, len(all))
		missing := -1
		for k, l := range all {
			i := slices.IndexFunc(l.benches, func(b *contest) bool { return b.name == name })
			if i < 0 {
				missing = k
				continue
			}
			row[k] = l.benches[i]
		}
		switch {
		case missing < 0:
			for k := range kept {
				kept[k] = append(kept[k], row[k])
			}
		case !common:
			return nil, hint.With(fmt.Errorf("benchmark %q is not in %q", name, all[missing].name),
				"--bench NAME picks one, --common compares what all have")
		default:
			notes = append(notes, fmt.Sprintf("benchmark %s is not in all results and is left out", name))
		}
	}
	if len(kept[0]) == 0 {
		return nil, fmt.Errorf("no benchmark is in all results")
	}
	for k, l := range all {
		l.benches = kept[k]
	}
	return notes, nil
}

// benchNames lists the benchmarks of all, each once.
func benchNames(all []*lineup) []string {
	var names []string
	for _, l := range all {
		for _, b := range l.benches {
			if !slices.Contains(names, b.name) {
				names = append(names, b.name)
			}
		}
	}
	return names
}

// alignSamples keeps the samples of benchmark i that all have and returns how many the
// others are.
func alignSamples(all []*lineup, i int, common bool) (left int, err error) {
	shared, places := map[string]int{}, make([]map[string]int, len(all)) // how many have an id, and where
	for k, l := range all {
		places[k] = map[string]int{}
		for row, id := range l.benches[i].ids {
			if _, again := places[k][id]; again {
				return 0, fmt.Errorf("%q: sample %q of %s occurs twice", l.name, id, l.benches[i].name)
			}
			places[k][id] = row
			shared[id]++
		}
	}
	var ids []string
	for _, id := range all[0].benches[i].ids {
		if shared[id] == len(all) {
			ids = append(ids, id)
		}
	}
	if left = len(shared) - len(ids); left > 0 && !common && !fromSameData(all, i) {
		return 0, differentSamples(all, i, places)
	}
	if len(ids) == 0 {
		return 0, fmt.Errorf("%s: no sample is in all results", all[0].benches[i].name)
	}
	for k, l := range all {
		rows := make([]int, len(ids))
		for j, id := range ids {
			rows[j] = places[k][id]
		}
		l.benches[i].pick(rows)
	}
	return left, sameQuality(all, i)
}

// fromSameData reports whether all took benchmark i from the same bytes. The pair being the same
// too, samples can then only differ by the routers' training prompts.
func fromSameData(all []*lineup, i int) bool {
	return !slices.ContainsFunc(all, func(l *lineup) bool { return l.benches[i].input.SHA256 != all[0].benches[i].input.SHA256 })
}

// differentSamples names the first three samples that one has and another lacks.
func differentSamples(all []*lineup, i int, places []map[string]int) error {
	for k, l := range all {
		for _, other := range all {
			var lacking []string
			for _, id := range other.benches[i].ids {
				if _, ok := places[k][id]; !ok {
					lacking = append(lacking, fmt.Sprintf("%q", id))
				}
			}
			if n := len(lacking); n > 0 {
				return hint.With(fmt.Errorf("%s: %s samples of %q are not in %q: %s", l.benches[i].name, thousands(n), other.name, l.name,
					firstThree(lacking)), "--common compares the samples that all have")
			}
		}
	}
	return nil
}

func firstThree(names []string) string {
	if len(names) <= 3 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %s more", strings.Join(names[:3], ", "), thousands(len(names)-3))
}

// sameQuality refuses results whose models answered otherwise.
func sameQuality(all []*lineup, i int) error {
	first := all[0].benches[i]
	for _, l := range all[1:] {
		var differ []string
		for row, id := range first.ids {
			o := l.benches[i].outcomes
			if o.Strong[row] != first.outcomes.Strong[row] || o.Weak[row] != first.outcomes.Weak[row] {
				differ = append(differ, fmt.Sprintf("%q", id))
			}
		}
		if n := len(differ); n > 0 {
			return fmt.Errorf("%s: the models' quality on %s samples is not the same in %q and %q: %s",
				first.name, thousands(n), all[0].name, l.name, firstThree(differ))
		}
	}
	return nil
}
