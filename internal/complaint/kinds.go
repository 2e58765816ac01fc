package complaint

import "regexp"

// TooLong reports whether the request is longer than the model's context.
func (c Complaint) TooLong() bool {
	return c.says("context_length", "context length", "context size", "context window", "context limit", "exceed_context", "contextlength",
		"prompt is too long", "prompt too long", "input is too long", "string_above_max_length",
		"maximum prompt length", "maximum number of tokens allowed", "too many tokens", "max_new_tokens` must be", "reduce the length of")
}

// Unable reports whether the error is about something that the request has and the model does not
// take: images or another medium, or tools.
func (c Complaint) Unable(images, tools bool) bool {
	return images && c.says("image", "vision", "multimodal", "multi-modal", "mmproj", "modalit", "audio", "video", "file", "document", "content type", "content part", "unknown variant", "expected a string", "valid string") ||
		tools && c.says("tool", "function", "jinja") && c.says("support", "requires", "enable", "not allowed", "not implemented")
}

// Credential reports whether the key is wrong or has no credit, whatever the status.
func (c Complaint) Credential() bool {
	return c.says("api key not valid", "api_key_invalid", "invalid_api_key", "incorrect api key", "credit balance", "api key expired")
}

// Flagged reports whether the request's content is not allowed, whatever the key.
func (c Complaint) Flagged() bool {
	return c.says("moderation", "flagged", "content_filter", "content policy")
}

// UnknownModel reports whether the server does not know the model, whatever the status.
func (c Complaint) UnknownModel() bool {
	return c.says("model_not_found", "not a valid model", "invalid model", "model not exist", "unknown model", "no such model", "deploymentnotfound")
}

// OutOfQuota reports whether a limit is one of credit and not of rate: waiting does not help.
func (c Complaint) OutOfQuota() bool { return c.says("insufficient_quota", "billing_hard_limit") }

// stored matches the id of something that a server stores for a client.
var stored = regexp.MustCompile(`\b(conv|resp|msg|item|rs|fc|call|file|vs|pmpt|cntr|batch|thread|asst)_[a-z0-9]`)

// Stored reports whether what was not found is something that the client refers to, such as a
// conversation, and not the model.
func (c Complaint) Stored() bool {
	return !c.says("model_not_found") && (stored.MatchString(c.words) || c.says("with id", "previous_response", "conversation"))
}
