package plots

import (
	"hash/fnv"
	"image/color"
	"slices"
	"strings"
)

// Look holds the colours and the dash of a router, the same in every figure and page. Both colours have a
// contrast of at least 3:1 with their background, see [LightBackground] and [DarkBackground].
type Look struct {
	Colour color.NRGBA // colour on a light background
	Dark   color.NRGBA // colour on a dark background
	// Dash alternates lengths of ink and gap, in points, for a line that is 1.6 points wide. An
	// empty one is a solid line.
	Dash []float64
}

// LightBackground and DarkBackground return the backgrounds that looks are made for.
func LightBackground() color.NRGBA { return rgb(0xFFFFFF) }

// DarkBackground returns the background of the dark theme.
func DarkBackground() color.NRGBA { return rgb(0x15181C) }

// hues lists the colours of routers, light and dark. The first four are those of Okabe and Ito for
// colour-blind readers ("Color universal design", 2008), lightened for the dark theme. The others
// were searched for: they are as far as possible from these and from each other in the sight of
// colour-blind readers too, with a contrast of 3:1.
var hues = []struct{ light, dark uint32 }{
	{0x0072B2, 0x4AA8E0}, // blue
	{0xD55E00, 0xF08A3C}, // vermilion
	{0x009E73, 0x35C79B}, // green
	{0xCC79A7, 0xE39BCB}, // pink
	{0x8000FF, 0x9840FF}, // violet
	{0x503500, 0x8C6238}, // brown
	{0x00178C, 0xF0E442}, // navy, or yellow on a dark background
}

// families maps the built-in routers, and what train makes, to their hues. Routers that share a
// hue choose among different things: two models, or several.
var families = map[string]int{
	"mf": 0, "knn": 1, "sw_ranking": 2, "bert": 3, "causal_llm": 4, "length": 5, "subject": 6,
	"linear": 2, "cluster": 3, "cascade": 4,
}

// variants maps the training data of a built-in router to the dash pattern of its line.
var variants = map[string]int{"": 0, "judge": 1, "gold": 2, "arena": 3}

// ownVariant is the first dash pattern of a variant that is not built in.
const ownVariant = 4

// dashes returns dash pattern i. There are as many as are asked for: later ones have more dots.
func dashes(i int) []float64 {
	switch i {
	case 0:
		return nil
	case 1:
		return []float64{7, 2.5}
	case 2:
		return []float64{8, 2, 1.5, 2}
	case 3:
		return []float64{3, 1.5}
	}
	pattern := []float64{9, 2}
	for range i - 2 {
		pattern = append(pattern, 1.5, 2)
	}
	return pattern
}

// references maps names that stand for a baseline, and not for a router, to their looks.
var references = map[string]Look{
	"random": {rgb(0x6B7280), rgb(0xA3ADB8), []float64{5, 3}},
	"oracle": {rgb(0x1C1F23), rgb(0xE6E9EC), []float64{1.5, 1.5}},
}

// LookOf returns the look of a router by its name, such as "mf@judge". Built-in routers have fixed
// looks: a colour per router, a dash pattern per kind of training data. Any other name always gets
// the same colour, but another router may have it too; [Looks] tells the routers of a picture
// apart.
func LookOf(name string) Look { return Looks([]string{name})[name] }

// Looks returns the looks of the routers in one picture, by name. No two of them are equal. A
// built-in router has the look of [LookOf]; any other gets the colour of [LookOf] if no router
// before it has this colour, then a colour that is still free, then another dash pattern.
func Looks(names []string) map[string]Look {
	p := palette{looks: map[string]Look{}, taken: map[place]bool{}}
	for _, exact := range []bool{true, false} { // built-in routers first
		for _, name := range names {
			if _, done := p.looks[name]; !done && builtIn(name) == exact {
				p.add(name)
			}
		}
	}
	return p.looks
}

// place is a hue and a dash pattern, as indices.
type place struct{ hue, dash int }

// palette gives looks to names.
type palette struct {
	looks map[string]Look
	taken map[place]bool
}

// builtIn reports whether a name has a fixed look.
func builtIn(name string) bool {
	family, variant, _ := strings.Cut(name, "@")
	_, router := families[family]
	_, known := variants[variant]
	_, reference := references[name]
	return router && known || reference
}

// add gives a look to a name.
func (p *palette) add(name string) {
	if look, ok := references[name]; ok {
		p.looks[name] = look
		return
	}
	family, variant, _ := strings.Cut(name, "@")
	hue, related := families[family]
	dash, known := variants[variant]
	if !known {
		dash = ownVariant
	}
	if !related {
		hue, dash = p.rarest(name), 0
	}
	for p.taken[place{hue, dash}] {
		dash++
	}
	p.taken[place{hue, dash}] = true
	c := hues[hue]
	p.looks[name] = Look{rgb(c.light), rgb(c.dark), slices.Clone(dashes(dash))}
}

// rarest returns the hue that the fewest names have. Of several it returns the first from the place
// that the name itself determines.
func (p *palette) rarest(name string) int {
	uses := make([]int, len(hues))
	for at := range p.taken {
		uses[at.hue]++
	}
	digest := fnv.New32a()
	digest.Write([]byte(name))
	first := int(digest.Sum32() % uint32(len(hues)))
	best := first
	for i := range hues {
		if at := (first + i) % len(hues); uses[at] < uses[best] {
			best = at
		}
	}
	return best
}
