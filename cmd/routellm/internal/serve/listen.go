package serve

import (
	"crypto/tls"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// start answers on a listener, with TLS if the server has a certificate. The error that ends this
// goes to ended.
func (s *Server) start(ln net.Listener, ended chan<- error) *http.Server {
	server := s.newHTTP(s)
	if !s.secure {
		s.log.Info("listening", append([]any{"address", "http://" + ln.Addr().String()}, s.state.Load().inForce()...)...)
		go func() { ended <- server.Serve(ln) }()
		return server
	}
	server.TLSConfig = &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return s.state.Load().certificate, nil },
	}
	s.log.Info("listening", append([]any{"address", "https://" + ln.Addr().String()}, s.state.Load().inForce()...)...)
	go func() { ended <- server.ServeTLS(ln, "", "") }()
	return server
}

// startMetrics answers on the listener for the metrics, if there is one, without TLS.
func (s *Server) startMetrics(ended chan<- error) *http.Server {
	server := s.newHTTP(s.metricsAddresses())
	server.WriteTimeout = time.Minute // nothing here takes long
	if s.Metrics != nil {
		s.log.Info("listening for metrics", "address", "http://"+s.Metrics.Addr().String())
		go func() { ended <- server.Serve(s.Metrics) }()
	}
	return server
}

// maxHeader is about the most bytes of a request's headers, read before anyone knows whose they
// are. The standard library's megabyte takes six of memory, and is more than models' servers accept:
// some break the connection, which looks as if they were ill. Node has the same limit.
const maxHeader = 16 << 10

func (s *Server) newHTTP(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		MaxHeaderBytes:    maxHeader,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		HTTP2:             &http.HTTP2Config{SendPingTimeout: time.Minute, PingTimeout: 15 * time.Second, WriteByteTimeout: time.Minute},
		ErrorLog:          log.New(httpErrors{s}, "", 0),
	}
}

// httpErrors logs the errors of net/http. Connections without a handshake, which load balancers
// open to see whether the server lives, are logged seldom.
type httpErrors struct{ *Server }

// Write logs one line.
func (e httpErrors) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	if strings.Contains(text, "TLS handshake error") {
		e.faults.rarely.Log(slog.LevelWarn, "handshake", text)
	} else {
		e.log.Warn(text)
	}
	return len(line), nil
}

// metricsAddresses answers at the listener for the metrics.
func (h *Handler) metricsAddresses() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		h.scraped(w, r, h.state.Load().access.AdmitScrape(r))
	})
	mux.HandleFunc("GET /health", h.health)
	mux.HandleFunc("GET /ready", h.ready)
	mux.HandleFunc("/", h.notFound)
	return mux
}

// ownMetrics answers GET /metrics at the server's own address, unless the metrics have another.
func (h *Handler) ownMetrics(w http.ResponseWriter, r *http.Request) {
	st := h.state.Load()
	if st.MetricsListen != "" {
		h.notFound(w, r)
		return
	}
	h.scraped(w, r, st.access.AdmitMetrics(r))
}

// notFound answers a request for an address that does not exist.
func (h *Handler) notFound(w http.ResponseWriter, r *http.Request) {
	h.reject(w, http.StatusNotFound, apiError{Message: "no such address: " + r.Method + " " + r.URL.Path, Code: "not_found"})
}

// warn logs what operators should know about the settings.
func (s *Server) warn(set Settings) {
	for _, w := range set.Warnings(s.state.Load().certificate) {
		s.log.Warn(w)
	}
}
