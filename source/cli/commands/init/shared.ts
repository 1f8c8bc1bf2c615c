// Two servers that are one, with their database and a proxy in front, in containers.
import {dockerfile, dockerignore, SUBNET} from './docker.ts';
import {flag, PORT, type Setup, type SetupFile, variable} from './setup.ts';

const FILE = 'compose.shared.yaml';

const text = `# Two servers that share accounts, files and tasks, with Caddy in front of them. On several machines the volume "files" is a network drive.
#   echo "METADATA_PASSWORD=$(openssl rand -hex 32)" > .env
# The first account is made before the first start, and prints a password that has to be changed at the first login:
#   docker compose --file ${FILE} run --rm app-1 users add admin ${flag('role')} admin
#   SITE_ADDRESS=files.example.org docker compose --file ${FILE} up --detach
name: fileproc-shared
x-app: &app
  build: .
  image: fileproc-tui
  command: [serve, ${flag('listen')}, '0.0.0.0:${PORT}', ${flag('trust-proxy')}, ${SUBNET}]
  # More settings, the same for both, if there is such a file: "fileproc-tui init serve" writes one.
  env_file:
    - path: fileproc-serve.env
      required: false
  environment:
    # Nobody else is on this network.
    ${variable('metadata')}: postgres://fileproc:\${METADATA_PASSWORD:?put it into .env}@postgres/fileproc?sslmode=disable
    ${variable('shared-files')}: /files
    # A copy of its own of all but the files.
    ${variable('data')}: /data
  networks: [inside]
  restart: unless-stopped
  init: true
  read_only: true
  tmpfs: [/tmp]
  cap_drop: [ALL]
  security_opt: ['no-new-privileges:true']
  stop_grace_period: 60s
services:
  app-1:
    <<: *app
    volumes:
      - data-1:/data
      - files:/files
    depends_on:
      postgres:
        condition: service_healthy
  app-2:
    <<: *app
    volumes:
      - data-2:/data
      - files:/files
    depends_on:
      postgres:
        condition: service_healthy
  postgres:
    image: postgres:18
    environment:
      POSTGRES_USER: fileproc
      POSTGRES_PASSWORD: \${METADATA_PASSWORD:?put it into .env}
    volumes:
      - postgres:/var/lib/postgresql
    networks: [inside]
    restart: unless-stopped
    healthcheck:
      test: [CMD, pg_isready, --username, fileproc]
      interval: 5s
      retries: 20
  proxy:
    image: caddy:2
    environment:
      SITE_ADDRESS: \${SITE_ADDRESS:-localhost}
      UPSTREAM: app-1:${PORT} app-2:${PORT}
    ports: ['80:80', '443:443', '443:443/udp']
    volumes:
      - ./Caddyfile:/etc/caddy/Caddyfile:ro
      - certificates:/data
    networks: [inside]
    restart: unless-stopped
    depends_on: [app-1, app-2]
networks:
  inside:
    ipam:
      config:
        - subnet: ${SUBNET}
volumes:
  data-1:
  data-2:
  files:
  postgres:
  certificates:
`;

export const shared = (caddyfile: SetupFile): Setup => ({
	files: [{name: FILE, text}, dockerfile, dockerignore, caddyfile],
	next: [
		'npm pack                                in a clone, or npm pack fileproc-tui: puts the package beside the Dockerfile',
		'echo "METADATA_PASSWORD=$(openssl rand -hex 32)" > .env',
		`docker compose --file ${FILE} run --rm app-1 users add admin ${flag('role')} admin`,
		`docker compose --file ${FILE} up --detach`,
	],
});
