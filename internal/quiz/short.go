package quiz

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
)

// shortTasks lists the kinds of short questions, of which a model of 135 million parameters answers
// some. Answers are whole numbers or words.
var shortTasks = []struct {
	name string
	make func(*maker) (question, answer string)
}{
	{"one digit", func(m *maker) (string, string) { return m.sumOf(2, 9) }},
	{"two digits", func(m *maker) (string, string) { return m.sumOf(11, 89) }},
	{"product", (*maker).product},
	{"lookup", (*maker).lookup},
	{"reading", (*maker).reading},
	{"capital", (*maker).capital},
}

// ShortTasks lists the kinds of short questions.
func ShortTasks() []string {
	var names []string
	for _, t := range shortTasks {
		names = append(names, t.name)
	}
	return names
}

// Short returns n different short questions, with one number or one word as the answer. Level is
// empty, and Task is the kind. The same seed gives the same questions, whatever n is.
func Short(n int, seed uint64) []Question {
	m := &maker{rand.New(rand.NewPCG(seed, 21))}
	seen := map[string]bool{}
	out := make([]Question, 0, n)
	for tries := 0; len(out) < n; tries++ {
		t := shortTasks[tries%len(shortTasks)]
		prompt, answer := t.make(m)
		if seen[prompt] {
			continue
		}
		seen[prompt] = true
		out = append(out, Question{ID: fmt.Sprintf("s%d-%04d", seed, len(out)+1), Task: t.name, Prompt: prompt, Answer: answer})
	}
	return out
}

func (m *maker) sumOf(lo, hi int) (string, string) {
	a, b := m.between(lo, hi), m.between(lo, hi)
	return m.asked(fmt.Sprintf([]string{"What is %d plus %d?", "What is %d + %d?", "Add %d and %d."}[m.IntN(3)], a, b)), fmt.Sprint(a + b)
}

func (m *maker) product() (string, string) {
	a, b := m.between(2, 12), m.between(2, 12)
	return m.asked(fmt.Sprintf([]string{"What is %d times %d?", "What is %d x %d?", "Multiply %d by %d."}[m.IntN(3)], a, b)), fmt.Sprint(a * b)
}

// lookup asks for one of several numbers that the question names.
func (m *maker) lookup() (string, string) {
	who, room, text := m.rooms(m.between(1, 6))
	i := m.IntN(len(who))
	return m.asked(fmt.Sprintf("%s Which room does %s have?", text, who[i])), fmt.Sprint(room[i])
}

// places and verbs of the questions that are read.
var (
	places = []string{"attic", "barn", "cellar", "garage", "garden", "hall", "kitchen", "library", "office", "shed", "stable", "tower"}
	moves  = []string{"went to", "is in", "walked to", "sits in"}
)

// reading asks where one of several people is, and where one has moved on.
func (m *maker) reading() (string, string) {
	n := m.between(1, 4)
	who, where := m.several(n, names), m.several(n+1, places)
	var text []string
	for i, name := range who {
		text = append(text, fmt.Sprintf("%s %s the %s.", name, m.pick(moves), where[i]))
	}
	i := m.IntN(n)
	if m.IntN(2) == 0 {
		text = append(text, fmt.Sprintf("Then %s went to the %s.", who[i], where[n]))
		where[i] = where[n]
	}
	return m.asked(fmt.Sprintf("%s Where is %s now?", strings.Join(text, " "), who[i])), where[i]
}

// capitals lists countries with their capitals, from the best known to the least.
var capitals = strings.Fields(`France Paris Italy Rome Spain Madrid Germany Berlin Japan Tokyo Russia Moscow Egypt Cairo Greece Athens
China Beijing Austria Vienna Portugal Lisbon Poland Warsaw Ireland Dublin Norway Oslo Sweden Stockholm Denmark Copenhagen Finland Helsinki
Hungary Budapest Cuba Havana Peru Lima Kenya Nairobi Iran Tehran Iraq Baghdad Thailand Bangkok Canada Ottawa Australia Canberra Turkey Ankara
Belgium Brussels Chile Santiago Colombia Bogota Ukraine Kyiv Romania Bucharest Bulgaria Sofia Croatia Zagreb Serbia Belgrade Slovenia Ljubljana
Estonia Tallinn Latvia Riga Lithuania Vilnius Morocco Rabat Nigeria Abuja Ghana Accra Senegal Dakar Uganda Kampala Zambia Lusaka Mongolia Ulaanbaatar
Nepal Kathmandu Bhutan Thimphu Laos Vientiane Georgia Tbilisi Armenia Yerevan Bolivia Sucre Uruguay Montevideo Paraguay Asuncion Ecuador Quito
Jordan Amman Oman Muscat Qatar Doha Malta Valletta Iceland Reykjavik Albania Tirana Rwanda Kigali Burundi Gitega Eritrea Asmara Mali Bamako`)

func (m *maker) capital() (string, string) {
	at := 2 * m.IntN(len(capitals)/2)
	form := []string{"What is the capital of %s?", "Which city is the capital of %s?", "Name the capital of %s.", "%s: what is its capital?"}[m.IntN(4)]
	return m.asked(fmt.Sprintf(form, capitals[at])), capitals[at+1]
}

// asked puts a request for a short answer around a question, now and then.
func (m *maker) asked(question string) string {
	return m.pick([]string{"", "", "Quick question. ", "Please answer this. "}) + question + m.pick([]string{"", " Answer briefly.", " Give only the answer."})
}

// parts of an answer: numbers and words.
var tokens = regexp.MustCompile(`\d+|\pL+`)

// RightShort reports whether an answer to a question of [Short] is right: a number must be the last
// one of the answer, and a word one of its words.
func (q Question) RightShort(answer string) bool {
	last, isNumber, found := "", q.Answer[0] >= '0' && q.Answer[0] <= '9', false
	for _, part := range tokens.FindAllString(answer, -1) {
		if part[0] >= '0' && part[0] <= '9' {
			last = part
		}
		found = found || strings.EqualFold(part, q.Answer)
	}
	return isNumber && last == q.Answer || !isNumber && found
}
