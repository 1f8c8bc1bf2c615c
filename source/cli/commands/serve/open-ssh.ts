// The SSH side of a server: keys, and what a session may do.
import {hostname} from 'node:os';
import {join} from 'node:path';
import {version} from '../../../engine/version.ts';
import {mayCall, ROLES, type Role} from '../../../server/roles.ts';
import type {RunningServer} from '../../../server/serve.ts';
import {readAuthorizedKeys} from '../../../ssh/authorized-keys.ts';
import {openHostKey} from '../../../ssh/host-key.ts';
import type {Login} from '../../../ssh/serve-client.ts';
import {endSessionOf, type SessionContext} from '../../../ssh/serve-session.ts';
import {type RunningSshServer, startSshServer} from '../../../ssh/ssh-server.ts';
import {handleFaultsBy} from '../../process/fault-handling.ts';
import {sshCommand} from './ssh-command.ts';
import {sshDashboard} from './ssh-dashboard.ts';

export interface SshFlags {
	readonly host: string;
	readonly port: number;
	/** `null`: `authorized_keys` in the folder of the server. */
	readonly keysFile: string | null;
}

export interface SshSurroundings {
	readonly server: RunningServer;
	readonly dataFolder: string;
	readonly maxUploadBytes: number;
	readonly sessionIdleMs: number;
	readonly sessionTtlMs: number;
	readonly onFault: (error: unknown) => void;
	readonly say: (sentence: string) => void;
}

export interface OpenSsh extends RunningSshServer {
	readonly fingerprint: string;
}

/** @throws {SshError} */
export async function openSsh({host, port, keysFile}: SshFlags, surroundings: SshSurroundings): Promise<OpenSsh> {
	const {server, dataFolder, maxUploadBytes, sessionIdleMs, sessionTtlMs, onFault} = surroundings;
	const hostKey = await openHostKey(dataFolder);
	const place = {origin: server.internalUrl, maxUploadBytes, name: hostname()};
	handleFaultsBy(endSessionOf);
	const ssh = await startSshServer({
		...{host, port, hostKey, version, onFault},
		limits: {
			...{maxConnections: 200, maxPerAddress: 100, maxPending: 50, loginMs: 20_000, maxAttempts: 10},
			...{idleMs: sessionIdleMs, totalMs: sessionTtlMs},
		},
		logIn: createLogin(keysFile ?? join(dataFolder, 'authorized_keys'), surroundings),
		handlers: {
			shell: (terminal, context) => sshDashboard(place, terminal, context, mayRun(context)),
			exec: (text, channel, context) => sshCommand(place, text, channel, context, mayRun(context)),
		},
	});
	return {...ssh, fingerprint: hostKey.fingerprint};
}

/** A key that says nothing of a role may only look. */
const LEAST: Role = 'viewer';

const mayRun = ({visitor}: SessionContext): boolean => mayCall(toRole(visitor.role), 'user');

const toRole = (text: string | null): Role => ROLES.find(role => role === text) ?? LEAST;

function createLogin(path: string, {server, say}: SshSurroundings): Login {
	const said = new Set<string>();
	return {
		async keys() {
			const {keys, faults} = await readAuthorizedKeys(path, ROLES);
			for (const fault of faults) {
				if (!said.has(fault)) say(fault);
				said.add(fault);
			}
			return keys;
		},
		async begin(name, key, {address, fingerprint}) {
			const guest = server.guestNamed(name);
			// Where there are accounts, a key is that of one of them.
			if (guest === null || (guest.hasAccount && key.user !== name)) return null;
			const visit = await server.visits.begin(guest, toRole(key.role), {address, key: fingerprint});
			if (visit === null) return null;
			return {
				name: guest.hasAccount ? visit.user.name : name,
				role: visit.user.role,
				token: visit.token,
				end: visit.end,
			};
		},
	};
}
