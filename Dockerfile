# The operator's image. docs/image.md says what is in it, how it is checked, and how to verify a released one.

# Both are named by tag here. A bot puts a digest behind each (.github/renovate.json); where one is missing, a release looks it up,
# checks who signed the runtime, and builds on that very digest (.github/workflows/release.yaml).
ARG BUILDER=docker.io/library/node:24.21.0-trixie-slim
ARG RUNTIME=gcr.io/distroless/nodejs24-debian13:nonroot

# JavaScript is the same for every processor: it is made once, on the one that builds.
FROM --platform=$BUILDPLATFORM ${BUILDER} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY LICENSE tsconfig.json ./
COPY hack/build hack/build
COPY hack/run hack/run
COPY operator operator
RUN npm run build

# Node and what it needs: no shell, no package manager, nothing to install with.
FROM ${RUNTIME}
LABEL org.opencontainers.image.title="sunward" \
      org.opencontainers.image.description="Runs AI jobs where and when the power is clean, the GPUs are free and the data is near" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/sunward-dev/sunward" \
      org.opencontainers.image.documentation="https://github.com/sunward-dev/sunward/blob/main/docs/image.md"
COPY --from=build /src/LICENSE /src/dist/sunward.licences.txt /src/dist/main.js.LEGAL.txt /licenses/
COPY --from=build /src/dist/sunward.cdx.json /app/
COPY --from=build /src/dist/package.json /src/dist/main.js /src/dist/plan-worker.js /app/
WORKDIR /app
# By number, so that a kubelet sees that it isn't root. All files are root's: it can't change what it runs.
USER 65532:65532
# Metrics and health.
EXPOSE 8080
# The flag saves memory: docs/benchmarks.md.
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=8", "/app/main.js"]
