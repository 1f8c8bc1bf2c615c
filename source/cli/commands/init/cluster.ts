// A queue and workers in containers, and the run that they read files for.
import {dockerfile, dockerignore} from './docker.ts';
import {type Setup, variable} from './setup.ts';

const text = `# Files of ./data, read by workers. All containers see them at the same place; what goes through the queue is signed.
#   echo "${variable('queue-secret')}=$(openssl rand -hex 32)" > .env
#   docker compose --file compose.cluster.yaml up --detach --scale worker=3
#   docker compose --file compose.cluster.yaml run --rm run /data --json
# The same on PostgreSQL:
#   echo "POSTGRES_PASSWORD=$(openssl rand -hex 32)" >> .env
#   echo '${variable('queue')}=postgres://fileproc:\${POSTGRES_PASSWORD}@postgres/fileproc' >> .env
#   docker compose --file compose.cluster.yaml --profile postgres up --detach
name: fileproc-cluster
x-fileproc: &fileproc
  build: .
  image: fileproc-tui
  environment:
    ${variable('queue')}: \${${variable('queue')}:-redis://redis:6379}
    ${variable('queue-secret')}: \${${variable('queue-secret')}:?put it into .env}
  volumes:
    - ./data:/data:ro
  # That of the image asks a server, which is not here.
  healthcheck: {disable: true}
  init: true
  read_only: true
  tmpfs: [/tmp]
  cap_drop: [ALL]
  security_opt: ['no-new-privileges:true']
services:
  worker:
    <<: *fileproc
    command: [worker]
    restart: unless-stopped
    # It gives back what takes longer.
    stop_grace_period: 60s
  run:
    <<: *fileproc
    command: [/data, --json]
    # Only when it is asked for.
    profiles: [run]
  redis:
    image: redis:8
    # What waits must not be thrown away, and is there again after a restart.
    command: [redis-server, --maxmemory-policy, noeviction, --appendonly, 'yes']
    volumes:
      - redis:/data
    restart: unless-stopped
  postgres:
    image: postgres:18
    profiles: [postgres]
    environment:
      POSTGRES_USER: fileproc
      POSTGRES_PASSWORD:
    volumes:
      - postgres:/var/lib/postgresql
    restart: unless-stopped
volumes:
  redis:
  postgres:
`;

export const cluster = (): Setup => ({
	files: [{name: 'compose.cluster.yaml', text}, dockerfile, dockerignore],
	next: [
		'npm pack                                in a clone, or npm pack fileproc-tui: puts the package beside the Dockerfile',
		`echo "${variable('queue-secret')}=$(openssl rand -hex 32)" > .env`,
		'docker compose --file compose.cluster.yaml up --detach --scale worker=3',
		'docker compose --file compose.cluster.yaml run --rm run /data --json',
		'fileproc-tui help workers               the same without containers',
	],
});
