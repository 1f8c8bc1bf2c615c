// The dashboard of one's tasks on a terminal that has come by SSH: as `attach` shows it, in the colours, the size and the language of that terminal.
import {Connection} from '../../../client/connection.ts';
import {version} from '../../../engine/version.ts';
import type {PastRuns} from '../../../model/past-runs.ts';
import type {ChannelTerminal} from '../../../ssh/channel-terminal.ts';
import type {SessionContext} from '../../../ssh/serve-session.ts';
import {safe} from '../../../text/safe.ts';
import {runDashboard} from '../../../ui/dashboard.tsx';
import {decideLook, decideUse} from '../../arguments/look.ts';
import {parseArguments} from '../../arguments/options.ts';
import type {LookSettings} from '../../arguments/settings.ts';
import {UsageError} from '../../arguments/usage-error.ts';
import {isInteractive} from '../../process/terminal-capabilities.ts';
import {followServer} from '../attach/follow-server.ts';
import type {TaskLogs} from '../attach/task-log.ts';
import {CHANGING} from '../attach/unavailable.ts';
import {exitCodes} from '../exit-codes.ts';
import {type SshPlace, userAgent} from './ssh-command.ts';

export interface DashboardPlace extends SshPlace {
	/** What people know the server by. */
	readonly name: string;
	/** What the dashboards of an account show is read once for all of them. */
	readonly logs: TaskLogs;
}

/** @param mayRun - Whether the role may cancel tasks and try them again. */
export async function sshDashboard(
	{origin, name, logs}: DashboardPlace,
	terminal: ChannelTerminal,
	{visitor, env, signal}: SessionContext,
	mayRun: boolean,
): Promise<number> {
	const {input, output} = terminal;
	const settings = readLook(origin, env);
	if (typeof settings === 'string' || !isInteractive(true, env)) {
		const reason = typeof settings === 'string' ? settings : 'This terminal cannot show the dashboard (TERM=dumb).';
		output.write(`${safe(reason)}\r\n`);
		return exitCodes.usage;
	}
	const messages = createMessages();
	const connection = new Connection({origin, token: visitor.token, userAgent: userAgent()});
	const look = decideLook(settings, {stdout: output, env});
	const log = logs.of(visitor.account);
	const run = await followServer(connection, {framesPerSecond: look.fps, onMessage: messages.add, log});
	try {
		// Files of the server's machine are not for who comes from another one, and nothing is saved there for them.
		const {upload: _upload, save: _save, ...control} = run.control;
		const pastRuns = run.pastRuns && withoutSaving(run.pastRuns);
		await runDashboard({
			...decideUse(settings, {env}),
			...{store: run.store, control, now: run.now, connection: run.connection, env, messages},
			...{pastRuns, watched: run.watched},
			// Colours are those of the richest terminal of the process: a theme without them has none.
			look: look.colorLevel === 0 ? {...look, theme: 'mono'} : look,
			stdin: input as unknown as NodeJS.ReadStream,
			stdout: output as unknown as NodeJS.WriteStream,
			title: `${name} · ${visitor.name} (${visitor.role})`,
			unavailable: mayRun ? run.unavailable : [...CHANGING, ...run.unavailable],
			leave: signal,
			isOneOfMany: true,
			onForceQuit() {},
		});
		return exitCodes.ok;
	} finally {
		run.close();
		connection.close();
	}
}

const withoutSaving = ({save: _, ...pastRuns}: PastRuns): PastRuns => pastRuns;

/** @returns A sentence where a variable of the client cannot be used. */
function readLook(origin: string, env: SessionContext['env']): LookSettings | string {
	try {
		const command = parseArguments(['attach', origin], {
			...{env, packageJson: {name: 'fileproc-tui', version}},
			readConfigs: () => [],
		});
		if (command.name !== 'attach') throw new Error(`Expected attach, but got ${command.name}`);
		return command.look;
	} catch (error) {
		if (error instanceof UsageError) return error.message;
		throw error;
	}
}

/** So many are shown again to a dashboard that begins to listen. */
const KEPT = 20;

function createMessages() {
	const listeners = new Set<(line: string) => void>();
	const kept: string[] = [];
	return {
		add(line: string): void {
			if (kept.length < KEPT) kept.push(line);
			for (const listener of listeners) listener(line);
		},
		subscribe(listener: (line: string) => void): () => void {
			for (const line of kept) listener(line);
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		release() {},
	};
}
