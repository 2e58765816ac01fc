package body

import (
	"slices"
	"strings"
	"testing"
)

// TestAnswerID writes answers in pieces of different sizes.
func TestAnswerID(t *testing.T) {
	long := strings.Repeat("x", maxHead)
	for answer, want := range map[string]string{
		`{"id": "resp_1", "output": [{"id": "msg_1"}]}`:                                                          "resp_1",
		" \n{\"created_at\": 1, \"output\": [{\"id\": \"msg_1\"}], \"id\" : \"resp_2\"}":                         "resp_2",
		"event: response.created\ndata: {\"type\": \"response.created\", \"response\": {\"id\": \"resp_3\"}}\n":  "resp_3",
		"data:{\"response\":{\"tools\":[{\"id\":\"t\"}],\"id\":\"resp_4\"}}\r\n\r\ndata: {}\r\n\r\n":             "resp_4",
		": hello\n\ndata: {\"type\": \"ping\", \"id\": \"x\"}\n\ndata: {\"response\": {\"id\": \"resp_5\"}}\n\n": "resp_5",
		`{"id": 7}`:     "",
		`{"id": "resp_`: "",
		`{"error": {"id": "x", "message": "\"id\": \"y\""}}`:                    "",
		"data: {\"text\": \"{\\\"response\\\": {\\\"id\\\": \\\"x\\\"}}\"}\n\n": "",
		`["id", "x"]`:                           "",
		`{"output": "` + long + `", "id": "x"}`: "",
		"":                                      "",
	} {
		for size := 1 + len(answer)/1000; size <= len(answer)+1; size += 1 + size/2 + len(answer)/1000 {
			var a AnswerID
			for piece := range slices.Chunk([]byte(answer), size) {
				if n, err := a.Write(piece); n != len(piece) || err != nil {
					t.Fatal(n, err)
				}
				if cap(a.head) > 4*maxHead {
					t.Fatalf("%d bytes kept", cap(a.head))
				}
			}
			if a.ID != want || want != "" && !a.Over {
				t.Errorf("%.60q in pieces of %d: %q", answer, size, a.ID)
			}
		}
	}
}
