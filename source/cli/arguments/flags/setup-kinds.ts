/** What `init` can write, with what it is for. */
export const SETUP_KINDS = {
	batch: 'settings for the files of a folder',
	watch: 'routes of a watched folder',
	serve: 'settings of a server',
	cluster: 'a queue, and workers that read the files of a run, in containers',
	docker: 'a container',
	compose: 'a server in containers, with HTTPS',
	shared: 'two servers that share all they have, with their database, in containers',
	systemd: 'a server, or a watched folder, as a service',
	k8s: 'a server in Kubernetes',
	'cloud-init': 'a server on a machine of AWS, Google Cloud, Azure …',
	grafana: 'a dashboard of what a server counts',
	alerts: 'alerts of Prometheus',
	proxy: 'Caddy or nginx in front of a server',
} as const;

export type SetupKind = keyof typeof SETUP_KINDS;

export const SETUP_NAMES = Object.keys(SETUP_KINDS) as readonly SetupKind[];
