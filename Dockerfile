# Twinline in one image: the same installer, the same programs, the same data folder (/data) as "npm start".
# Untested as an image (no Docker engine was at hand): its steps were run in a Debian 12 chroot.
#
#   docker build -t twinline .        then see engine/compose.yaml
#   docker compose -f engine/compose.yaml exec twinline npm run -s admin -- password admin        likewise metrics, sim

FROM node:24-bookworm-slim AS build
WORKDIR /twinline
COPY . .
# As root the installer adds what the build needs: packages from npm, the media worker (prebuilt, else compiled), the pages.
RUN XDG_CACHE_HOME=/cache node engine/setup.mjs \
 && mv /cache/twinline/media-worker/*/mediasoup-worker /usr/local/bin/ \
 && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
# Libraries of the media worker, where it was compiled.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libuv1 libssl3 libsrtp2-1 libflatbuffers2 \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node -m 0750 /data
COPY --from=build /usr/local/bin/mediasoup-worker /usr/local/bin/
COPY --from=build /twinline /twinline
WORKDIR /twinline
# Not root: PostgreSQL refuses to be, and nothing else needs to.
USER node
ENV MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker TWINLINE_DATA=/data NODE_ENV=production
VOLUME /data
EXPOSE 8443 30000-30003/tcp 30000-30003/udp
CMD ["node_modules/.bin/node", "engine/supervisor.ts"]
