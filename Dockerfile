# fileproc-tui in a container. The package lies beside this file: npm pack makes it in a clone, npm pack fileproc-tui fetches it.
#   docker build --tag fileproc-tui .
#   docker run --rm --volume "$PWD/data:/app/data:ro" fileproc-tui /app/data --json
#   docker compose up --detach        a server: see compose.yaml
FROM node:24-slim
COPY fileproc-tui-*.tgz /tmp/
# It brings no other packages along, so nothing is downloaded here.
RUN npm install --global --offline --no-audit --no-fund /tmp/fileproc-tui-*.tgz \
	&& rm -rf /tmp/fileproc-tui-*.tgz /root/.npm \
	&& mkdir -p /data /files /app \
	&& chown node:node /data /files /app
ENV FILEPROC_DATA=/data
# User 1000. A folder that is mounted must let it write, where it is to write.
USER node
WORKDIR /app
VOLUME /data
EXPOSE 8000
# It takes nothing further then, and finishes what it has begun.
STOPSIGNAL SIGTERM
# Of a server. Other commands end by themselves.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["node", "-e", "fetch('http://127.0.0.1:8000/readyz').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["fileproc-tui"]
CMD ["serve", "--listen", "0.0.0.0:8000"]
