package upstream

import (
	"net/http"
	"strings"

	"github.com/routellm/routellm/internal/complaint"
)

// judge reads the beginning of an answer, and returns the failure that the answer stands for, or
// nil.
func (u *Upstream) judge(r Request, res *http.Response, a *answer) error {
	status := res.StatusCode
	switch {
	case status >= http.StatusBadRequest:
		if err := a.peek(4096, wholeError); err != nil && len(a.first) == 0 {
			return err
		}
		return u.verdict(r, status, complaint.Read(a.first))
	case strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream"):
		if err := a.peek(4096, firstEvent); err != nil {
			return err
		}
		if said, ok := complaint.Event(a.first); ok {
			return u.verdict(r, said.Status, said)
		}
	default:
		if err := a.peek(512, oddBeginning); err != nil && len(a.first) == 0 {
			return err
		}
		if said, ok := complaint.Object(a.first); ok && !oddBeginning(a.first) {
			return u.verdict(r, said.Status, said)
		}
	}
	return u.verdict(r, status, complaint.Complaint{})
}

// verdict returns the failure that a status and what the server says stand for, or nil.
func (u *Upstream) verdict(r Request, status int, said complaint.Complaint) error {
	kind := None
	switch {
	case status < http.StatusOK: // a switch of protocols that nobody asked for
		kind = Cut
	case status < http.StatusMultipleChoices:
		return nil
	case status < http.StatusBadRequest:
		kind = Redirected
	case refusesKey(status, said):
		if u.ClientKey {
			return nil
		}
		kind = Credentials
	case r.Seeks && (status == http.StatusNotFound || status == http.StatusBadRequest) && said.Stored():
		kind = NotKept
	case r.Generates && (status == http.StatusNotFound || said.UnknownModel()) && !said.Stored():
		kind = ModelNotFound
	case status == http.StatusTooManyRequests:
		return &Failure{Kind: RateLimited, Status: status, Quota: said.OutOfQuota() && !u.ClientKey}
	case status == http.StatusRequestEntityTooLarge || said.TooLong():
		kind = TooLong
	case said.Unable(r.Extent().Images, r.Extent().Tools):
		kind = Unable
	case status >= http.StatusInternalServerError:
		kind = ServerError
	default:
		return nil
	}
	return &Failure{Kind: kind, Status: status}
}

// refusesKey reports whether an answer says that the key is wrong, has no credit, or does not
// open the model.
func refusesKey(status int, said complaint.Complaint) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusPaymentRequired:
		return true
	case http.StatusForbidden:
		return !said.Flagged()
	}
	return said.Credential()
}
