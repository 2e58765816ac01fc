package main

import (
	"cmp"
	"slices"
	"strings"
)

// Components returns the strongly connected components of the package's files: largest first,
// then by name, the files of each sorted by name.
func (p Package) Components() [][]string {
	s := search{uses: p.Uses, order: map[string]int{}, lowest: map[string]int{}}
	for _, file := range p.Files {
		if s.order[file] == 0 {
			s.visit(file)
		}
	}
	slices.SortFunc(s.found, func(a, b []string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a[0], b[0]))
	})
	return s.found
}

// search is Tarjan's algorithm: R. Tarjan, "Depth-first search and linear graph algorithms",
// SIAM Journal on Computing 1(2), 1972.
type search struct {
	uses   map[string]map[string][]string
	order  map[string]int // position of a file in the order of visits, from 1
	lowest map[string]int // smallest order that can be reached from a file within its component
	open   []string       // visited files that are in no component yet
	found  [][]string
}

func (s *search) visit(file string) {
	s.order[file] = len(s.order) + 1
	s.lowest[file] = s.order[file]
	s.open = append(s.open, file)
	for other := range s.uses[file] {
		if s.order[other] == 0 {
			s.visit(other)
			s.lowest[file] = min(s.lowest[file], s.lowest[other])
		} else if slices.Contains(s.open, other) {
			s.lowest[file] = min(s.lowest[file], s.order[other])
		}
	}
	if s.lowest[file] < s.order[file] {
		return
	}
	start := slices.Index(s.open, file)
	component := slices.Clone(s.open[start:])
	slices.Sort(component)
	s.open, s.found = s.open[:start], append(s.found, component)
}

// shorten joins at most four names.
func shorten(names []string) string {
	if len(names) > 4 {
		names = append(slices.Clone(names[:4]), "...")
	}
	return strings.Join(names, " ")
}
