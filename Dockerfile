FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json vite.config.js ./
COPY migrations migrations
COPY src src
COPY docs/openapi docs/openapi
COPY ui ui
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/var/lib/symbolon
WORKDIR /app
# Only the embedded database writes there; a volume that is mounted on it belongs to the user, too.
RUN install --directory --owner=node --group=node --mode=0700 /var/lib/symbolon
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
RUN ln -s /app/dist/src/cli/main.js /usr/local/bin/symbolon
USER node
EXPOSE 8080 9000
# The certificate is not checked: it names the server's public host, not this loopback address.
HEALTHCHECK --interval=10s --timeout=10s --start-period=30s --start-interval=1s --retries=3 CMD ["node", "-e", "const { PORT = 8080, TLS_CERT_FILE } = process.env; process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; fetch(`http${TLS_CERT_FILE ? 's' : ''}://127.0.0.1:${PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["symbolon", "serve"]
