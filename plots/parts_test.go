package plots

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

func TestThin(t *testing.T) {
	if got := thin(concave(999, 0, 1, 0.5)); len(got) != 1000 {
		t.Errorf("%d of 1,000 points are left, want all of them", len(got))
	}
	if got := thin(make([]Point, 5000)); len(got) != 2 {
		t.Errorf("%d points are left of one repeated point, want the first and the last", len(got))
	}
	long := concave(14037, 0, 1, 1)
	got := thin(long)
	if len(got) > 1000 || len(got) < 450 {
		t.Errorf("%d points are left, want 450 to 1,000", len(got))
	}
	if got[0] != long[0] || got[len(got)-1] != long[len(long)-1] {
		t.Error("the first or the last point is missing")
	}
	for i, p := range got[1:] {
		before := got[i]
		if p.StrongFraction <= before.StrongFraction {
			t.Fatalf("point %d repeats or goes back", i+1)
		}
		if up := p.Quality - before.Quality; up > 0.01 {
			t.Errorf("a rise of %v after %v is straightened", up, before)
		}
	}
}

func TestThinKeepsSpikes(t *testing.T) {
	ps := concave(14037, 0, 1, 0.5)
	ps[7000].Quality, ps[7001].Quality = 9, -9
	got := thin(ps)
	if !slices.Contains(got, ps[7000]) || !slices.Contains(got, ps[7001]) {
		t.Error("a spike is missing")
	}
	// With a step up or down at every point, each part keeps four points.
	for i := range ps {
		ps[i].Quality = float64(i * 7919 % 101)
	}
	if got := thin(ps); len(got) > 1000 || len(got) < 900 {
		t.Errorf("%d points are left of noise, want nearly 1,000", len(got))
	}
}

func TestAxis(t *testing.T) {
	for _, test := range []struct {
		lo, hi float64
		want   string
	}{
		{0, 100, "0 20 40 60 80 100"},
		{8.2, 9.4, "8.2 8.4 8.6 8.8 9.0 9.2 9.4"},
		{-0.5, 0.5, "-0.4 -0.2 0.0 0.2 0.4"},
		{68.14, 80.6, "70 72 74 76 78 80"},
		{0.80001, 0.80006, "0.80001 0.80002 0.80003 0.80004 0.80005 0.80006"},
		{1000, 250000, "50,000 100,000 150,000 200,000 250,000"},
	} {
		var got []string
		for _, tick := range newAxis(test.lo, test.hi, 7).ticks {
			got = append(got, tick.text)
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%v to %v: %s, want %s", test.lo, test.hi, s, test.want)
		}
	}
}

func TestTexts(t *testing.T) {
	if got := clean("a\nb\x00\xff"); got != "a b \uFFFD" {
		t.Errorf("clean: %q", got)
	}
	long := strings.Repeat("mf", 50) + "@gold"
	short := elide(long, 10, 100)
	if textWidth(short, 10) > 100 || !strings.HasSuffix(short, "gold") || !strings.HasPrefix(short, "mfmf") {
		t.Errorf("elide: %q", short)
	}
	if lines, size := fitTitle("short", 12, 9, 500); len(lines) != 1 || size != 12 {
		t.Errorf("short title: %q at size %v, want one line at 12", lines, size)
	}
	if lines, size := fitTitle(strings.Repeat("word ", 30)+"end", 12, 9, 500); len(lines) != 2 || size != 12 {
		t.Errorf("title for two lines: %q at size %v, want two lines at 12", lines, size)
	}
	if lines, size := fitTitle(strings.Repeat("word ", 40)+"end", 12, 9, 500); size >= 12 || strings.Contains(lines[0]+lines[1], "…") {
		t.Errorf("title for smaller type: %q at size %v, want all words below 12", lines, size)
	}
	for _, text := range []string{strings.Repeat("x", 999), strings.Repeat("word ", 999)} {
		lines, size := fitTitle(text, 12, 9, 500)
		for _, l := range lines {
			if w := textWidth(l, size); w > 500 {
				t.Errorf("a line of a very long title is %v points wide, want at most 500", w)
			}
		}
	}
}

