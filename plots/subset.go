package plots

import (
	"encoding/binary"
	"slices"

	"golang.org/x/image/font/sfnt"
)

// subset returns a TrueType font with only the glyphs of text, without hinting and kerning:
// about 6 kB instead of 400. The formats follow the OpenType specification, chapters glyf,
// loca, hmtx, cmap, head and maxp. The font is compiled in, so its structure is not checked.
func subset(ttf []byte, text string) []byte {
	src := readTables(ttf)
	runes := []rune(text)
	slices.Sort(runes)
	runes = slices.Compact(runes)
	glyphs := glyphSet{source: src, ids: []uint16{0}} // glyph 0 stands for missing characters
	var codes []mapping
	for _, r := range runes {
		if id := glyphOf(r); id != 0 && r <= 0xFFFE {
			codes = append(codes, mapping{uint16(r), glyphs.add(id)})
		}
	}
	glyf, loca := glyphs.outlines() // first, because it adds the components of composite glyphs
	n := len(glyphs.ids)

	out := tables{"glyf": glyf, "loca": loca, "cmap": cmapTable(codes), "hmtx": glyphs.metrics(),
		"OS/2": src["OS/2"], "name": {0, 0, 0, 0, 0, 6}}
	out["head"] = patched(src["head"], 50, 1) // long offsets in loca
	out["hhea"] = patched(src["hhea"], 34, uint16(n))
	out["maxp"] = patched(src["maxp"], 4, uint16(n))
	out["post"] = patched(src["post"][:32], 0, 3) // version 3: no glyph names
	return out.write()
}

// glyphOf returns the number of r's glyph in the whole font, or 0 if it has none.
func glyphOf(r rune) uint16 {
	var buf sfnt.Buffer
	id, err := face(1).Face.GlyphIndex(&buf, r)
	if err != nil {
		return 0
	}
	return uint16(id)
}

// patched returns a copy of a table with the 16-bit number at offset replaced by v.
func patched(table []byte, offset int, v uint16) []byte {
	c := slices.Clone(table)
	binary.BigEndian.PutUint16(c[offset:], v)
	return c
}
