package upstream

import "net/http"

// StatusGone is logged as the status if the client left before an answer.
const StatusGone = 499

// Reply returns the status and the message with which the client hears of a failure if no upstream
// answered.
func (k Kind) Reply() (status int, message string) {
	r := replies[k]
	return r.status, r.message
}

var replies = map[Kind]struct {
	status  int
	message string
}{
	ClientGone:  {StatusGone, "the client has left"},
	Refused:     {http.StatusBadGateway, "the model's server could not be reached"},
	Local:       {http.StatusServiceUnavailable, "this server has no connection to the model left: try again later"},
	SlowHeader:  {http.StatusGatewayTimeout, "the model's server did not answer in time"},
	Idle:        {http.StatusGatewayTimeout, "the model's server did not answer in time"},
	Cut:         {http.StatusBadGateway, "the model's server broke the connection"},
	BreakerOpen: {http.StatusServiceUnavailable, "the model's server failed repeatedly and gets no requests for a while: try again later"},

	Credentials:   {http.StatusBadGateway, "the model's server does not accept this server's own key, or it has no credit; the key of your request is not the reason"},
	ModelNotFound: {http.StatusBadGateway, "the model's server does not know the model or the address that this server is set to; your request is not the reason"},
	Redirected:    {http.StatusBadGateway, "the model's server sends requests to another address, which this server does not follow; your request is not the reason"},
}
