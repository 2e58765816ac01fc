package quiz

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// maker draws questions. Both levels of a task share names, things, openings, and asides, so that
// neither a word nor the length alone tells them apart.
type maker struct{ *rand.Rand }

var (
	names  = []string{"Ada", "Bruno", "Chidi", "Dora", "Emil", "Farah", "Goran", "Hana", "Ivo", "Jun", "Kemal", "Lotte"}
	things = []string{"apples", "bolts", "candles", "cups", "eggs", "lamps", "nails", "pears", "plates", "ropes", "spoons", "tiles"}
	words  = []string{"anchor", "banana", "cellar", "engineer", "feather", "harvest", "lantern", "meadow", "needle", "orchard", "pepper", "ribbon", "saddle",
		"teapot", "umbrella", "village", "whistle"}
	openings = []string{"", "Please answer this. ", "A question from the shop: ", "Quick question. ", "From a homework sheet: ", "Help me with this. "}
	asides   = []string{"", "", "It had rained all morning and the market was nearly empty. ", "Nobody had counted for a week, so it was about time. ",
		"The shop closes at six, and the keeper wants to go home. "}
	closings = []string{"", " Give only the number.", " Say how you found it, then give the number."}
)

func (m *maker) pick(from []string) string { return from[m.IntN(len(from))] }

// several picks n different elements.
func (m *maker) several(n int, from []string) []string {
	out := make([]string, n)
	for i, at := range m.Perm(len(from))[:n] {
		out[i] = from[at]
	}
	return out
}

// between draws a whole number from lo to hi.
func (m *maker) between(lo, hi int) int { return lo + m.IntN(hi-lo+1) }

// dress puts an opening, an aside and a closing around a question.
func (m *maker) dress(body string) string {
	return m.pick(openings) + m.pick(asides) + body + m.pick(closings)
}

func (m *maker) easySum() (string, int) {
	a, b, who, what := m.between(2, 30), m.between(2, 30), m.pick(names), m.pick(things)
	switch m.IntN(3) {
	case 0:
		return fmt.Sprintf("What is %d plus %d?", a, b), a + b
	case 1:
		return fmt.Sprintf("%s has %d %s and gets %d more. How many %s does %s have now?", who, a, what, b, what, who), a + b
	}
	return fmt.Sprintf("%s has %d %s and gives away %d. How many %s does %s have now?", who, a+b, what, b, what, who), a
}

func (m *maker) hardSum() (string, int) {
	a, b, c, d := m.between(23, 97), m.between(12, 48), m.between(101, 260), m.between(3, 9)
	who, what := m.pick(names), m.pick(things)
	switch m.IntN(3) {
	case 0:
		return fmt.Sprintf("What is %d times %d minus %d?", a, b, c), a*b - c
	case 1:
		return fmt.Sprintf("%s has %d boxes with %d %s each and gives away %d. Then %s gets %d packs of %d more. How many %s does %s have now?",
			who, a, b, what, c, who, d, b, what, who), a*b - c + d*b
	}
	return fmt.Sprintf("%s has %d %s and gets %d times as many, then gives away %d. How many %s does %s have now?", who, a, what, d, b, what, who), a + a*d - b
}

// rooms draws names with numbers, and writes them.
func (m *maker) rooms(n int) (who []string, room []int, text string) {
	who = m.several(n, names)
	parts := make([]string, n)
	for i, name := range who {
		room = append(room, m.between(100, 999))
		parts[i] = fmt.Sprintf("%s has room %d.", name, room[i])
	}
	return who, room, strings.Join(parts, " ")
}

func (m *maker) easyRoom() (string, int) {
	who, room, text := m.rooms(m.between(1, 3))
	i := m.IntN(len(who))
	return fmt.Sprintf("%s What is the number of %s's room?", text, who[i]), room[i]
}

func (m *maker) hardRoom() (string, int) {
	who, room, text := m.rooms(m.between(2, 6))
	a, b := m.IntN(len(who)), m.IntN(len(who)-1)
	if b >= a {
		b++
	}
	if m.IntN(2) == 0 {
		return fmt.Sprintf("%s What is the number of %s's room plus the number of %s's room?", text, who[a], who[b]), room[a] + room[b]
	}
	least := slices.Min(room)
	return fmt.Sprintf("%s What is the number of %s's room less the lowest number of a room?", text, who[a]), room[a] - least
}

func (m *maker) easyWord() (string, int) {
	w := m.several(m.between(2, 4), words)
	if m.IntN(2) == 0 {
		return fmt.Sprintf("How many words are in this list: %s?", strings.Join(w, ", ")), len(w)
	}
	n := m.between(2, 30)
	return fmt.Sprintf("Somebody wrote %q %d times on the wall, and %q once. How many times is %q there?", w[0], n, w[1], w[0]), n
}

func (m *maker) hardWord() (string, int) {
	w := m.several(m.between(3, 5), words)
	if m.IntN(2) == 0 {
		return fmt.Sprintf("How many letters are in these words together: %s?", strings.Join(w, ", ")), len(strings.Join(w, ""))
	}
	text := strings.Join(w, " ")
	return fmt.Sprintf("How many times is the letter %q in this: %s?", "e", text), strings.Count(text, "e")
}
