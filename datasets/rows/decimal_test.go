package rows

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestPartsWithTwoDecimalMarks(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.csv": "id,q\n1,0.5\n", "b.csv": "id;q\n2;0,5\n", "c.csv": "id;q\n3;1\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Open(context.Background(), dir, Options{})
	checkError(t, "parts with points and commas", err, "expected one mark in all parts", "alike")
	table, err := Open(context.Background(), filepath.Join(dir, "[bc].csv"), Options{})
	if err != nil || table.About().Decimal != ',' {
		t.Errorf("parts with commas and whole numbers: %v", err)
	}
}
