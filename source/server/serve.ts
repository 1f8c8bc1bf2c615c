// A server: its ledger, its engine, its HTTP side; from listening to its orderly end.
import {createHmac} from 'node:crypto';
import {existsSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import type {FastifyInstance} from 'fastify';
import {onDemandAnalyses} from '../analysis/on-demand.ts';
import {registerAnalyses} from '../analysis/registry.ts';
import type {BatchSettings} from '../engine/batch.ts';
import {addFolderKey, type Keys} from '../engine/shared/encryption.ts';
import {takeLock} from '../ledger/file-lock.ts';
import {ServerLedger} from '../ledger/server-ledger.ts';
import {makeFolders} from '../report/make-folders.ts';
import {isLoopback} from '../text/is-loopback.ts';
import {safe} from '../text/safe.ts';
import {messageOf} from '../text/system-error.ts';
import type {Accounts, LoginRequest} from './accounts.ts';
import {Answers} from './answers.ts';
import {createApp} from './app.ts';
import {assertBreachedList} from './breached-passwords.ts';
import {Bulks} from './bulks.ts';
import {ClosingList} from './closing-list.ts';
import type {ServerContext} from './context.ts';
import {Datasets} from './datasets.ts';
import {Downloads} from './downloads.ts';
import {readKeyFile} from './encryption/key-file.ts';
import {assertKeyFits} from './encryption/stored-names.ts';
import {EventHub} from './event-hub.ts';
import {Figures} from './figures.ts';
import {FileList} from './file-list.ts';
import {findGuest, visitBy} from './guests.ts';
import {healthOf} from './health.ts';
import {type Housekeeping, startHousekeeping, tidyUp} from './housekeeping.ts';
import {createSecret} from './ids.ts';
import {Mappings} from './mappings.ts';
import {listenForMetrics, MonitoringToken} from './metrics/metrics-door.ts';
import {ServerMetrics} from './metrics/server-metrics.ts';
import {Occasions} from './notices/occasions.ts';
import {openNotices} from './notices/start-notices.ts';
import {openAccounts} from './open-accounts.ts';
import type {ServerOptions} from './options.ts';
import {Previews} from './previews.ts';
import {Results} from './results.ts';
import {assertHarmless} from './scanning/assert-harmless.ts';
import {blocked, letThrough, Scans, type ScansOptions} from './scanning/scans.ts';
import {ServeError} from './serve-error.ts';
import {InboxDrops} from './served-inbox.ts';
import {logTask} from './server-log.ts';
import {openSharedFiles} from './shared-files.ts';
import {FullTables} from './tables/full-tables.ts';
import {TaskHistory} from './task-history.ts';
import {Tasks} from './tasks.ts';
import {ServerTls} from './tls.ts';
import {Uploads} from './uploads.ts';
import type {Guest, Visit, Visits} from './visits.ts';

export interface RunningServer {
	/** As `http://127.0.0.1:8000`. */
	readonly url: string;
	/** By which it is reached from this machine, without TLS. */
	readonly internalUrl: string;
	/** Of the listener of its own for metrics; `null`: there is none. */
	readonly metricsUrl: string | null;
	/** What makes the first admin; `null`: there is one, or none is needed. */
	readonly invitation: string | null;
	/** Sentences on what is not as it should be. */
	readonly warnings: readonly string[];
	/**
	Reads the certificate, its key and the token of monitoring again.

	@throws {ServeError} Of those that cannot be used: what was in use before stays so.
	*/
	readonly reload: () => Promise<void>;
	/** Removes what has expired, which happens by itself, too; of the events so many of the newest stay. */
	readonly tidyUp: (maxEvents?: number) => Promise<void>;
	/** For those who come in by SSH. */
	readonly visits: Visits;
	/** Who somebody of this name is; without accounts everybody is the one user. `null`: nobody. */
	readonly guestNamed: (name: string) => Guest | null;
	/** By the password of an account. @throws {Problem} As for other logins; also where something else must be done first. */
	readonly visitBy: (request: LoginRequest, address: string) => Promise<Visit>;
	/** Streams are ended, requests that are under way may end, and running tasks begin again with the next process. */
	readonly close: () => Promise<void>;
}

const GRACE_MS = 5000;

/** @throws {ServeError} @throws {Error} Of the system, when it cannot listen. @throws {LedgerError} When the ledger cannot be written. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
	registerAnalyses(onDemandAnalyses);
	const closing = new ClosingList();
	const folder = {isOurs: false};
	try {
		return await start(options, closing, folder);
	} catch (error) {
		await closing.close();
		if (folder.isOurs) await rm(options.dataFolder, {recursive: true, force: true});
		throw error;
	}
}

/** @param folder - `isOurs`: it was made by this start, and nobody has been told of anything in it. */
async function start(options: ServerOptions, closing: ClosingList, folder: {isOurs: boolean}): Promise<RunningServer> {
	const {dataFolder, host, port, threads} = options;
	const filesFolder = options.sharing?.filesFolder ?? dataFolder;
	const tls = options.tls === null ? null : await ServerTls.read(options.tls);
	const monitoringToken =
		options.metricsTokenFile === null ? null : await MonitoringToken.read(options.metricsTokenFile);
	const encryptionKeys = options.encryptionKeyFile === null ? null : await readKeyFile(options.encryptionKeyFile);
	if (options.breachedPasswordsFile !== null) assertBreachedList(options.breachedPasswordsFile);
	await takeFolder(dataFolder, closing, folder);
	const metrics = new ServerMetrics();
	const ledger = await openLedger(options, encryptionKeys, metrics, closing);
	const hub = await EventHub.open(ledger);
	const who = await openAccounts(options, ledger, hub, closing);
	const {accounts, tokens, refusals, oidc} = who;
	assertMayServe(options, accounts);
	const {maxUnpackedBytes, maxUnpackRatio, maxMembers} = options;
	const settings = {...(threads !== undefined && {threads}), maxUnpackedBytes, maxUnpackRatio};
	const occasions = new Occasions({ledger, inbox: options.inbox, onFault: options.onFault});
	const {downloads, datasets, answers, uploads, resumeUploads, finishDrops} = await openFiles(ledger, options, {
		...{closing, metrics, settings, occasions, encryptionKeys},
		onToScan: () => scans?.wake(),
		assertHarmless: path => assertHarmless(scans, path),
	});
	const fullTables = new FullTables(filesFolder);
	closing.add(() => fullTables.close());
	const results = new Results({
		...{ledger, datasets, downloads, folder: filesFolder, settings, fullTables},
		...{timeToLiveMs: options.resultTtlMs, maxRejects: options.maxRejects, taskOptions: options.taskOptions},
	});
	await results.tidy();
	const notices = openNotices(ledger, options, {
		onFault: options.onFault,
		onAttempt: outcome => metrics.countDelivery(outcome),
	});
	closing.add(() => notices.close());
	const {previews, mappings} = openReading(options, {ledger, datasets, settings});
	closing.add(() => previews.close());
	const tasks = new Tasks({
		chooseMapping: task => mappings.choose(task),
		...{ledger, datasets, hub, limits: options, settings, maxMembers, fullTables, taskOptions: options.taskOptions},
		workers: options.workers,
		onFault: options.onFault,
		keepBeside: (...kept) => results.keepBeside(...kept),
		onChange(change) {
			logTask(options.log, change, tasks.activeAfter(change));
			metrics.countTask(change);
		},
	});
	closing.add(() => tasks.close());
	const scans = openScans(options, {
		...{ledger, pathOf: id => datasets.pathOf(id), remove: id => datasets.removeBytes(id)},
		failTasks: (id, reason) => tasks.failWaiting(id, blocked(reason)),
		onReady: () => tasks.wake(),
		onScanned: outcome => metrics.countScan(outcome),
	});
	if (scans !== null) closing.add(() => scans.close());
	await resumeUploads();
	const fileList = new FileList(ledger);
	const bulks = new Bulks({ledger, datasets, tasks, fileList, onFault: options.onFault});
	closing.add(() => bulks.close());
	const secret = options.isOpen || options.isSshAlone || accounts.hasAdmin ? null : setupSecret(ledger);
	const invitation = (): string | null => (accounts.hasAdmin ? null : secret);
	const context: ServerContext = {
		...who,
		...{options, invitation, startedAt: Date.now(), mappings, ledger, uploads, answers},
		...{datasets, scans, downloads, tasks, previews, results, fullTables, hub},
		figures: new Figures(ledger),
		fileList,
		bulks,
		taskHistory: new TaskHistory(ledger),
		metrics,
		monitoringToken,
		endpoints: notices.endpoints,
		health: healthOf({ledger, dataFolder: filesFolder, inbox: options.inbox, tasks}),
	};
	const app = await createApp(context, tls);
	closing.add(() => closeApp(app));
	await app.listen({host, port});
	folder.isOurs = false;
	const monitor = await openMonitor(context, closing);
	await tasks.resume();
	const keeperWork = [...(scans === null ? [] : [scans]), bulks, notices.outbox];
	for (const work of keeperWork) work.wake();
	finishDrops();
	const kept = {
		...{ledger, refusals, datasets, results, uploads, hub, tokens, occasions, oidc, tasks},
		keeperWork,
		onExpired: metrics.countExpired.bind(metrics),
		onFault: options.onFault,
	};
	const housekeeping = startHousekeeping(kept);
	closing.add(() => closeHousekeeping(housekeeping, scans));
	// Before anything else: who follows events would hold up the end, and who waits for a log that is away.
	closing.add(() => hub.endAll());
	closing.add(() => ledger.stop());
	return {
		url: urlOf(app.server, tls === null ? 'http' : 'https'),
		internalUrl: await openInternalDoor(app, tls !== null, closing),
		metricsUrl: monitor,
		invitation: secret,
		warnings: [...warningsOf(options, datasets), ...(tls?.warnings ?? [])],
		reload: () => reloadAll([tls?.reload(app.server), monitoringToken?.reload()]),
		visits: tokens.visits,
		guestNamed: name => findGuest(name, options, accounts),
		visitBy: (request, address) => visitBy(request, address, who),
		tidyUp: maxEvents => tidyUp(kept, maxEvents),
		close: () => closing.close(),
	};
}

/** It may be waiting for a scanner. */
function closeHousekeeping(housekeeping: Housekeeping, scans: Scans | null): Promise<void> {
	scans?.stop();
	return housekeeping.close();
}

function openScans(
	{scan, onFault}: ServerOptions,
	parts: Omit<ScansOptions, 'scanner' | 'onOutage' | 'onFault'>,
): Scans | null {
	return scan === null ? null : new Scans({...scan, ...parts, onFault});
}

/** With the folder of the files. @throws {LedgerError} @throws {ServeError} */
async function openLedger(
	{dataFolder, sharing, version, onFault}: ServerOptions,
	encryptionKeys: Keys | null,
	metrics: ServerMetrics,
	closing: ClosingList,
): Promise<ServerLedger> {
	const folder = sharing?.filesFolder ?? dataFolder;
	assertKeyFits([join(folder, 'files'), join(folder, 'incoming')], encryptionKeys);
	if (encryptionKeys !== null) closing.add(addFolderKey({folder, keys: encryptionKeys}));
	const ledger = await ServerLedger.open(
		join(dataFolder, 'ledger.db'),
		sharing === null ? null : {...sharing, version, onSaid: sentence => onFault(new Error(sentence))},
	);
	closing.add(() => ledger.close());
	if (sharing !== null) await openSharedFiles(folder, ledger);
	ledger.onCommitted((_, elapsedMs) => {
		if (elapsedMs !== null) metrics.countCommit(elapsedMs);
	});
	return ledger;
}

/** What makes the first admin, at whichever instance. It is printed, so nothing else that is made of the secret of the log can be made of it. */
const setupSecret = ({shared}: ServerLedger): string =>
	shared === null
		? createSecret('fpi_')
		: `fpi_${createHmac('sha256', shared.secret).update('the first admin').digest('base64url')}`;

/** The files that were sent in, and those that are on their way. */
async function openFiles(
	ledger: ServerLedger,
	{
		dataFolder,
		sharing,
		datasetTtlMs,
		maxUploadBytes,
		quotaBytes,
		quotaFiles,
		maxMembers,
		inbox,
		scan,
		onFault,
	}: ServerOptions,
	{
		closing,
		metrics,
		settings,
		occasions,
		encryptionKeys,
		onToScan,
		assertHarmless: assertEach,
	}: {
		closing: ClosingList;
		metrics: ServerMetrics;
		settings: BatchSettings;
		occasions: Occasions;
		encryptionKeys: Keys | null;
		onToScan: () => void;
		assertHarmless: (path: string) => Promise<void>;
	},
) {
	const downloads = new Downloads();
	const datasets = new Datasets(ledger, sharing?.filesFolder ?? dataFolder, downloads, {
		...{maxBytes: maxUploadBytes, timeToLiveMs: datasetTtlMs, quotaBytes, quotaFiles},
		onUploadEnded: (outcome, bytes) => metrics.countUpload(outcome, bytes),
		onQuotaExceeded: (user, room) => occasions.quotaExceeded(user, room),
		...{limits: settings, maxMembers, encryptionKeys},
		...(scan !== null && {onToScan}),
	});
	const answers = new Answers(ledger);
	const drops = inbox === null ? null : new InboxDrops(inbox, maxUploadBytes);
	const door = drops === null ? null : {drops, assertHarmless: assertEach};
	const uploads = new Uploads(ledger, datasets, answers, maxUploadBytes, door);
	await datasets.tidy();
	if (scan === null) await letThrough(ledger);
	/** Before anything comes in: it would be taken for what was left. */
	const resumeUploads = async (): Promise<void> => {
		await drops?.tidy(uploads.unfinished());
		await uploads.finishAll('not-for-inbox', onFault);
	};
	let finishing = Promise.resolve();
	// After what scans files, for which it may wait.
	closing.add(() => finishing);
	const finishDrops = (): void => {
		finishing = uploads.finishAll('all', onFault).catch(onFault);
	};
	return {downloads, datasets, answers, uploads, resumeUploads, finishDrops};
}

/** What finds out how files are read. */
function openReading(
	{sniffing, taskOptions}: ServerOptions,
	{ledger, datasets, settings}: {ledger: ServerLedger; datasets: Datasets; settings: BatchSettings},
): {readonly previews: Previews; readonly mappings: Mappings} {
	const previews = new Previews({settings, sniffing, taskOptions, pathOf: id => datasets.pathOf(id)});
	const mappings = new Mappings({
		...{ledger, taskOptions},
		headingsOf: ({dataset: id, file: name, bytes, options}) => previews.headingsOf({id, name, bytes}, options),
	});
	return {previews, mappings};
}

/** @throws {ServeError} Where it cannot be used, or another process serves it. */
async function takeFolder(path: string, closing: ClosingList, folder: {isOurs: boolean}): Promise<void> {
	const isNew = !existsSync(path);
	await makeFolders(path, 0o700).catch((error: unknown) => {
		throw new ServeError(`${safe(path)} cannot be used as --data: ${messageOf(error)}.`);
	});
	const lock = takeLock(join(path, 'lock'));
	if (lock === null)
		throw new ServeError(
			`${path} is served by another process already: end that one first, or name another folder by --data.`,
		);
	closing.add(() => lock.release());
	folder.isOurs = isNew;
}

/** What can be read again is in use afterwards, whatever is wrong with the rest. */
async function reloadAll(reloads: readonly (Promise<void> | undefined)[]): Promise<void> {
	const faults = (await Promise.allSettled(reloads)).flatMap(each => (each.status === 'rejected' ? [each.reason] : []));
	const other = faults.find(fault => !(fault instanceof ServeError));
	if (other !== undefined) throw other;
	if (faults.length > 0) throw new ServeError(faults.map(messageOf).join(' '));
}

/** @throws {ServeError} */
function assertMayServe({host, dataFolder, isOpen}: ServerOptions, accounts: Accounts): void {
	if (!isLoopback(host) && !accounts.hasAny)
		throw new ServeError(
			`${host} can be reached from other machines, and there is no account yet: make one first, with --listen 127.0.0.1:8000.`,
		);
	if (isOpen && accounts.hasAny)
		throw new ServeError(
			`${dataFolder} has accounts, so it is not served without them: leave --open away, or name another folder by --data.`,
		);
}

const warningsOf = (options: ServerOptions, {encryption}: Datasets): readonly string[] => [
	...warningsOfAddress(options),
	...(encryption.plainCount === 0
		? []
		: [
				`${encryption.plainCount} of the files were sent in before there was a key, and are not encrypted: they can be read as before, until they are removed.`,
			]),
];

const warningsOfAddress = ({host, tls, trustProxy}: ServerOptions): readonly string[] =>
	isLoopback(host) || tls !== null || trustProxy.length > 0
		? []
		: [
				`${host} can be reached from other machines, and anybody on the way can read what is sent, passwords too: use --tls-cert and --tls-key, or a proxy and --trust-proxy. Browsers on other machines are not given a session.`,
			];

function urlOf(server: Server, protocol: 'http' | 'https'): string {
	const {address, port, family} = server.address() as AddressInfo;
	return `${protocol}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** @returns Where metrics are; `null`: nowhere but on the server itself. */
async function openMonitor(context: ServerContext, closing: ClosingList): Promise<string | null> {
	const {metricsAddress} = context.options;
	if (metricsAddress === null) return null;
	const monitor = await listenForMetrics(metricsAddress, context);
	closing.add(() => closeServer(monitor));
	return `${urlOf(monitor, 'http')}/metrics`;
}

/** Where HTTP has TLS, its certificate is for another name than this machine has for itself. */
async function openInternalDoor(app: FastifyInstance, hasTls: boolean, closing: ClosingList): Promise<string> {
	const {port, address, family} = app.server.address() as AddressInfo;
	if (!hasTls) {
		const isAny = address === '0.0.0.0' || address === '::';
		return `http://${isAny ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address}:${port}`;
	}
	const server = createServer((request, response) => app.routing(request, response));
	closing.add(() => closeServer(server));
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen({host: '127.0.0.1', port: 0}, resolve);
	});
	return urlOf(server, 'http');
}

async function closeServer(server: Server): Promise<void> {
	const closed = new Promise<void>(resolve => server.close(() => resolve()));
	server.closeAllConnections();
	await closed;
}

/** What is under way may still end; who sends slowly, or nothing, is not waited for. */
async function closeApp(app: FastifyInstance): Promise<void> {
	const grace = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
	await app.close();
	clearTimeout(grace);
}
