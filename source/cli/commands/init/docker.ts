// A container, and one with a proxy in front of it.
import {flag, PORT, type Setup, type SetupFile, variable} from './setup.ts';

const READY = `fetch('http://127.0.0.1:${PORT}/readyz').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`;

export const dockerfile: SetupFile = {
	name: 'Dockerfile',
	text: `# fileproc-tui in a container. The package lies beside this file: npm pack makes it in a clone, npm pack fileproc-tui fetches it.
#   docker build --tag fileproc-tui .
#   docker run --rm --volume "$PWD/data:/app/data:ro" fileproc-tui /app/data --json
#   docker compose up --detach        a server: see compose.yaml
FROM node:24-slim
COPY fileproc-tui-*.tgz /tmp/
# It brings no other packages along, so nothing is downloaded here.
RUN npm install --global --offline --no-audit --no-fund /tmp/fileproc-tui-*.tgz \\
	&& rm -rf /tmp/fileproc-tui-*.tgz /root/.npm \\
	&& mkdir -p /data /files /app \\
	&& chown node:node /data /files /app
ENV ${variable('data')}=/data
# User 1000. A folder that is mounted must let it write, where it is to write.
USER node
WORKDIR /app
VOLUME /data
EXPOSE ${PORT}
# It takes nothing further then, and finishes what it has begun.
STOPSIGNAL SIGTERM
# Of a server. Other commands end by themselves.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["node", "-e", "${READY}"]
ENTRYPOINT ["fileproc-tui"]
CMD ["serve", "${flag('listen')}", "0.0.0.0:${PORT}"]
`,
};

export const dockerignore: SetupFile = {
	name: '.dockerignore',
	text: '# Nothing but the package is part of the image.\n*\n!fileproc-tui-*.tgz\n',
};

export const docker = (): Setup => ({
	files: [dockerfile, dockerignore],
	next: [
		'npm pack                                in a clone, or npm pack fileproc-tui: puts the package beside the Dockerfile',
		'docker build --tag fileproc-tui .',
		'docker run --rm --volume "$PWD/data:/app/data:ro" fileproc-tui /app/data --json',
	],
});

/** Of the network between the two, so that the server knows whose word on other machines counts. */
export const SUBNET = '172.31.77.0/24';

const composeFile: SetupFile = {
	name: 'compose.yaml',
	text: `# fileproc-tui as a server for a team, with Caddy in front of it for HTTPS.
# The first account is made before the first start, and prints a password that has to be changed at the first login:
#   docker compose run --rm app users add admin ${flag('role')} admin
#   SITE_ADDRESS=files.example.org docker compose up --detach
#   docker compose logs --follow app
# Without SITE_ADDRESS it is https://localhost, with a certificate that browsers warn of.
# With workers that read its files, by a queue on Redis, what goes through it signed:
#   echo "${variable('queue-secret')}=$(openssl rand -hex 32)" > .env && echo '${variable('queue')}=redis://redis:6379' >> .env
#   docker compose --profile redis up --detach --scale worker=3
# The same on PostgreSQL: --profile postgres, a POSTGRES_PASSWORD in .env as well, and
#   ${variable('queue')}=postgres://fileproc:\${POSTGRES_PASSWORD}@postgres/fileproc
name: fileproc
x-fileproc: &fileproc
  build: .
  image: fileproc-tui
  environment:
    ${variable('data')}: /data
    # Without a value: as in .env, if it is there.
    ${variable('queue')}:
    ${variable('queue-secret')}:
  networks: [inside]
  restart: unless-stopped
  init: true
  read_only: true
  tmpfs: [/tmp]
  cap_drop: [ALL]
  security_opt: ['no-new-privileges:true']
  stop_grace_period: 60s
services:
  app:
    <<: *fileproc
    command: [serve, ${flag('listen')}, '0.0.0.0:${PORT}', ${flag('trust-proxy')}, ${SUBNET}]
    # More settings, if there is such a file: "fileproc-tui init serve" writes one.
    env_file:
      - path: fileproc-serve.env
        required: false
    volumes:
      - data:/data
  worker:
    <<: *fileproc
    command: [worker]
    profiles: [redis, postgres]
    # It only reads, at the places where the server has them.
    volumes:
      - data:/data:ro
    # That of the image asks a server.
    healthcheck: {disable: true}
  redis:
    image: redis:8
    profiles: [redis]
    # What waits must not be thrown away, and is there again after a restart.
    command: [redis-server, --maxmemory-policy, noeviction, --appendonly, 'yes']
    volumes:
      - redis:/data
    networks: [inside]
    restart: unless-stopped
  postgres:
    image: postgres:18
    profiles: [postgres]
    environment:
      POSTGRES_USER: fileproc
      POSTGRES_PASSWORD:
    volumes:
      - postgres:/var/lib/postgresql
    networks: [inside]
    restart: unless-stopped
  proxy:
    image: caddy:2
    environment:
      SITE_ADDRESS: \${SITE_ADDRESS:-localhost}
      UPSTREAM: app:${PORT}
    ports: ['80:80', '443:443', '443:443/udp']
    volumes:
      - ./Caddyfile:/etc/caddy/Caddyfile:ro
      - certificates:/data
    networks: [inside]
    restart: unless-stopped
    depends_on:
      app:
        condition: service_healthy
networks:
  inside:
    ipam:
      config:
        - subnet: ${SUBNET}
volumes:
  data:
  redis:
  postgres:
  certificates:
`,
};

export const compose = (caddyfile: SetupFile): Setup => ({
	files: [composeFile, dockerfile, dockerignore, caddyfile],
	next: [
		'npm pack                                in a clone, or npm pack fileproc-tui: puts the package beside the Dockerfile',
		`docker compose run --rm app users add admin ${flag('role')} admin`,
		'docker compose up --detach              then https://localhost, or SITE_ADDRESS=files.example.org',
		'fileproc-tui help workers               what the workers in compose.yaml are for',
	],
});
