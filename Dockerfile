# syntax=docker/dockerfile:1

# The same Node that package.json pins. Pin by digest when building for production: docker buildx imagetools inspect node:26.10.0-bookworm-slim
FROM node:26.10.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Scripts are not needed: the only one installs the Node that this image already is.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM node:26.10.0-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
# The embedded inbox, unless DATABASE_URL is set: keep it on a volume.
RUN install --directory --owner=node --group=node --mode=700 /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# As `npm start` does. What a burst leaves behind is collected before there is as much of it again as of what is in use: V8 would
# wait until there is a multiple, and memory that it has taken once is seldom given back.
CMD ["node", "--max-semi-space-size=2", "--heap-growing-percent=100", "src/main.ts"]
