package hint

import "strings"

// Closest returns the known word that a mistyped one most likely stands for, "" if none is
// near. A word is near if at most a third of the typed letters, but at least one, have to be
// inserted, deleted, replaced or swapped with their neighbour, ignoring case. Of equally near
// words, the first one wins.
func Closest(typed string, known []string) string {
	closest, least := "", max(1, len([]rune(typed))/3)+1
	for _, word := range known {
		if d := editDistance(strings.ToLower(typed), strings.ToLower(word)); d < least && word != typed {
			closest, least = word, d
		}
	}
	return closest
}

// shortest is the number of letters that a word must share with a longer one to stand for it.
const shortest = 4

// continued returns the only known word that begins with the typed one or that the typed one begins
// with, such as eval for evaluate; "" if there is none, or more than one.
func continued(typed string, known []string) string {
	found := ""
	for _, word := range known {
		a, b := strings.ToLower(typed), strings.ToLower(word)
		if min(len(a), len(b)) < shortest || a == b || !strings.HasPrefix(a, b) && !strings.HasPrefix(b, a) {
			continue
		}
		if found != "" {
			return ""
		}
		found = word
	}
	return found
}

// editDistance returns the optimal string alignment distance: the number of letters to
// insert, delete, replace or swap with their neighbour that turns one word into the other,
// with no letter edited twice.
func editDistance(a, b string) int {
	from, to := []rune(a), []rune(b)
	var before, last []int // rows i-2 and i-1 of the table of distances between prefixes
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range from {
		before, last, row = last, row, make([]int, len(to)+1)
		row[0] = i + 1
		for j := range to {
			replace := last[j]
			if from[i] != to[j] {
				replace++
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, replace)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(to)]
}