// TestFontIsLiberationSans: the font in the program is that of the module without its hinting, which
// no picture uses, and without glyph names. With -update it is made anew.
func TestFontIsLiberationSans(t *testing.T) {
	want := withoutHinting(liberationsansregular.TTF)
	if *update {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(want); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("sans.ttf.gz", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(trueType(), want) {
		t.Error("the font differs from the module's: run the test with -update, and then again")
	}
}

// withoutHinting returns a TrueType font without instructions, glyph names and OpenType layout; kerning
// is in the table kern as well.
func withoutHinting(ttf []byte) []byte {
	src := readTables(ttf)
	glyphs := glyphSet{source: src}
	for id := range u16(src["maxp"], 4) {
		glyphs.ids = append(glyphs.ids, id)
	}
	out := maps.Clone(src)
	out["glyf"], out["loca"] = glyphs.outlines()
	out["head"] = patched(src["head"], 50, 1)     // long offsets in loca
	out["post"] = patched(src["post"][:32], 0, 3) // version 3: no glyph names
	// The licence reserves the name of Liberation Sans for the whole font.
	out["name"] = nameTable(map[uint16]string{
		0: "Copyright (c) 2012 Red Hat, Inc., with Reserved Font Name Liberation", 1: "Routellm Sans", 2: "Regular", 6: "RoutellmSans", 13: "SIL Open Font License 1.1",
	})
	for _, tag := range []string{"fpgm", "prep", "cvt ", "gasp", "FFTM", "GPOS", "GSUB", "GDEF"} {
		delete(out, tag)
	}
	return out.write()
}

// nameTable returns the table name with texts in ASCII by their numbers.
func nameTable(texts map[uint16]string) []byte {
	ids := slices.Sorted(maps.Keys(texts))
	b := binary.BigEndian.AppendUint16(nil, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(len(ids)))
	b = binary.BigEndian.AppendUint16(b, uint16(6+12*len(ids)))
	var all string
	for _, id := range ids {
		for _, v := range []uint16{1, 0, 0, id, uint16(len(texts[id])), uint16(len(all))} { // platform Macintosh, Roman, English
			b = binary.BigEndian.AppendUint16(b, v)
		}
		all += texts[id]
	}
	return append(b, all...)
}

// TestSubset compares outlines and widths with those of the whole font. é and ½ are composite
// glyphs.
func TestSubset(t *testing.T) {
	const text = "Aé½ (≥%)"
	cut := subset(liberationsansregular.TTF, text+"A\U0001F600")
	if len(cut) > 8000 {
		t.Errorf("%d bytes for 8 characters, want at most 8,000", len(cut))
	}
	part, err := opentype.Parse(cut)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range text {
		if got, want := shape(t, part, r), shape(t, face(1).Face, r); !reflect.DeepEqual(got, want) {
			t.Errorf("%q has another outline or width", r)
		}
	}
	var buf sfnt.Buffer
	if id, err := part.GlyphIndex(&buf, 'B'); id != 0 || err != nil {
		t.Errorf("B is glyph %d, error %v, want none", id, err)
	}
	if got := sum(cut); got != 0xB1B0AFBA {
		t.Errorf("the file adds up to %#x, want 0xb1b0afba", got)
	}
}

type outline struct {
	width    fixed.Int26_6
	segments sfnt.Segments
}

// shape returns the outline of a rune.
func shape(t *testing.T, f *opentype.Font, r rune) outline {
	t.Helper()
	var buf sfnt.Buffer
	id, err := f.GlyphIndex(&buf, r)
	if err != nil || id == 0 {
		t.Fatalf("%q: glyph %d, error %v", r, id, err)
	}
	segments, err := f.LoadGlyph(&buf, id, 2048, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := outline{segments: append(sfnt.Segments{}, segments...)}
	if o.width, err = f.GlyphAdvance(&buf, id, 2048, font.HintingNone); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestPDFColour checks that the band's colour is not darkened by its own alpha.
func TestPDFColour(t *testing.T) {
	r, _, _, a := unmultiplied(DefaultStyle().inks().band).RGBA()
	if r>>8 != 0x77 || a>>8 != 0x33 {
		t.Errorf("red %#x and alpha %#x, want 0x77 and 0x33", r>>8, a>>8)
	}
}
