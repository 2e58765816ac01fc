package rows

import (
	"archive/zip"
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// arrowSamples returns one table as a file and as a stream, in two batches.
func arrowSamples(t testing.TB) (samples [][]byte) {
	t.Helper()
	message := arrow.StructOf(arrow.Field{Name: "role", Type: arrow.BinaryTypes.String}, arrow.Field{Name: "n", Type: arrow.PrimitiveTypes.Float64, Nullable: true})
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "id", Type: arrow.PrimitiveTypes.Int64}, {Name: "p", Type: arrow.BinaryTypes.LargeString, Nullable: true},
		{Name: "m", Type: arrow.ListOf(message), Nullable: true}, {Name: "d", Type: &arrow.Decimal128Type{Precision: 10, Scale: 2}, Nullable: true},
		{Name: "none", Type: arrow.Null, Nullable: true},
	}, nil)
	var batches []arrow.RecordBatch
	for _, rows := range []string{
		`[{"id": 9007199254740993, "p": "a\r\n\"b\"", "m": [{"role": "user", "n": 0.5}, {"role": "<x>", "n": null}], "d": "1.50"}, {"id": 2, "p": null, "m": null, "d": null}]`,
		`[{"id": 3, "p": "", "m": [], "d": "-7"}]`,
	} {
		batch, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(rows))
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, batch)
	}
	var file, stream bytes.Buffer
	fw, err := ipc.NewFileWriter(&file, ipc.WithSchema(schema), ipc.WithLZ4())
	if err != nil {
		t.Fatal(err)
	}
	sw := ipc.NewWriter(&stream, ipc.WithSchema(schema), ipc.WithZstd())
	for _, batch := range batches {
		if fw.Write(batch) != nil || sw.Write(batch) != nil {
			t.Fatal("not written")
		}
	}
	if fw.Close() != nil || sw.Close() != nil {
		t.Fatal("not closed")
	}
	return [][]byte{file.Bytes(), stream.Bytes()}
}

func TestArrow(t *testing.T) {
	want := strings.Join([]string{
		`1 n"9007199254740993" t"a\r\n\"b\"" j"[{\"role\":\"user\",\"n\":0.5},{\"role\":\"\\u003cx\\u003e\",\"n\":null}]" n"1.5" -""`,
		`2 n"2" -"" -"" -"" -""`, `3 n"3" t"" j"[]" n"-7" -""`, ""}, "\n")
	for i, data := range arrowSamples(t) {
		for _, content := range []string{string(data), gzipped(t, string(data))} {
			path := write(t, "a", content)
			if got, err := dump(t, path, Options{}); err != nil || got != want {
				t.Errorf("sample %d: %v\n%s", i, err, got)
			}
			if got, err := dump(t, path, Options{}, "m[-1].role", "id"); err != nil || !strings.HasPrefix(got, `1 t"<x>" n"9007199254740993"`) {
				t.Errorf("sample %d: path: %v\n%s", i, err, got)
			}
		}
		_, err := dump(t, write(t, "a", string(data[:len(data)/2])), Options{})
		checkError(t, "half", err, "damaged Arrow data", "copy or write the file again")
		_, err = dump(t, write(t, "a", string(data)), Options{}, "nope")
		checkError(t, "column", err, `column "nope": missing`, `"id", "p"`)
	}
}

const sheetXML = `<worksheet><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>My export</t></is></c></row>
<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="inlineStr"><is><r><t>pro</t></r><r><t>mpt</t></r></is></c><c r="C3" t="str"><v>big</v></c><c r="D3" t="str"><v>when</v></c></row>
<row r="4"><c r="A4"><v>1</v></c><c r="B4" t="inlineStr"><is><t xml:space="preserve"> a_x000D_&#10;&lt;b&gt;</t></is></c><c r="C4"><v>0.30000000000000004</v></c><c r="D4" s="1"><v>46024.5</v></c></row>
<row r="5"/>
<row r="6"><c r="B6" t="b"><v>1</v></c><c r="C6" t="e"><v>#N/A</v></c><c r="D6" s="1"><v>46024</v></c></row>
</sheetData></worksheet>`

// excelFile returns a file with one sheet.
func excelFile(t testing.TB, sheet, shared string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	members := map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Data" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/styles.xml":              `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy\-mm\-dd\ hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":       shared, "xl/worksheets/sheet1.xml": sheet,
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		m, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Write([]byte(members[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestExcel(t *testing.T) {
	path := write(t, "a.xlsx", excelFile(t, sheetXML, "<sst><si><t>id</t></si></sst>"))
	want := `1 n"1" t" a\r\n<b>" n"0.30000000000000004" t"2026-01-02T12:00:00"` + "\n" + `2 -"" b"true" t"#N/A" t"2026-01-02"` + "\n"
	if got, err := dump(t, path, Options{}); err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
	if got := about(t, path, Options{}); got != "Excel . 1 row before the header left out | id/prompt/big/when" {
		t.Error(got)
	}
	_, err := Open(context.Background(), path, Options{Sheet: "x"})
	checkError(t, "sheet", err, `sheet "x": missing`, `"Data"`)
	_, err = dump(t, write(t, "a.xlsx", excelFile(t, strings.Split(sheetXML, `<row r="6">`)[0], "<sst><si><t>id</t></si></sst>")), Options{})
	checkError(t, "cut off", err, "the file is cut off", "CSV")
	_, err = dump(t, write(t, "a.xlsx", excelFile(t, sheetXML, "<sst/>")), Options{})
	checkError(t, "no text", err, "a shared text is missing", "CSV")
}
