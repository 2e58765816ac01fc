package complaint

import "testing"

// extent says what a request has beside text.
type extent struct{ images, tools bool }

var image, tool, plain = extent{images: true}, extent{tools: true}, extent{}

// TestKinds has errors in the forms of the servers that the package names.
func TestKinds(t *testing.T) {
	for text, want := range map[string]struct {
		kind    string
		request extent
		status  int
	}{
		`{"error": {"message": "the request has 9000 tokens", "type": "invalid_request_error", "param": "messages", "code": "context_length_exceeded"}}`:               {"long", plain, 400},
		`{"object": "error", "message": "This model's maximum context length is 4096 tokens.", "type": "BadRequestError", "code": 400}`:                                {"long", plain, 400},
		`{"error": {"code": 400, "message": "request (9000 tokens) exceeds the available context size (4096 tokens)", "type": "exceed_context_size_error"}}`:           {"long", plain, 400},
		`{"error": {"code": 500, "message": "the request exceeds the available context size. try increasing the context size", "type": "server_error"}}`:               {"long", plain, 500},
		`{"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 210000 tokens > 200000 maximum"}}`:                               {"long", plain, 400},
		`[{"error": {"code": 400, "message": "The input token count (9) exceeds the maximum number of tokens allowed (8).", "status": "INVALID_ARGUMENT"}}]`:           {"long", plain, 400},
		`{"error": "Input validation error: inputs tokens + max_new_tokens must be <= 4096, got more than the context window", "error_type": "validation"}`:            {"long", plain, 0},
		`{"error": {"code": 500, "message": "image input is not supported - hint: you may need to provide the mmproj", "type": "server_error"}}`:                       {"unable", image, 500},
		`{"error": {"message": "Invalid content type. image_url is only supported by certain models.", "type": "invalid_request_error", "param": null, "code": null}}`: {"unable", image, 400},
		`{"error": {"message": "tiny is not a multimodal model", "type": "BadRequestError", "param": null, "code": 400}}`:                                              {"unable", image, 400},
		`{"error": "this model is missing data required for image input"}`:                                                                                             {"unable", image, 0},
		`{"detail": [{"type": "string_type", "loc": ["body", "messages", 0, "content"], "msg": "Input should be a valid string"}]}`:                                    {"unable", image, 0},
		`image input is not supported`: {"unable", image, 0},
		`{"error": {"code": 500, "message": "tools param requires --jinja flag", "type": "server_error"}}`:                                     {"unable", tool, 500},
		`{"error": {"message": "tiny does not support tools", "type": "api_error", "param": null, "code": null}}`:                              {"unable", tool, 500},
		`{"error": {"code": 500, "message": "tools param requires --jinja flag", "type": "server_error"}, "of": "plain"}`:                      {"", plain, 500},
		`{"error": {"code": 500, "message": "image input is not supported", "type": "server_error"}, "of": "plain"}`:                           {"", plain, 500},
		`{"error": {"code": 500, "message": "segmentation fault", "type": "server_error"}}`:                                                    {"", image, 500},
		`{"error": {"message": "temperature must be at most 2", "type": "invalid_request_error", "param": "temperature", "code": null}}`:       {"", image, 400},
		`[{"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT"}}]`:               {"key", plain, 400},
		`{"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low"}}`:                           {"key", plain, 400},
		`{"error": {"message": "You exceeded your current quota", "type": "insufficient_quota", "param": null, "code": "insufficient_quota"}}`: {"quota", plain, 429},
		`{"error": {"message": "Conversation with id 'conv_ab12' not found.", "type": "invalid_request_error", "param": null, "code": null}}`:  {"stored", plain, 400},
		`{"error": {"message": "Item with id 'rs_1' not found.", "type": "invalid_request_error", "param": "input", "code": null}}`:            {"stored", plain, 400},
		`{"error": {"message": "The model 'big' does not exist", "type": "invalid_request_error", "param": null, "code": "model_not_found"}}`:  {"model", plain, 404},
		`{"error": {"message": "tiny-7b is not a valid model ID", "code": 400}}`:                                                               {"model", plain, 400},
		`{"error": {"message": "Your input was flagged", "code": 403}}`:                                                                        {"flagged", plain, 403},
		`{"detail": "Not Found"}`: {"", plain, 0},
		``:                        {"", plain, 0},
	} {
		c := Read([]byte(text))
		got := ""
		for kind, is := range map[string]bool{"long": c.TooLong(), "unable": c.Unable(want.request.images, want.request.tools), "key": c.Credential(), "quota": c.OutOfQuota(), "stored": c.Stored(), "model": c.UnknownModel(), "flagged": c.Flagged()} {
			if is {
				got += kind
			}
		}
		if got != want.kind || c.Status != want.status {
			t.Errorf("%s: kind %q, status %d, expected %q, %d", text, got, c.Status, want.kind, want.status)
		}
	}
}

// TestEvent tells streams that begin with an error from others.
func TestEvent(t *testing.T) {
	for event, want := range map[string]struct {
		status int
		ok     bool
	}{
		"data: {\"error\": {\"code\": 503, \"message\": \"x\"}}\n\n":                                               {503, true},
		"event: error\r\ndata: {\"type\": \"error\", \"error\": {\"type\": \"overloaded_error\"}}\r\n\r\n":         {529, true},
		"data: {\"type\": \"error\", \"code\": \"rate_limit_exceeded\", \"message\": \"x\"}\n\n":                   {429, true},
		"data: {\"error\":\ndata: {\"type\": \"server_error\"}}\n\n":                                               {500, true},
		"event: error\ndata: no JSON\n\n":                                                                          {500, true},
		"data: {\"id\": \"c\", \"error\": null, \"choices\": [{\"delta\": {\"content\": \"\\\"error\\\"\"}}]}\n\n": {0, false},
		"event: message_start\ndata: {\"type\": \"message_start\"}\n\n":                                            {0, false},
		"data: [DONE]\n\n": {0, false},
		": wait\n\n":       {0, false},
	} {
		if c, ok := Event([]byte(event)); c.Status != want.status || ok != want.ok {
			t.Errorf("%q: status %d, %v, expected %d, %v", event, c.Status, ok, want.status, want.ok)
		}
	}
}
