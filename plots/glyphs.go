package plots

import (
	"encoding/binary"
	"slices"
)

// Flags of a component of a composite glyph (OpenType specification, chapter glyf).
const (
	argsAreWords    = 0x0001
	hasScale        = 0x0008
	moreComponents  = 0x0020
	hasXYScale      = 0x0040
	hasTwoByTwo     = 0x0080
	hasInstructions = 0x0100
)

// glyphSet holds the glyphs that a subset keeps.
type glyphSet struct {
	source tables
	ids    []uint16 // number of each glyph in the whole font; the index is the new number
}

// add adds a glyph to the set, unless it is there already, and returns its new number.
func (g *glyphSet) add(id uint16) uint16 {
	i := slices.Index(g.ids, id)
	if i < 0 {
		i = len(g.ids)
		g.ids = append(g.ids, id)
	}
	return uint16(i)
}

// outlines returns the tables glyf and loca. It adds the components of composite glyphs to
// the set.
func (g *glyphSet) outlines() (glyf, loca []byte) {
	for i := 0; i < len(g.ids); i++ {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, g.unhinted(g.outline(g.ids[i]))...)
	}
	return glyf, binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
}

// outline returns the description of a glyph in the whole font. It is empty for a space.
func (g *glyphSet) outline(id uint16) []byte {
	loca := g.source["loca"]
	if u16(g.source["head"], 50) == 0 { // short format: half the offsets, in 16 bits
		at := 2 * int(id)
		return g.source["glyf"][2*int(u16(loca, at)) : 2*int(u16(loca, at+2))]
	}
	at := 4 * int(id)
	return g.source["glyf"][binary.BigEndian.Uint32(loca[at:]):binary.BigEndian.Uint32(loca[at+4:])]
}

// unhinted returns a glyph without its instructions, which call functions that the subset
// leaves out, and with its components renumbered.
func (g *glyphSet) unhinted(old []byte) []byte {
	if len(old) == 0 {
		return nil
	}
	contours := int(int16(u16(old, 0)))
	if contours < 0 {
		return g.composite(old)
	}
	at := 10 + 2*contours // offset of the instructions' length
	kept := append(slices.Clone(old[:at]), 0, 0)
	return append(kept, old[at+2+int(u16(old, at)):]...)
}

// composite returns a composite glyph without instructions and with renumbered components.
func (g *glyphSet) composite(old []byte) []byte {
	glyph := slices.Clone(old)
	for at := 10; ; {
		flags := u16(glyph, at)
		binary.BigEndian.PutUint16(glyph[at:], flags&^hasInstructions)
		binary.BigEndian.PutUint16(glyph[at+2:], g.add(u16(glyph, at+2)))
		at += 4 + componentSize(flags)
		if flags&moreComponents == 0 {
			return glyph[:at]
		}
	}
}

// componentSize returns the size of a component's offsets and scales, in bytes.
func componentSize(flags uint16) int {
	size := 2
	if flags&argsAreWords != 0 {
		size = 4
	}
	switch {
	case flags&hasScale != 0:
		size += 2
	case flags&hasXYScale != 0:
		size += 4
	case flags&hasTwoByTwo != 0:
		size += 8
	}
	return size
}

// metrics returns the table hmtx with a full record for every glyph. The whole font's table
// omits trailing widths that repeat.
func (g *glyphSet) metrics() []byte {
	full := int(u16(g.source["hhea"], 34))
	old := g.source["hmtx"]
	var out []byte
	for _, id := range g.ids {
		width, bearing := 4*int(id), 4*int(id)+2
		if int(id) >= full {
			width, bearing = 4*(full-1), 4*full+2*(int(id)-full)
		}
		out = append(out, old[width], old[width+1], old[bearing], old[bearing+1])
	}
	return out
}
