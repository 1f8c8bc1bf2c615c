// The SSH side of a server: keys, and what a session may do.
import {hostname} from 'node:os';
import {join} from 'node:path';
import {Connection} from '../../../client/connection.ts';
import {version} from '../../../engine/version.ts';
import {ACTIONS} from '../../../server/actions.ts';
import {Problem} from '../../../server/problem.ts';
import {mayCall, ROLES, type Role} from '../../../server/roles.ts';
import type {RunningServer} from '../../../server/serve.ts';
import type {Visit} from '../../../server/visits.ts';
import {readAuthorizedKeys} from '../../../ssh/authorized-keys.ts';
import {openHostKey} from '../../../ssh/host-key.ts';
import type {Login, PasswordAnswer, PasswordLogin, Visitor} from '../../../ssh/log-in.ts';
import {isRsync} from '../../../ssh/rsync/read-request.ts';
import {endSessionOf, type SessionContext} from '../../../ssh/serve-session.ts';
import type {SftpTree} from '../../../ssh/sftp/tree.ts';
import {type RunningSshServer, startSshServer} from '../../../ssh/ssh-server.ts';
import type {SshFlags} from '../../arguments/read-serve-flags.ts';
import {handleFaultsBy} from '../../process/fault-handling.ts';
import {TaskLogs} from '../attach/task-log.ts';
import {DropBox} from './sftp/drop-box.ts';
import {WatchedBox} from './sftp/watched-box.ts';
import {type SshRights, sshCommand, userAgent} from './ssh-command.ts';
import {sshDashboard} from './ssh-dashboard.ts';
import {sshRsync} from './ssh-rsync.ts';

export interface SshSurroundings {
	readonly server: RunningServer;
	readonly dataFolder: string;
	/** That is watched beside; `null`: none is. */
	readonly watchedFolder: string | null;
	readonly sessionIdleMs: number;
	readonly sessionTtlMs: number;
	readonly onFault: (error: unknown) => void;
	readonly say: (sentence: string) => void;
}

export interface OpenSsh extends RunningSshServer {
	readonly fingerprint: string;
	/** Where keys of people stand. */
	readonly keysFile: string;
	/** Whether there was somebody who may come in when it began. */
	readonly isOfUse: boolean;
}

/** @throws {SshError} */
export async function openSsh(
	{host, port, keysFile: namedFile, takesPasswords}: SshFlags,
	surroundings: SshSurroundings,
): Promise<OpenSsh> {
	const {server, dataFolder, watchedFolder, sessionIdleMs, sessionTtlMs, onFault} = surroundings;
	const hostKey = await openHostKey(dataFolder);
	const keysFile = namedFile ?? join(dataFolder, 'authorized_keys');
	const place = {origin: server.internalUrl, name: hostname(), logs: new TaskLogs(server.internalUrl)};
	handleFaultsBy(endSessionOf);
	const openTree = ({visitor, signal}: SessionContext, tell: (sentence: string) => void): SftpTree => {
		const connection = new Connection({origin: place.origin, token: visitor.token, userAgent: userAgent()});
		const role = toRole(visitor.role);
		// Who has an account has files of their own.
		if (watchedFolder !== null && !visitor.hasAccount) return new WatchedBox(connection, watchedFolder, role);
		return new DropBox(connection, {role, signal, tell});
	};
	const ssh = await startSshServer({
		...{host, port, hostKey, version, onFault},
		limits: {
			...{maxConnections: 200, maxPerAddress: 100, maxPending: 50, maxPendingPerAddress: 20, maxAttempts: 10},
			// Who is asked for a password and a code needs time for them.
			loginMs: takesPasswords ? 120_000 : 20_000,
			...{idleMs: sessionIdleMs, totalMs: sessionTtlMs},
		},
		logIn: createLogin(keysFile, takesPasswords, surroundings),
		handlers: {
			shell: (terminal, context) => sshDashboard(place, terminal, context, rightsOf(context).run),
			files: openTree,
			exec: (text, channel, context) =>
				isRsync(text)
					? sshRsync(text, channel, context, {
							role: toRole(context.visitor.role),
							openTree: tell => openTree(context, tell),
						})
					: sshCommand(place, text, channel, context, rightsOf(context)),
		},
	});
	const {keys} = await readAuthorizedKeys(keysFile, ROLES);
	return {...ssh, fingerprint: hostKey.fingerprint, keysFile, isOfUse: takesPasswords || keys.length > 0};
}

/** A key that says nothing of a role may only look. */
const LEAST: Role = 'viewer';

const rightsOf = ({visitor}: SessionContext): SshRights => ({
	run: mayCall(toRole(visitor.role), ACTIONS.start.role),
	readObjects: mayCall(toRole(visitor.role), ACTIONS['read-object'].role),
});

const toRole = (text: string | null): Role => ROLES.find(role => role === text) ?? LEAST;

function createLogin(path: string, takesPasswords: boolean, {server, say}: SshSurroundings): Login {
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
			return visit === null ? null : visitorOf(visit, guest.hasAccount ? visit.user.name : name, guest.hasAccount);
		},
		byPassword: takesPasswords ? (login, address) => enterBy(server, login, address) : null,
	};
}

const visitorOf = ({token, user, end, ended}: Visit, name: string, hasAccount: boolean): Visitor => ({
	...{name, role: user.role, hasAccount, account: user.id, token, end, ended},
});

async function enterBy(server: RunningServer, login: PasswordLogin, address: string): Promise<PasswordAnswer> {
	try {
		const visit = await server.visitBy(login, address);
		return {type: 'in', visitor: visitorOf(visit, visit.user.name, true)};
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		if (error.code === 'SECOND_FACTOR_NEEDED') return {type: 'code'};
		return {type: 'refused', reason: error.message};
	}
}
