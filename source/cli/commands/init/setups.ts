// All that `init` can write, by its name.
import type {SetupKind} from '../../arguments/flags/setup-kinds.ts';
import {alerts} from './alerts.ts';
import {cloudInit, k8s} from './cloud.ts';
import {cluster} from './cluster.ts';
import {compose, docker} from './docker.ts';
import {grafana} from './grafana.ts';
import {caddyfile, proxy} from './proxy.ts';
import {batch, serve, watch} from './scenarios.ts';
import type {Setup} from './setup.ts';
import {shared} from './shared.ts';
import {systemd} from './systemd.ts';

export const SETUPS: Readonly<Record<SetupKind, () => Setup>> = {
	batch,
	watch,
	serve,
	cluster,
	docker,
	compose: () => compose(caddyfile),
	shared: () => shared(caddyfile),
	systemd,
	k8s,
	'cloud-init': cloudInit,
	grafana,
	alerts,
	proxy,
};
