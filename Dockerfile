# Serves routellm from an image with nothing but the static program and the certificates of
# certificate authorities. Build arguments: TAGS=otel adds OpenTelemetry, VERSION names the build.
#
#   docker build -t routellm .
#   docker run -p 6060:6060 -v ./serve.yaml:/etc/routellm/serve.yaml:ro routellm

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TAGS=""
ARG VERSION=""
RUN CGO_ENABLED=0 go build -trimpath -tags "$TAGS" -ldflags "-s -w -X github.com/routellm/routellm/internal/version.release=$VERSION" -o /out/routellm ./cmd/routellm
RUN mkdir -p /out/etc/ssl/certs /out/etc/routellm /out/var/lib/routellm /out/tmp \
 && cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ \
 && echo 'routellm:x:65532:65532::/var/lib/routellm:/sbin/nologin' > /out/etc/passwd \
 && chown 65532:65532 /out/var/lib/routellm && chmod 1777 /out/tmp

FROM scratch
ARG VERSION=""
LABEL org.opencontainers.image.title="routellm" \
      org.opencontainers.image.description="Evaluate, calibrate, train and serve LLM routers" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION"
COPY --from=build /out/ /
USER 65532:65532
WORKDIR /var/lib/routellm
ENV ROUTELLM_LISTEN=0.0.0.0:6060
EXPOSE 6060
VOLUME /var/lib/routellm
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s \
  CMD ["/routellm", "serve", "--config", "/etc/routellm/serve.yaml", "--probe"]
ENTRYPOINT ["/routellm"]
CMD ["serve", "--config", "/etc/routellm/serve.yaml"]
