// `fileproc-tui serve`: many users share one engine, over HTTP. It runs until it is told to end.
import {randomUUID} from 'node:crypto';
import {resolve} from 'node:path';
import type {OpenCluster} from '../../cluster/open-cluster.ts';
import {version} from '../../engine/version.ts';
import {LedgerError} from '../../ledger/ledger-error.ts';
import {PipelineError} from '../../pipeline/routes/pipeline-error.ts';
import {type RunningServer, startServer} from '../../server/serve.ts';
import {ServeError} from '../../server/serve-error.ts';
import type {WriteLog} from '../../server/server-log.ts';
import {SshError} from '../../ssh/ssh-error.ts';
import {safe} from '../../text/safe.ts';
import {codeOf, messageOf} from '../../text/system-error.ts';
import {WatchError} from '../../watch/watch-error.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {ServeCommand} from '../arguments/read-serve-flags.ts';
import type {LogOptions, OpenLog} from '../outputs/open-log.ts';
import {listenForInterruption} from '../process/interruption.ts';
import {exitCodes} from './exit-codes.ts';
import {type OpenInbox, openInbox} from './serve/open-inbox.ts';
import {readSharing} from './serve/open-sharing.ts';
import type {OpenSsh} from './serve/open-ssh.ts';
import {sniffing} from './serve/sniffing.ts';
import {taskOptions} from './serve/task-options.ts';

export async function serveCommand({options, settings, inbox: watched}: ServeCommand): Promise<number> {
	const {host, port} = options;
	const say = (sentence: string): boolean => process.stderr.write(`fileproc-tui: ${safe(sentence)}\n`);
	let server: RunningServer | null = null;
	let log: OpenLog | null = null;
	let inbox: OpenInbox | null = null;
	let ssh: OpenSsh | null = null;
	let cluster: OpenCluster | null = null;
	const interruption = listenForInterruption(() => {
		log?.reopen();
		server?.reload().catch((error: unknown) => say(`${messageOf(error)} What was in use before stays in use.`));
		return true;
	});
	try {
		log = await startLog(settings, {signal: interruption.signal, run: randomUUID(), isService: true});
		const write = log?.log ?? (() => {});
		if (watched !== null) {
			const {threads, maxUnpackedBytes, maxUnpackRatio} = options;
			const reading = {...(threads !== undefined && {threads}), maxUnpackedBytes, maxUnpackRatio};
			inbox = await openInbox(resolve(watched.directory), watched.flags, reading, say);
		}
		cluster = await startCluster(settings, say);
		server = await startServer({
			...{...options, dataFolder: resolve(options.dataFolder), version, log: write, inbox: inbox?.served ?? null},
			...{
				taskOptions,
				sniffing,
				workers: cluster?.backend,
				workersElsewhere: cluster?.workers,
				sharing: await readSharing(options.sharing),
			},
			onFault(error, about = {}) {
				write('error', 'fault', {...about, error});
				say(messageOf(error));
			},
		});
		if (options.ssh !== null) {
			const watchedFolder = watched === null ? null : resolve(watched.directory);
			ssh = await startSsh(options, server, watchedFolder, {say, write});
		}
		write('info', 'server-started', {url: server.url, version});
		if (!options.isSshAlone)
			say(
				`serving on ${server.url} (a page for browsers, too); what is sent in is kept in ${resolve(options.sharing?.sharedFiles ?? options.dataFolder)}`,
			);
		if (ssh !== null) say(`SSH is at ${hostOf(ssh.host)}:${ssh.port}, its key is ${ssh.fingerprint}`);
		if (ssh?.isOfUse === false)
			say(
				`nobody may come in by SSH yet: put public keys into ${ssh.keysFile}, a line each, as role=user,user="ann" ssh-ed25519 AAAA… ann@laptop`,
			);
		if (server.metricsUrl !== null) say(`metrics are at ${server.metricsUrl}`);
		for (const warning of server.warnings) say(`warning: ${warning}`);
		if (server.invitation !== null)
			process.stderr.write(
				`There is no admin yet. Make one in a browser, by a link that is good until there is one:\n  ${server.url}/app/register#setup=${server.invitation}\nOr with a name and a password of your own:\n  curl -H 'Content-Type: application/json' -d '{"name": "…", "password": "…", "invitation": "${server.invitation}"}' ${server.url}/api/v1/auth/register\n`,
			);
		const isToEnd = new Promise<void>(resolveEnd => {
			if (interruption.signal.aborted) resolveEnd();
			interruption.signal.addEventListener('abort', () => resolveEnd(), {once: true});
		});
		// A watch that cannot go on ends the server: somebody must know.
		await (inbox === null ? isToEnd : Promise.race([isToEnd, inbox.running]));
		await ssh?.close();
		await server.close();
		write('info', 'server-ended');
		return interruption.exitCode() ?? exitCodes.ok;
	} catch (error) {
		if (isOfSurroundings(error)) throw new EnvironmentError(error.message);
		if (codeOf(error) === 'EADDRINUSE')
			throw new EnvironmentError(
				`${safe(host)}:${port} is in use by another process: end it, or choose another port by --listen.`,
			);
		if (codeOf(error) === 'EACCES' || codeOf(error) === 'EADDRNOTAVAIL')
			throw new EnvironmentError(`${safe(host)}:${port} cannot be listened on: ${messageOf(error)}`);
		throw error;
	} finally {
		await inbox?.close();
		await cluster?.close();
		await log?.finish();
		interruption.dispose();
	}
}

async function startCluster(
	settings: ServeCommand['settings'],
	say: (sentence: string) => void,
): Promise<OpenCluster | null> {
	if (settings.queue === null) return null;
	const {openRunCluster} = await import('./cluster/open-run-cluster.ts');
	return openRunCluster(settings, say);
}

async function startSsh(
	{ssh, dataFolder, sessionIdleMs, sessionTtlMs}: ServeCommand['options'],
	server: RunningServer,
	watchedFolder: string | null,
	{say, write}: {readonly say: (sentence: string) => unknown; readonly write: WriteLog},
): Promise<OpenSsh | null> {
	if (ssh === null) return null;
	const {openSsh} = await import('./serve/open-ssh.ts');
	return openSsh(ssh, {
		...{server, dataFolder: resolve(dataFolder), watchedFolder, sessionIdleMs, sessionTtlMs, say},
		onFault(error) {
			write('error', 'ssh-fault', {error});
			say(`A session by SSH has failed: ${messageOf(error)}`);
		},
	});
}

const hostOf = (host: string): string => (host === '::' ? '*' : host.includes(':') ? `[${host}]` : host);

const isOfSurroundings = (error: unknown): error is Error =>
	[LedgerError, ServeError, SshError, WatchError, PipelineError].some(kind => error instanceof kind);

async function startLog(settings: ServeCommand['settings'], options: LogOptions): Promise<OpenLog | null> {
	if (settings.logFile === null && settings.logLevel === 'info') return null;
	const {openLog} = await import('../outputs/open-log.ts');
	return openLog(settings, false, options);
}
